//! The demo's organization as it stands in the database.

use vestnik_app::{AppError, Caller};
use vestnik_domain::access::Actor;
use vestnik_domain::ids::SenderId;
use vestnik_domain::sender::Sender;
use vestnik_store::Store;

/// The owner's address and password. They are in every copy of the program, so a demo must not be
/// reachable by others.
pub const EMAIL: &str = "demo@stil-de-vil.example";
/// See [`EMAIL`].
pub const PASSWORD: &str = "stil-de-vil-demo";

/// The salon, and who acts in it.
#[derive(Debug, Clone, Copy)]
pub struct DemoSalon {
    pub caller: Caller,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    App(#[from] AppError),
    /// An earlier start was broken off and meant another salon.
    #[error(
        "the database holds a half-made demo with another seed ({problems} lines differ): start it \
         with the --seed of the first time, or name another --database"
    )]
    HalfMade { problems: usize },
}

impl DemoSalon {
    /// The salon of an earlier start, as far as it was made.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find(store: &Store) -> Result<Option<DemoSalon>, DemoError> {
        let owner = store.user_by_email(EMAIL).await.map_err(AppError::from)?;
        Ok(owner.map(|owner| DemoSalon {
            caller: Caller {
                organization_id: owner.organization_id,
                role: owner.role,
                actor: Actor::User { user_id: owner.id },
            },
        }))
    }

    /// Its phone, once there is one: the last thing that a first start makes.
    pub(super) async fn phone(&self, store: &Store) -> Result<Option<SenderId>, DemoError> {
        let senders = store.senders(self.caller.organization_id).await.map_err(AppError::from)?;
        let in_use = |sender: &&Sender| sender.archived_at.is_none() && sender.channel.is_pull();
        Ok(senders.iter().find(in_use).map(|sender| sender.id))
    }
}
