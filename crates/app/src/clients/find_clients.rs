//! Finding cards: by id, page by page, by a part of the number or of the name.

use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::client::Client;
use vestnik_domain::ids::ClientId;
use vestnik_domain::phone_number::search_variants;

/// Longer texts are in no name or number.
const SEARCH_LETTERS_MOST: usize = 100;

/// One page of clients, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientPage {
    pub clients: Vec<Client>,
    /// Where the next page begins: to be given as `before`; `None` on the last page.
    pub next: Option<ClientId>,
}

/// One client, archived or not.
pub async fn get_client(app: &App, caller: &Caller, id: ClientId) -> Result<Client, AppError> {
    app.store.client(caller.organization_id, id).await?.ok_or(AppError::NotFound("client"))
}

/// The newest clients before `before`, at most `limit` (1 to 200), archived ones left out. `search`
/// is a part of the phone number (two digits or more, `8 916` finds `+7916…`) or of the name.
///
/// # Errors
/// A field error for a search that is neither.
pub async fn list_clients(
    app: &App,
    caller: &Caller,
    before: Option<ClientId>,
    limit: i64,
    search: Option<&str>,
) -> Result<ClientPage, AppError> {
    let organization = caller.organization_id;
    let before = before.unwrap_or(ClientId(i64::MAX));
    let limit = limit.clamp(1, 200);
    // One more than asked for tells whether there is a next page.
    let most = limit + 1;
    let text = search.map(str::trim).unwrap_or_default();
    let mut clients = match read_search(text)? {
        Search::Everybody => app.store.clients(organization, before, most).await?,
        Search::Name => app.store.clients_by_name(organization, text, before, most).await?,
        Search::Digits(variants) => {
            let mut found = Vec::new();
            for digits in variants {
                found.extend(
                    app.store.clients_by_digits(organization, &digits, before, most).await?,
                );
            }
            // Two readings of the digits may find one card.
            found.sort_unstable_by_key(|client: &Client| std::cmp::Reverse(client.id));
            found.dedup_by_key(|client| client.id);
            found
        }
    };
    let wanted = usize::try_from(limit).unwrap_or_default();
    let more = clients.len() > wanted;
    clients.truncate(wanted);
    let next = clients.last().filter(|_| more).map(|client| client.id);
    Ok(ClientPage { clients, next })
}

#[derive(Debug, PartialEq, Eq)]
enum Search {
    Everybody,
    Name,
    Digits(Vec<String>),
}

fn read_search(text: &str) -> Result<Search, AppError> {
    let refuse =
        |code, russian: &str, english: &str| Err(AppError::field("search", code, russian, english));
    if text.is_empty() {
        return Ok(Search::Everybody);
    }
    if text.chars().count() > SEARCH_LETTERS_MOST {
        return refuse("too_long", "Не длиннее 100 знаков", "at most 100 characters");
    }
    let variants = search_variants(text);
    if !variants.is_empty() {
        return Ok(Search::Digits(variants));
    }
    if text.chars().any(char::is_alphabetic) {
        return Ok(Search::Name);
    }
    refuse(
        "search_too_short",
        "Введите хотя бы две цифры номера или часть имени",
        "give at least two digits of the number, or a part of the name",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_number_or_a_name() {
        let digits = |list: &[&str]| Search::Digits(list.iter().map(ToString::to_string).collect());
        let table = [
            ("", Search::Everybody),
            ("Анна", Search::Name),
            ("анна 2", Search::Name),
            ("45-67", digits(&["4567"])),
            ("8 (916)", digits(&["7916"])),
            ("8916", digits(&["8916", "7916"])),
        ];
        for (text, expected) in table {
            assert_eq!(read_search(text), Ok(expected), "{text}");
        }
        for (text, code) in
            [("5", "search_too_short"), ("+", "search_too_short"), (&*"я".repeat(101), "too_long")]
        {
            let Err(AppError::Invalid(errors)) = read_search(text) else {
                panic!("{text} was let through")
            };
            assert_eq!((errors[0].field.as_str(), errors[0].code), ("search", code));
        }
    }
}
