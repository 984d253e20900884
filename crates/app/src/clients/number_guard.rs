//! One card for one new number: whoever makes a card reads the guard of its number, looks whether a
//! card has it, and raises the guard in the commit. Of two at the same moment one loses, decides
//! again, and finds the other's card.

use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_store::ChangeSet;
use vestnik_store::tables::numbers::ClientNumber;

/// The guard, to be read before the cards are looked at.
pub(crate) async fn read(
    app: &App,
    caller: &Caller,
    phone: &PhoneNumber,
) -> Result<ClientNumber, AppError> {
    Ok(app.store.client_number(caller.organization_id, phone).await?)
}

/// Raises it, in the commit of the card that takes the number.
pub(crate) fn raise(change_set: &mut ChangeSet, guard: &ClientNumber) {
    let next = ClientNumber { version: guard.version + 1, ..guard.clone() };
    if guard.version == 0 {
        change_set.insert(&next);
    } else {
        change_set.change(&next, guard);
    }
}
