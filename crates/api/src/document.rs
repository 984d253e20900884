//! What every operation may answer besides its own words, added to the OpenAPI document in one place.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// Refusals that come from the layers around a handler, with the words for the document.
const OF_EVERY_OPERATION: [(&str, &str); 2] =
    [("400", "The request cannot be read"), ("503", "The database does not answer")];
const OF_OPERATIONS_WITH_BODY: [(&str, &str); 4] = [
    ("403", "Another site asks in a browser's name, or the role does not allow it"),
    ("413", "The body is too large"),
    ("415", "The body is not of the right type"),
    ("422", "Some fields are wrong"),
];

/// Adds them, and the sign-in that operations under `/api/v1` need.
pub(crate) fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            for (status, words) in OF_EVERY_OPERATION {
                add(operation, status, words);
            }
            if operation.request_body.is_some() {
                for (status, words) in OF_OPERATIONS_WITH_BODY {
                    add(operation, status, words);
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete]
        .into_iter()
        .filter_map(Option::as_mut)
}

fn add(operation: &mut Operation, status: &str, words: &str) {
    operation
        .responses
        .responses
        .entry(status.to_owned())
        .or_insert_with(|| RefOr::T(problem(words)));
}

fn problem(words: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new()
        .description(words)
        .content("application/problem+json", ContentBuilder::new().schema(Some(schema)).build())
        .build()
}
