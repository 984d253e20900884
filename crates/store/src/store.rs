//! The verbs of the store: typed reads of use-case size and one door for writes.
//!
//! Every read of a tenant's data takes the organization and is scoped by it (I9). The few reads
//! that cannot know the organization yet are those of sign-in: by e-mail and by a secret's hash.

mod access;
mod batch;
mod due;
mod journal;
mod journals;
mod many;
mod messages;
mod nodes;
mod numbers;
mod senders;

use crate::change_set::ChangeSet;
use crate::engine::{CommitError, Engine, ReadError};
use crate::record::Record;
use crate::statement::Statement;
use crate::value::{Row, Value};
use std::sync::Arc;
use vestnik_domain::ids::OrganizationId;

pub use batch::OfferStamp;
pub use due::DueWalk;
pub use journal::APPOINTMENTS_OF_CLIENT_MOST;

type Read<T> = Result<T, ReadError>;

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
}

/// The first two parameters of every statement on a tenant's table.
fn tenant(organization: OrganizationId) -> Vec<Value> {
    vec![organization.bucket().into(), organization.into()]
}

fn within(organization: OrganizationId, rest: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut parameters = tenant(organization);
    parameters.extend(rest);
    parameters
}

impl Store {
    pub fn new(engine: Arc<dyn Engine>) -> Store {
        Store { engine }
    }

    /// The engine beneath, for operations that are not about data (description, backup).
    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// Commits everything or nothing; see [`CommitError`] for what each refusal means.
    pub async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        if change_set.is_empty() { Ok(()) } else { self.engine.commit(change_set).await }
    }

    async fn all<R: Record>(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Read<Vec<R>> {
        self.engine.read(statement, parameters).await?.into_iter().map(R::read).collect()
    }

    /// As `all`, but rows that do not hold what this version wrote are logged and left out. For what loops
    /// read for everybody: one broken row must not stop the others. Never for what is decided by the whole.
    async fn all_readable<R: Record>(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Read<Vec<R>> {
        Ok(readable(statement, self.engine.read(statement, parameters).await?))
    }

    async fn one<R: Record>(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Read<Option<R>> {
        self.engine.read(statement, parameters).await?.into_iter().next().map(R::read).transpose()
    }
}

fn readable<R: Record>(statement: &'static Statement, rows: Vec<Row>) -> Vec<R> {
    let read = rows.into_iter().map(R::read);
    read.filter_map(|row| {
        row.inspect_err(|error| {
            tracing::error!(statement = statement.name, %error, "a row is passed over");
        })
        .ok()
    })
    .collect()
}
