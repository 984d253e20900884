//! The write statements, derived from the table descriptions, and the small differences of dialect.

use crate::change_set::{Columns, Operation};
use crate::table::{ColumnType, Table};
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
        Operation::Update { table, row, version, columns } => {
            let written = |(position, value)| is_written(table, position, columns).then_some(value);
            let mut values: Vec<Value> = row.into_iter().enumerate().filter_map(written).collect();
            values.push(Value::Integer(version));
            values
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

/// Written once for each table, kind of operation and choice of columns, and kept: there are a few
/// hundred in all.
fn text_of(operation: &Operation, wording: Wording) -> &'static str {
    type Key = (std::mem::Discriminant<Operation>, &'static str, &'static str, Columns, Wording);
    static TEXTS: LazyLock<RwLock<HashMap<Key, &'static str>>> = LazyLock::new(RwLock::default);
    let (column, columns) = match operation {
        Operation::Add { column, .. } => (*column, Columns::ALL),
        Operation::Update { columns, .. } => ("", *columns),
        _ => ("", Columns::ALL),
    };
    let key = (std::mem::discriminant(operation), operation.table().name, column, columns, wording);
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
        Operation::Update { table, columns, .. } => update_sql(table, *columns, dialect),
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

/// What is done alike to many rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alike {
    Insert,
    /// These columns are written where the row still has the version that was read.
    Update(Columns),
    /// Nothing is written; the row must still have the version that was read.
    Expect,
}

impl Alike {
    /// The positions of the columns that a row is written or found with, in order.
    pub fn columns(self, table: &Table) -> Vec<usize> {
        let all = 0..table.columns.len();
        match self {
            Alike::Insert => all.collect(),
            Alike::Update(columns) => {
                all.filter(|position| is_written(table, *position, columns)).collect()
            }
            Alike::Expect => table.key.iter().filter_map(|name| table.position(name)).collect(),
        }
    }
}

/// The statement that writes many rows on PostgreSQL, each with its values of [`Alike::columns`]: they are its
/// parameters, an array a column, and after them, but for an insert, the versions that were read. It fails as
/// [`WriteStatement::proving`] does unless it touches every row. Kept, so that engines cache it prepared.
pub fn many_text(table: &'static Table, alike: Alike) -> &'static str {
    static TEXTS: LazyLock<RwLock<HashMap<(&'static str, Alike), &'static str>>> =
        LazyLock::new(RwLock::default);
    let key = (table.name, alike);
    let kept = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
    kept.unwrap_or_else(|| {
        let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
        texts.entry(key).or_insert_with(|| Box::leak(many_sql(table, alike).into()))
    })
}

fn many_sql(table: &Table, alike: Alike) -> String {
    let columns: Vec<&crate::Column> =
        alike.columns(table).into_iter().filter_map(|place| table.columns.get(place)).collect();
    let names = join(columns.iter().map(|column| column.name));
    let arrays = join(columns.iter().enumerate().map(|(place, column)| {
        let array = match column.column_type {
            ColumnType::Integer => "bigint[]",
            ColumnType::Text => "text[]",
            ColumnType::Bytes => "bytea[]",
        };
        format!("${}::{array}", place + 1)
    }));
    let name = table.name;
    if alike == Alike::Insert {
        return format!("INSERT INTO {name} ({names}) SELECT * FROM unnest({arrays})");
    }
    let (key, other): (Vec<&crate::Column>, Vec<&crate::Column>) =
        columns.iter().partition(|column| table.key.contains(&column.name));
    let sets = join(other.iter().map(|column| format!("{0} = written.{0}", column.name)));
    let same = key.iter().fold(String::new(), |mut same, column| {
        let _ = write!(same, "{name}.{0} = written.{0} AND ", column.name);
        same
    });
    let versions = columns.len() + 1;
    if alike == Alike::Expect {
        return format!(
            "SELECT 1 / CASE count(*) WHEN cardinality(${versions}::bigint[]) THEN 1 ELSE 0 END \
             FROM (SELECT 1 FROM {name}, unnest({arrays}, ${versions}::bigint[]) \
             AS written ({names}, version_read) \
             WHERE {same}{name}.version = written.version_read FOR SHARE OF {name}) AS touched"
        );
    }
    format!(
        "WITH touched AS (UPDATE {name} SET {sets} \
         FROM unnest({arrays}, ${versions}::bigint[]) AS written ({names}, version_read) \
         WHERE {same}{name}.version = written.version_read RETURNING 1) \
         SELECT 1 / CASE count(*) WHEN cardinality(${versions}::bigint[]) THEN 1 ELSE 0 END \
         FROM touched"
    )
}

/// Does an update that writes `columns` name this one? It always names the key, by which it finds the
/// row.
fn is_written(table: &Table, position: usize, columns: Columns) -> bool {
    let is_key = |column: &crate::Column| table.key.contains(&column.name);
    columns.contain(position) || table.columns.get(position).is_some_and(is_key)
}

/// Sets `columns`, never those of the key, where key and version match. Its parameters are the values of
/// key and columns in the table's order, and the old version.
pub fn update_sql(table: &Table, columns: Columns, dialect: Dialect) -> String {
    let (mut sets, mut wanted) = (Vec::new(), String::new());
    let mut number = 0;
    for (position, column) in table.columns.iter().enumerate() {
        if !is_written(table, position, columns) {
            continue;
        }
        number += 1;
        let place = parameter(number, dialect);
        if table.key.contains(&column.name) {
            let _ = write!(wanted, "{} = {place} AND ", column.name);
        } else {
            sets.push(format!("{} = {place}", column.name));
        }
    }
    let version = parameter(number + 1, dialect);
    let sets = join(sets.into_iter());
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
                Some(found) if found.column_type == ColumnType::Text => "TEXT",
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

/// A statement of `sql/` in the words of a dialect: `$n` parameters, `integers($n)` and `texts($n)` lists,
/// and `bucket IN heads($n)` for the first rows of many buckets.
pub fn rewrite(sql: &'static str, dialect: Dialect) -> Cow<'static, str> {
    match dialect {
        Dialect::Postgres => match heads_of_buckets(sql) {
            Some(heads) => Cow::Owned(heads),
            None if !sql.contains("integers($") && !sql.contains("texts($") => Cow::Borrowed(sql),
            None => Cow::Owned(arrays(sql)),
        },
        Dialect::Sqlite => {
            let sql = sql.replace(" IN heads($", " IN integers($");
            let integers = replace_lists(&sql, "integers($", |number| {
                format!("(SELECT CAST(value AS INTEGER) AS value FROM json_each(${number}))")
            });
            let lists = replace_lists(&integers, "texts($", |number| {
                format!("(SELECT CAST(value AS TEXT) AS value FROM json_each(${number}))")
            });
            Cow::Owned(lists.replace('$', "?"))
        }
    }
}

/// Lists on PostgreSQL. A condition on one is a part of the index's own condition, looked up value by value; as
/// a select it would be joined, and by a plan of before the table grew the index is then read by what stands
/// before the list: all that an organization has.
fn arrays(sql: &str) -> String {
    let any = |kind| move |number: &str| format!(" = ANY(${number}::{kind}[])");
    let select =
        |kind| move |number: &str| format!("(SELECT unnest(${number}::{kind}[]) AS value)");
    let sql = replace_lists(sql, " IN integers($", any("bigint"));
    let sql = replace_lists(&sql, " IN texts($", any("text"));
    let sql = replace_lists(&sql, "integers($", select("bigint"));
    replace_lists(&sql, "texts($", select("text"))
}

/// The first rows of all buckets together, where an index has each bucket's rows in their order: SQLite
/// walks a bucket only as far as a row may still be among the first, while PostgreSQL would read all that
/// fits and sort it, a million messages at worst. So it is asked for the first rows of each bucket, and
/// for the first of those. `None` where the statement does not say `heads($n)`.
fn heads_of_buckets(sql: &str) -> Option<String> {
    let (columns, rest) = sql.split_once("\nFROM ")?;
    let (table, rest) = rest.split_once("\nWHERE bucket IN heads($")?;
    let (buckets, rest) = rest.split_once(") AND ")?;
    let (condition, tail) = rest.split_once("\nORDER BY ")?;
    Some(format!(
        "SELECT heads.* FROM unnest(${buckets}::bigint[]) AS buckets (number) CROSS JOIN LATERAL (\n\
         {columns}\nFROM {table}\nWHERE bucket = buckets.number AND {condition}\nORDER BY {tail}\n\
         ) AS heads\nORDER BY {tail}"
    ))
}

fn replace_lists(sql: &str, list: &str, write: impl Fn(&str) -> String) -> String {
    let mut rest = sql;
    let mut result = String::with_capacity(sql.len() + 40);
    while let Some((before, after)) = rest.split_once(list) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "SELECT due_at\nFROM messages\nWHERE bucket IN heads($1) AND due_at > $2\n\
                         ORDER BY due_at\nLIMIT $3";

    #[test]
    fn the_first_rows_of_many_buckets_are_the_first_of_each_ones_first() {
        assert_eq!(
            rewrite(FIRST, Dialect::Postgres),
            "SELECT heads.* FROM unnest($1::bigint[]) AS buckets (number) CROSS JOIN LATERAL (\n\
             SELECT due_at\nFROM messages\nWHERE bucket = buckets.number AND due_at > $2\n\
             ORDER BY due_at\nLIMIT $3\n) AS heads\nORDER BY due_at\nLIMIT $3"
        );
        assert_eq!(
            rewrite(FIRST, Dialect::Sqlite),
            "SELECT due_at\nFROM messages\n\
             WHERE bucket IN (SELECT CAST(value AS INTEGER) AS value FROM json_each(?1)) AND due_at > ?2\n\
             ORDER BY due_at\nLIMIT ?3"
        );
    }

    #[test]
    fn a_condition_on_a_list_is_one_that_an_index_answers() {
        let sql = "SELECT id\nFROM integers($1) AS wanted\nWHERE bucket = $2 AND id IN integers($3)\n\
                   AND phone IN texts($4)";
        assert_eq!(
            rewrite(sql, Dialect::Postgres),
            "SELECT id\nFROM (SELECT unnest($1::bigint[]) AS value) AS wanted\n\
             WHERE bucket = $2 AND id = ANY($3::bigint[])\nAND phone = ANY($4::text[])"
        );
    }

    #[test]
    fn no_statement_keeps_a_word_that_only_this_file_knows() {
        for statement in crate::statements() {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                let text = rewrite(statement.sql, dialect);
                let known =
                    ["heads($", "integers($", "texts($"].iter().any(|word| text.contains(word));
                assert!(!known, "{}: {text}", statement.name);
            }
        }
    }
}
