//! Several reads asked for together: one visit to the database instead of one each. On SQLite they see
//! one moment; on PostgreSQL they are answered in their order, each as of its own moment, so a later
//! one never sees less than an earlier one.

use crate::engine::{Engine, ReadError};
use crate::record::Record;
use crate::statement::Statement;
use crate::value::{Row, Value};
use std::collections::HashMap;
use std::hash::Hash;

/// Rows by what they belong to. One that cannot be read is the trouble of that alone.
pub type Grouped<K, R> = HashMap<K, Result<Vec<R>, ReadError>>;

/// Collects reads; [`Batch::read`] asks for all of them.
pub struct Batch<'a> {
    engine: &'a dyn Engine,
    reads: Vec<(&'static Statement, Vec<Value>)>,
}

type FromRows<T> = Box<dyn FnOnce(Vec<Row>) -> Result<T, ReadError> + Send>;

/// Stands for the answer of one read of a batch, until that is there.
#[must_use = "what was asked for is taken from the answers"]
pub struct Asked<T> {
    place: usize,
    from_rows: FromRows<T>,
}

/// The answers of a batch.
pub struct Answers(Vec<Vec<Row>>);

impl<'a> Batch<'a> {
    pub(crate) fn new(engine: &'a dyn Engine) -> Batch<'a> {
        Batch { engine, reads: Vec::new() }
    }

    /// Adds a read; its rows become `T` when they are taken.
    pub(crate) fn ask<T>(
        &mut self,
        statement: &'static Statement,
        parameters: Vec<Value>,
        from_rows: impl FnOnce(Vec<Row>) -> Result<T, ReadError> + Send + 'static,
    ) -> Asked<T> {
        self.reads.push((statement, parameters));
        Asked { place: self.reads.len() - 1, from_rows: Box::new(from_rows) }
    }

    pub(crate) fn all<R: Record>(
        &mut self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Asked<Vec<R>> {
        self.ask(statement, parameters, |rows| rows.into_iter().map(R::read).collect())
    }

    pub(crate) fn one<R: Record>(
        &mut self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Asked<Option<R>> {
        self.ask(statement, parameters, |rows| rows.into_iter().next().map(R::read).transpose())
    }

    /// Rows by the id in `column`, in their order; what has no row is absent.
    pub(crate) fn grouped<K: Eq + Hash + 'static, R: Record>(
        &mut self,
        statement: &'static Statement,
        parameters: Vec<Value>,
        column: &'static str,
        key: fn(i64) -> K,
    ) -> Asked<Grouped<K, R>> {
        self.ask(statement, parameters, move |rows| {
            let mut groups: Grouped<K, R> = HashMap::new();
            let place = R::table().position(column);
            for row in rows {
                let Some(Value::Integer(id)) = place.and_then(|place| row.0.get(place)) else {
                    return Err(ReadError::Corrupt(format!("{}: no {column}", statement.name)));
                };
                let group = groups.entry(key(*id)).or_insert_with(|| Ok(Vec::new()));
                match (group.as_mut(), R::read(row)) {
                    (Ok(read), Ok(one)) => read.push(one),
                    (Ok(_), Err(error)) => *group = Err(error),
                    (Err(_), _) => {}
                }
            }
            Ok(groups)
        })
    }

    /// Asks for everything that was added.
    ///
    /// # Errors
    /// If the database does not answer; single answers are read when they are taken.
    pub async fn read(self) -> Result<Answers, ReadError> {
        match self.reads.is_empty() {
            true => Ok(Answers(Vec::new())),
            false => Ok(Answers(self.engine.read_all(self.reads).await?)),
        }
    }
}

impl<T: Send + 'static> Asked<T> {
    /// An answer that is known without asking.
    pub fn known(answer: T) -> Asked<T> {
        Asked { place: usize::MAX, from_rows: Box::new(move |_| Ok(answer)) }
    }
}

impl Answers {
    /// The answer to a read of this batch.
    ///
    /// # Errors
    /// If its rows do not hold what this version wrote.
    pub fn take<T>(&mut self, asked: Asked<T>) -> Result<T, ReadError> {
        let rows = self.0.get_mut(asked.place).map(std::mem::take).unwrap_or_default();
        (asked.from_rows)(rows)
    }
}
