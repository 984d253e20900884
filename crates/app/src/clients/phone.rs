//! Reading a phone number under any field's name.

use super::card::home_region;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::Language;
use vestnik_domain::phone_number::PhoneNumber;

/// Any usual spelling of a number, without a plus in the way of the organization's country; blank
/// counts as none. `None` with a field error noted when it cannot be read.
pub async fn read(
    app: &App,
    caller: &Caller,
    fields: &mut Fields,
    field: &'static str,
    text: &str,
) -> Result<Option<PhoneNumber>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let region = home_region(app, caller).await?;
    let read = PhoneNumber::parse(text, region).map_err(|error| {
        let russian = error.message(Language::Russian);
        fields.add(field, error.code(), russian, error.message(Language::English));
    });
    Ok(read.ok())
}
