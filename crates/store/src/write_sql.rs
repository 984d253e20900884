//! The write statements, derived from the table descriptions, and the small differences of dialect.

use crate::change_set::Operation;
use crate::table::Table;
use crate::value::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{LazyLock, PoisonError, RwLock};

/// The two SQL dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// A write statement with the values for its parameters.
pub struct WriteStatement {
    /// The same text for the same kind of operation on the same table: engines cache it prepared.
    pub sql: &'static str,
    pub values: Vec<Value>,
}

impl WriteStatement {
    /// The statement that carries out `operation`; it must touch exactly one row.
    pub fn of(operation: Operation, dialect: Dialect) -> WriteStatement {
        WriteStatement {
            sql: text_of(&operation, Wording::Plain(dialect)),
            values: values(operation),
        }
    }

    /// The same for PostgreSQL, so worded that it fails with `division_by_zero` where it touches no
    /// row. Such statements may be sent together with the commit: it commits all of them or nothing.
    pub fn proving(operation: Operation) -> WriteStatement {
        WriteStatement { sql: text_of(&operation, Wording::Proving), values: values(operation) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Wording {
    Plain(Dialect),
    Proving,
}

fn values(operation: Operation) -> Vec<Value> {
    match operation {
        Operation::Insert { row, .. } => row,
        Operation::Update { mut row, version, .. } => {
            row.push(Value::Integer(version));
            row
        }
        Operation::Expect { mut key, version, .. } => {
            key.push(Value::Integer(version));
            key
        }
        Operation::Add { mut key, delta, floor, .. } => {
            key.push(Value::Integer(delta));
            key.push(Value::Integer(floor));
            key
        }
    }
}

/// Written once for each table and kind of operation, and kept: there are a few hundred in all.
fn text_of(operation: &Operation, wording: Wording) -> &'static str {
    type Key = (std::mem::Discriminant<Operation>, &'static str, &'static str, Wording);
    static TEXTS: LazyLock<RwLock<HashMap<Key, &'static str>>> = LazyLock::new(RwLock::default);
    let column = match operation {
        Operation::Add { column, .. } => column,
        _ => "",
    };
    let key = (std::mem::discriminant(operation), operation.table().name, column, wording);
    let kept = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
    kept.unwrap_or_else(|| {
        let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
        texts.entry(key).or_insert_with(|| Box::leak(written(operation, wording).into()))
    })
}

fn written(operation: &Operation, wording: Wording) -> String {
    let (dialect, proving) = match wording {
        Wording::Plain(dialect) => (dialect, false),
        Wording::Proving => (Dialect::Postgres, true),
    };
    let sql = match operation {
        Operation::Insert { table, .. } => insert_sql(table, dialect),
        Operation::Update { table, .. } => update_sql(table, dialect),
        Operation::Expect { table, .. } => expect_sql(table, dialect),
        Operation::Add { table, column, .. } => add_sql(table, column, dialect),
    };
    match operation {
        Operation::Insert { .. } => sql,
        _ if !proving => sql,
        Operation::Expect { .. } => format!("SELECT 1 / count(*) FROM ({sql}) AS touched"),
        Operation::Update { .. } | Operation::Add { .. } => {
            format!("WITH touched AS ({sql} RETURNING 1) SELECT 1 / count(*) FROM touched")
        }
    }
}

pub fn insert_sql(table: &Table, dialect: Dialect) -> String {
    let names = join(table.columns.iter().map(|column| column.name));
    let places = join((1..=table.columns.len()).map(|number| parameter(number, dialect)));
    format!("INSERT INTO {} ({names}) VALUES ({places})", table.name)
}

/// Sets every column but the key where key and version match; the last parameter is the old version.
pub fn update_sql(table: &Table, dialect: Dialect) -> String {
    let place =
        |name: &str| parameter(table.position(name).map_or(0, |position| position + 1), dialect);
    let sets = join(
        table
            .columns
            .iter()
            .filter(|column| !table.key.contains(&column.name))
            .map(|column| format!("{} = {}", column.name, place(column.name))),
    );
    let mut wanted = String::new();
    for name in table.key {
        let _ = write!(wanted, "{name} = {} AND ", place(name));
    }
    let version = parameter(table.columns.len() + 1, dialect);
    format!("UPDATE {} SET {sets} WHERE {wanted}version = {version}", table.name)
}

/// Finds the row if it still has the version; on PostgreSQL it is held until the commit, since a
/// plain read would let a change slip in between.
pub fn expect_sql(table: &Table, dialect: Dialect) -> String {
    let mut wanted = String::new();
    for (index, name) in table.key.iter().enumerate() {
        let _ = write!(wanted, "{name} = {} AND ", parameter(index + 1, dialect));
    }
    let version = parameter(table.key.len() + 1, dialect);
    let hold = match dialect {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR SHARE",
    };
    format!("SELECT 1 FROM {} WHERE {wanted}version = {version}{hold}", table.name)
}

/// Adds to a counter, making the row where it is missing; touches no row if the floor would be hit.
pub fn add_sql(table: &Table, column: &str, dialect: Dialect) -> String {
    let names = join(table.key.iter().copied());
    let delta = parameter(table.key.len() + 1, dialect);
    let floor = parameter(table.key.len() + 2, dialect);
    // The cast tells PostgreSQL the type where the parameter stands alone.
    let delta_value = format!("CAST({delta} AS BIGINT)");
    format!(
        "INSERT INTO {name} ({names}, {column}) SELECT {places_cast}, {delta_value} \
         WHERE {delta_value} >= CAST({floor} AS BIGINT) OR EXISTS (SELECT 1 FROM {name} WHERE {same}) \
         ON CONFLICT ({names}) DO UPDATE SET {column} = {name}.{column} + excluded.{column} \
         WHERE {name}.{column} + excluded.{column} >= CAST({floor} AS BIGINT)",
        name = table.name,
        places_cast = join(table.key.iter().enumerate().map(|(index, name)| {
            let cast = match table.columns.iter().find(|column| column.name == *name) {
                Some(found) if found.column_type == crate::ColumnType::Text => "TEXT",
                _ => "BIGINT",
            };
            format!("CAST({} AS {cast})", parameter(index + 1, dialect))
        })),
        same = table
            .key
            .iter()
            .enumerate()
            .map(|(index, name)| format!("{name} = {}", parameter(index + 1, dialect)))
            .collect::<Vec<_>>()
            .join(" AND "),
    )
}

/// A statement of `sql/` in the words of a dialect: `$n` parameters and `integers($n)` lists.
pub fn rewrite(sql: &'static str, dialect: Dialect) -> Cow<'static, str> {
    match dialect {
        Dialect::Postgres if !sql.contains("integers($") => Cow::Borrowed(sql),
        Dialect::Postgres => {
            Cow::Owned(replace_lists(sql, |number| format!("(SELECT unnest(${number}::bigint[]))")))
        }
        Dialect::Sqlite => {
            let lists = replace_lists(sql, |number| {
                format!("(SELECT CAST(value AS INTEGER) FROM json_each(${number}))")
            });
            Cow::Owned(lists.replace('$', "?"))
        }
    }
}

fn replace_lists(sql: &str, write: impl Fn(&str) -> String) -> String {
    let mut rest = sql;
    let mut result = String::with_capacity(sql.len() + 40);
    while let Some((before, after)) = rest.split_once("integers($") {
        result.push_str(before);
        let (number, tail) = after.split_once(')').unwrap_or((after, ""));
        result.push_str(&write(number));
        rest = tail;
    }
    result.push_str(rest);
    result
}

fn parameter(number: usize, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("?{number}"),
        Dialect::Postgres => format!("${number}"),
    }
}

fn join<T: AsRef<str>>(parts: impl Iterator<Item = T>) -> String {
    let mut result = String::new();
    for (index, part) in parts.enumerate() {
        if index > 0 {
            result.push_str(", ");
        }
        result.push_str(part.as_ref());
    }
    result
}
