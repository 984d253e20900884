//! Descriptions of the tables: the one place where columns are named.

/// The four column types that both engines share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    Integer,
    Text,
    Bytes,
}

/// A column; `null` says whether it may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub column_type: ColumnType,
    pub null: bool,
}

/// A table: its columns in order, and which of them are its key.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// The primary key; for tables of a tenant it begins with `bucket, organization_id` (I9).
    pub key: &'static [&'static str],
}

impl Table {
    pub fn is_versioned(&self) -> bool {
        self.columns.iter().any(|column| column.name == "version")
    }

    /// The position of a column; `None` if there is none of that name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The values of the key within a whole row.
    pub fn key_of(&self, row: &[crate::Value]) -> Vec<crate::Value> {
        self.key
            .iter()
            .filter_map(|name| self.position(name).and_then(|position| row.get(position).cloned()))
            .collect()
    }
}

/// Every table, for migrations' tests, export and erasure.
pub fn all_tables() -> &'static [&'static Table] {
    crate::tables::ALL
}

/// Writes a table description: `table! { NAME = "name" key(a, b) { column: Integer, other: Text null } }`.
#[macro_export]
macro_rules! table {
    ($(#[$doc:meta])* $constant:ident = $name:literal key($($key:ident),+) { $($column:ident: $type:ident $($null:ident)?),+ $(,)? }) => {
        $(#[$doc])*
        pub static $constant: $crate::Table = $crate::Table {
            name: $name,
            columns: &[$($crate::Column {
                name: stringify!($column),
                column_type: $crate::ColumnType::$type,
                null: $crate::table!(@null $($null)?),
            }),+],
            key: &[$(stringify!($key)),+],
        };
    };
    (@null null) => { true };
    (@null) => { false };
}
