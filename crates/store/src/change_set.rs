//! A change-set: everything one use case changes, as data.

use crate::record::Record;
use crate::table::Table;
use crate::value::Value;

/// Which queue a change-set waits in; interactive overtakes dispatch, dispatch overtakes bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Urgency {
    /// Somebody waits for the answer.
    #[default]
    Interactive,
    /// Messages on their way.
    Dispatch,
    /// Imports and sweeps.
    Bulk,
}

/// Columns of a table, by their positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Columns(u64);

impl Columns {
    pub const ALL: Columns = Columns(u64::MAX);
    pub const NONE: Columns = Columns(0);

    /// Those in which two rows differ.
    pub fn that_differ(one: &[Value], other: &[Value]) -> Columns {
        let pairs = one.iter().zip(other).enumerate();
        pairs.fold(
            Columns::NONE,
            |found, (position, (one, other))| {
                if one == other { found } else { found.with(position) }
            },
        )
    }

    #[must_use]
    pub fn with(self, position: usize) -> Columns {
        Columns(self.0 | bit(position))
    }

    pub fn contain(self, position: usize) -> bool {
        self.0 & bit(position) != 0
    }
}

/// No table has 64 columns; those beyond the last bit would share it.
fn bit(position: usize) -> u64 {
    1 << position.min(63)
}

/// One of the four verbs (DESIGN, Storage).
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// A new row; a taken key is a conflict.
    Insert { table: &'static Table, row: Vec<Value> },
    /// The row anew where its stored version is still `version`; only `columns` of it are written.
    Update { table: &'static Table, row: Vec<Value>, version: i64, columns: Columns },
    /// A row that was only read must still have `version`.
    Expect { table: &'static Table, key: Vec<Value>, version: i64 },
    /// Adds `delta` to `column`, making the row if it is missing; the sum must not fall below `floor`.
    Add { table: &'static Table, key: Vec<Value>, column: &'static str, delta: i64, floor: i64 },
}

impl Operation {
    pub fn table(&self) -> &'static Table {
        match self {
            Operation::Insert { table, .. }
            | Operation::Update { table, .. }
            | Operation::Expect { table, .. }
            | Operation::Add { table, .. } => table,
        }
    }
}

/// Collects operations; lands whole or not at all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChangeSet {
    pub operations: Vec<Operation>,
    pub urgency: Urgency,
}

impl ChangeSet {
    pub fn new() -> ChangeSet {
        ChangeSet::default()
    }

    pub fn with_urgency(urgency: Urgency) -> ChangeSet {
        ChangeSet { operations: Vec::new(), urgency }
    }

    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    pub fn insert<R: Record>(&mut self, record: &R) -> &mut ChangeSet {
        self.operations.push(Operation::Insert { table: R::table(), row: record.to_row() });
        self
    }

    /// `record` carries its new version; `version` is the one that was read.
    pub fn update<R: Record>(&mut self, record: &R, version: i64) -> &mut ChangeSet {
        let (table, row) = (R::table(), record.to_row());
        self.operations.push(Operation::Update { table, row, version, columns: Columns::ALL });
        self
    }

    /// `after` carries its new version; `before` is the row as it was read. Writes only what differs,
    /// so that no index is touched whose columns stay: for rows that change all the time.
    pub fn change<R: Record>(&mut self, after: &R, before: &R) -> &mut ChangeSet {
        let (table, row, old) = (R::table(), after.to_row(), before.to_row());
        let place = table.position("version");
        let version = match place.and_then(|place| old.get(place)) {
            Some(Value::Integer(version)) => *version,
            // A table without versions is never updated; no row has this one.
            _ => i64::MIN,
        };
        // An update without a new version would be no update.
        let differ = Columns::that_differ(&row, &old);
        let columns = place.map_or(differ, |place| differ.with(place));
        self.operations.push(Operation::Update { table, row, version, columns });
        self
    }

    /// `record` was only read and must not have changed meanwhile.
    pub fn expect<R: Record>(&mut self, record: &R, version: i64) -> &mut ChangeSet {
        let key = R::table().key_of(&record.to_row());
        self.operations.push(Operation::Expect { table: R::table(), key, version });
        self
    }

    pub fn add(
        &mut self,
        table: &'static Table,
        key: Vec<Value>,
        column: &'static str,
        delta: i64,
        floor: i64,
    ) -> &mut ChangeSet {
        self.operations.push(Operation::Add { table, key, column, delta, floor });
        self
    }

    /// Brings together what is done alike to one table, each kind in its order, so that an engine can do
    /// it in one go. Only where no row waits for another one (for a unique key that it sets free).
    pub fn group_by_table(&mut self) -> &mut ChangeSet {
        self.operations.sort_by_key(|operation| {
            let (kind, columns) = match operation {
                Operation::Insert { .. } => (0, Columns::ALL),
                Operation::Update { columns, .. } => (1, *columns),
                Operation::Expect { .. } => (2, Columns::ALL),
                Operation::Add { .. } => (3, Columns::ALL),
            };
            (operation.table().name, kind, columns)
        });
        self
    }

    /// The same of planned messages: what is written anew comes first, since it may set a key free that an
    /// insert takes. Only where no row is both inserted and updated.
    pub fn group_updates_first(&mut self) -> &mut ChangeSet {
        self.operations.sort_by_key(|operation| match operation {
            Operation::Update { columns, .. } => (0, *columns),
            Operation::Insert { .. } => (1, Columns::ALL),
            Operation::Expect { .. } | Operation::Add { .. } => (2, Columns::ALL),
        });
        self
    }

    /// Takes over the operations of another change-set.
    pub fn extend(&mut self, other: ChangeSet) -> &mut ChangeSet {
        self.operations.extend(other.operations);
        self
    }
}
