//! A walk over the messages that are due, in pages, bucket by bucket. For the loops that route and let
//! go alone (I9, listed). What a page costs does not hang on how much waits.

use super::{Read, Store, readable};
use crate::record::RowReader;
use crate::statement as sql;
use crate::value::{Row, Value};
use jiff::Timestamp;
use vestnik_domain::message::Message;

/// So many due messages are taken of every bucket, even if that makes more than was asked for.
const OF_A_BUCKET_LEAST: i64 = 4;

/// Which buckets may hold more of what is due, and behind which row each goes on.
#[derive(Debug, Clone)]
pub struct DueWalk {
    now: Timestamp,
    page_most: i64,
    open: Vec<(i64, Place)>,
}

/// A place in the order of a bucket's due messages.
#[derive(Debug, Clone, Copy)]
struct Place {
    due_at_us: i64,
    organization_id: i64,
    message_id: i64,
}

impl Place {
    const BEFORE_ALL: Place =
        Place { due_at_us: i64::MIN, organization_id: i64::MIN, message_id: i64::MIN };

    /// Where a row of `due_messages` stands, whether or not the rest of it can be read.
    fn of(row: &Row) -> Option<Place> {
        let integer = |position: usize| match row.0.get(position) {
            Some(Value::Integer(value)) => Some(*value),
            _ => None,
        };
        Some(Place {
            organization_id: integer(1)?,
            message_id: integer(2)?,
            due_at_us: integer(12)?,
        })
    }
}

impl DueWalk {
    /// Is nothing left to look at?
    pub fn is_over(&self) -> bool {
        self.open.is_empty()
    }

    /// Looks no further in this bucket.
    pub fn leave(&mut self, bucket: i64) {
        self.open.retain(|(open, _)| *open != bucket);
    }
}

impl Store {
    /// Begins a walk over the planned messages of all organizations in `buckets` that fell due by `now`,
    /// in pages of about `page_most`.
    pub async fn walk_due(&self, buckets: &[i64], now: Timestamp, page_most: i64) -> Read<DueWalk> {
        let statement = &sql::BUCKETS_WITH_DUE;
        let rows = self.engine.read(statement, vec![buckets.to_vec().into(), now.into()]).await?;
        let bucket = |row| RowReader::new(statement.name, row).integer();
        let open = rows.into_iter().map(|row| Ok((bucket(row)?, Place::BEFORE_ALL)));
        Ok(DueWalk { now, page_most, open: open.collect::<Read<_>>()? })
    }

    /// The next page: the soonest of each bucket that is left, together soonest first. A row that cannot
    /// be read is logged and passed over.
    pub async fn next_due_page(&self, walk: &mut DueWalk) -> Read<Vec<Message>> {
        let of_each = match i64::try_from(walk.open.len()) {
            Ok(0) => return Ok(Vec::new()),
            Ok(buckets) => (walk.page_most / buckets).max(OF_A_BUCKET_LEAST),
            Err(_) => OF_A_BUCKET_LEAST,
        };
        let mut batch = self.batch();
        let mut asked = Vec::with_capacity(walk.open.len());
        for (bucket, place) in &walk.open {
            let parameters = vec![
                (*bucket).into(),
                walk.now.into(),
                place.due_at_us.into(),
                place.organization_id.into(),
                place.message_id.into(),
                of_each.into(),
            ];
            asked.push((*bucket, batch.ask(&sql::DUE_MESSAGES, parameters, Ok)));
        }
        let mut answers = batch.read().await?;
        let (mut due, mut open) = (Vec::new(), Vec::new());
        for (bucket, of_bucket) in asked {
            let rows = answers.take(of_bucket)?;
            let is_full = i64::try_from(rows.len()).is_ok_and(|found| found >= of_each);
            if let (true, Some(last)) = (is_full, rows.last().and_then(Place::of)) {
                open.push((bucket, last));
            }
            due.extend(readable::<Message>(&sql::DUE_MESSAGES, rows));
        }
        walk.open = open;
        due.sort_unstable_by_key(|message| (message.due_at, message.id));
        Ok(due)
    }
}
