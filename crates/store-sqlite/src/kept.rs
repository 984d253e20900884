//! Answers that still hold. Loops of a simulation ask the same again and again while nothing changes:
//! what a statement said stands until something is written to a table that it names.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;
use vestnik_store::{Row, Statement, Table, Value, all_tables, statements};

/// So many answers are kept; then keeping begins anew.
const KEPT_MOST: usize = 2_048;
/// A longer answer costs about as much to keep as to ask for again.
const ROWS_MOST: usize = 4;

/// By the statement's name: the tables that it names. A word too many only means asking once more.
static NAMED: LazyLock<HashMap<&'static str, Tables>> = LazyLock::new(|| {
    let named = |sql: &str| Tables::that(|table| sql.contains(table.name));
    statements().iter().map(|statement| (statement.name, named(statement.sql))).collect()
});

/// By its name: the place of a table.
static PLACES: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
    all_tables().iter().enumerate().map(|(place, table)| (table.name, place)).collect()
});

/// Some of all tables, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tables(u64);

impl Tables {
    fn that(holds: impl Fn(&Table) -> bool) -> Tables {
        let places = all_tables().iter().enumerate().filter(|(_, table)| holds(table));
        Tables(places.fold(0, |some, (place, _)| some | 1 << place.min(63)))
    }

    fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (place < 64).then_some(place as usize)
        })
    }
}

struct Answer {
    /// How many commits there had been.
    commits: u64,
    rows: Vec<Row>,
}

/// For keys that nobody outside chooses.
type Quick = BuildHasherDefault<QuickHasher>;

#[derive(Default)]
struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        // The map looks at the highest bits and at the lowest.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_i64(&mut self, word: i64) {
        self.write_u64(word.cast_unsigned());
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word.cast_unsigned() as u64);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

/// What the statements said last.
pub(crate) struct Kept {
    answers: HashMap<&'static str, HashMap<Vec<Value>, Answer, Quick>>,
    count: usize,
    commits: u64,
    /// By the place of a table: the last commit that wrote to it.
    written: [u64; 64],
}

impl Default for Kept {
    fn default() -> Kept {
        Kept { answers: HashMap::new(), count: 0, commits: 0, written: [0; 64] }
    }
}

impl Kept {
    /// What the statement said, if it would say the same now.
    pub(crate) fn answer(&self, statement: &Statement, parameters: &[Value]) -> Option<&[Row]> {
        let answer = self.answers.get(statement.name)?.get(parameters)?;
        let mut named = NAMED.get(statement.name)?.places();
        named
            .all(|place| self.written.get(place).is_some_and(|at| *at <= answer.commits))
            .then_some(&answer.rows)
    }

    /// Keeps what a statement said just now, if it hangs on nothing but tables.
    pub(crate) fn keep(&mut self, statement: &Statement, parameters: Vec<Value>, rows: &[Row]) {
        if rows.len() > ROWS_MOST || NAMED.get(statement.name).is_none_or(|named| named.0 == 0) {
            return;
        }
        if self.count >= KEPT_MOST {
            self.answers.clear();
            self.count = 0;
        }
        let answer = Answer { commits: self.commits, rows: rows.to_vec() };
        let of_statement = self.answers.entry(statement.name).or_default();
        if of_statement.insert(parameters, answer).is_none() {
            self.count += 1;
        }
    }

    /// A commit writes to these tables, whatever becomes of it.
    pub(crate) fn written<'t>(&mut self, tables: impl Iterator<Item = &'t Table>) {
        self.commits += 1;
        for place in tables.filter_map(|table| PLACES.get(table.name)) {
            if let Some(at) = self.written.get_mut(*place) {
                *at = self.commits;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestnik_store::tables::{nodes::NODES, senders::SENDERS};

    fn statement(name: &str) -> &'static Statement {
        statements().iter().find(|statement| statement.name == name).unwrap()
    }

    #[test]
    fn an_answer_holds_until_a_table_that_it_names_is_written() {
        let (mut kept, of) = (Kept::default(), vec![Value::Integer(1)]);
        let rows = vec![Row(vec![Value::Integer(7)])];
        kept.keep(statement("sender"), of.clone(), &rows);
        kept.written([&NODES].into_iter());
        assert_eq!(kept.answer(statement("sender"), &of), Some(rows.as_slice()));
        assert_eq!(kept.answer(statement("sender"), &[Value::Integer(2)]), None);
        assert_eq!(kept.answer(statement("senders"), &of), None);
        kept.written([&NODES, &SENDERS].into_iter());
        assert_eq!(kept.answer(statement("sender"), &of), None);
        kept.keep(statement("sender"), of.clone(), &[]);
        assert_eq!(kept.answer(statement("sender"), &of), Some([].as_slice()));
    }

    /// A table that nobody knew of here would make an answer stand for ever.
    #[test]
    fn every_table_that_a_statement_reads_is_known() {
        for statement in statements() {
            let named = NAMED.get(statement.name).unwrap();
            let words: Vec<&str> = statement.sql.split_whitespace().collect();
            let reads = words.windows(2).filter(|pair| ["FROM", "JOIN"].contains(&pair[0]));
            let mut tables = 0;
            for table in reads.map(|pair| pair[1].trim_matches(['(', ')', ','])) {
                if table.starts_with("integers") || table.starts_with("texts") || table == "SELECT"
                {
                    continue;
                }
                let place =
                    PLACES.get(table).unwrap_or_else(|| panic!("{}: {table}", statement.name));
                assert!(named.places().any(|one| one == *place), "{}: {table}", statement.name);
                tables += 1;
            }
            assert!(tables > 0, "{} reads nothing", statement.name);
        }
    }
}
