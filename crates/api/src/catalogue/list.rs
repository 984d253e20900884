//! How lists are asked for and answered, and how an edit tells «unchanged» from «cleared».

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestnik_app::catalogue::Shelf;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListBody<T> {
    pub(crate) items: Vec<T>,
    /// What to send as `before` for the next page; null on the last one.
    pub(crate) next: Option<String>,
}

impl<T> ListBody<T> {
    /// A list that always comes whole.
    pub(crate) fn whole<F: Into<T>>(items: Vec<F>) -> ListBody<T> {
        ListBody { items: items.into_iter().map(Into::into).collect(), next: None }
    }
}

/// Which things of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArchivedQuery {
    /// `true`: the archived ones instead of those in use.
    #[serde(default)]
    archived: bool,
}

impl ArchivedQuery {
    pub(crate) fn shelf(&self) -> Shelf {
        shelf(self.archived)
    }
}

pub(crate) fn shelf(archived: bool) -> Shelf {
    if archived { Shelf::Archived } else { Shelf::InUse }
}

/// Reads a field of an edit that may be absent (unchanged) but not null: there is nothing to clear.
pub(crate) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
