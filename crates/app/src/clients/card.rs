//! Reading the fields of a client's card as people write them.

use crate::access::sign_up::email;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use crate::organizations::get_organization;
use jiff::tz::Offset;
use vestnik_domain::client::{Birthday, Client};
use vestnik_domain::ids::ClientId;
use vestnik_domain::phone_number::{PhoneNumber, Region};

pub(crate) const NAME_LETTERS_MOST: usize = 100;
pub(crate) const NOTE_LETTERS_MOST: usize = 2000;

/// In whose way a number without a plus is read.
pub async fn home_region(app: &App, caller: &Caller) -> Result<Region, AppError> {
    let organization = get_organization(app, caller).await?;
    Ok(Region::parse(&organization.country).unwrap_or(Region::RUSSIA))
}

/// An e-mail address; blank counts as none.
pub(super) fn read_email(fields: &mut Fields, value: Option<&str>) -> Option<String> {
    let text = value?;
    (!text.trim().is_empty()).then(|| email(fields, text))
}

/// `1990-05-17` or `--05-17`; blank counts as none. The year is 1900 or later, the day not ahead.
pub(super) fn read_birthday(
    app: &App,
    fields: &mut Fields,
    value: Option<&str>,
) -> Option<Birthday> {
    let text = value?.trim();
    if text.is_empty() {
        return None;
    }
    let Some(birthday) = Birthday::parse(text) else {
        fields.add(
            "birthday",
            "birthday_malformed",
            "Нужна дата вида 1990-05-17 или, без года, --05-17",
            "must be a date like 1990-05-17, or --05-17 without the year",
        );
        return None;
    };
    // Somewhere it is tomorrow already (UTC+14 at most), so a day ahead is let through.
    let today = Offset::UTC.to_datetime(app.now()).date();
    let last = today.tomorrow().unwrap_or(today);
    let lived = |year: i16| {
        year >= 1900
            && (year, birthday.month, birthday.day) <= (last.year(), last.month(), last.day())
    };
    if birthday.year.is_some_and(|year| !lived(year)) {
        fields.add(
            "birthday",
            "birthday_out_of_range",
            "Год рождения — от 1900, и не в будущем",
            "must be 1900 or later and not in the future",
        );
    }
    Some(birthday)
}

/// Refuses a number that another card in use has.
///
/// # Errors
/// `client_exists` naming the other card.
pub(super) async fn refuse_known_phone(
    app: &App,
    caller: &Caller,
    phone: &PhoneNumber,
    own: Option<ClientId>,
) -> Result<(), AppError> {
    let other: Option<Client> = app.store.client_by_phone(caller.organization_id, phone).await?;
    match other.filter(|other| Some(other.id) != own) {
        None => Ok(()),
        Some(other) => Err(AppError::conflict(
            "client_exists",
            format!(
                "Клиент с этим номером уже есть: {}. Откройте его карточку или сохраните ещё одну",
                other.name
            ),
            format!(
                "client {} has this phone; use that card, or send \"allow_duplicate\": true",
                other.id
            ),
        )),
    }
}
