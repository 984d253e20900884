//! Reading what comes in: JSON bodies, path ids and queries, each refusal naming the field.

use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use vestnik_app::FieldError;

/// A JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<JsonBody<T>, Problem> {
        JsonBodyAsSent::from_request(request, state)
            .await
            .map(|JsonBodyAsSent(body, _)| JsonBody(body))
    }
}

/// A JSON body with the bytes it was sent in: what an idempotency key stands for.
pub(crate) struct JsonBodyAsSent<T>(pub(crate) T, pub(crate) Bytes);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBodyAsSent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<JsonBodyAsSent<T>, Problem> {
        if !media_type(&request).starts_with("application/json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "json_expected",
                "Тело запроса должно быть в JSON",
                "send the body as Content-Type: application/json",
            ));
        }
        let bytes = whole_body(request, state).await?;
        read_json(&bytes).map(|body| JsonBodyAsSent(body, bytes))
    }
}

/// What the body is said to be, lower case; empty if nothing is said.
pub(crate) fn media_type(request: &Request) -> String {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim_start().to_ascii_lowercase()
}

/// The whole body, up to the limit of the route.
pub(crate) async fn whole_body<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        let status = rejection.status();
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(status, "too_large", "Запрос слишком большой", "the body is too large")
        } else {
            Problem::new(status, "body_unreadable", "Запрос оборвался", "the body broke off")
        }
    })
}

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "not_utf8",
            "Запрос должен быть в кодировке UTF-8",
            "the body must be UTF-8",
        ));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let inner = error.inner();
        if inner.is_data() {
            // `path` is "." for the whole body.
            let path = error.path().to_string();
            let field = if path == "." { String::new() } else { path };
            Problem::field(FieldError::new(
                field,
                "malformed",
                "Значение не подходит",
                inner.to_string(),
            ))
        } else {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "json_malformed",
                "Запрос не читается как JSON",
                inner.to_string(),
            )
        }
    })?;
    deserializer.end().map_err(|error| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "json_malformed",
            "После JSON в запросе есть лишнее",
            error.to_string(),
        )
    })?;
    Ok(value)
}

/// An id in the path. What is no id of this kind does not exist: 404, as for a stranger's id.
pub(crate) struct PathId<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<PathId<T>, Problem> {
        Path::<T>::from_request_parts(parts, state).await.map(|Path(id)| PathId(id)).map_err(
            |rejection| {
                Problem::new(
                    StatusCode::NOT_FOUND,
                    "not_found",
                    "Этого нет или больше нет",
                    rejection.body_text(),
                )
            },
        )
    }
}

/// The query of the address.
pub(crate) struct QueryOf<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<QueryOf<T>, Problem> {
        Query::<T>::from_request_parts(parts, state)
            .await
            .map(|Query(query)| QueryOf(query))
            .map_err(|rejection| {
                let words = rejection.body_text();
                Problem::field(FieldError::new(
                    "query",
                    "malformed",
                    "Параметр адреса не подходит",
                    words,
                ))
            })
    }
}
