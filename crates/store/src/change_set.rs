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

/// One of the four verbs (DESIGN, Storage).
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// A new row; a taken key is a conflict.
    Insert { table: &'static Table, row: Vec<Value> },
    /// The whole row anew where its stored version is still `version`.
    Update { table: &'static Table, row: Vec<Value>, version: i64 },
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
        self.operations.push(Operation::Update {
            table: R::table(),
            row: record.to_row(),
            version,
        });
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

    /// Takes over the operations of another change-set.
    pub fn extend(&mut self, other: ChangeSet) -> &mut ChangeSet {
        self.operations.extend(other.operations);
        self
    }
}
