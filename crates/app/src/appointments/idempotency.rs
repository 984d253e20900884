//! One idempotency key has one effect and one answer (I11).

use crate::context::{App, Caller};
use crate::error::{AppError, FieldError};
use sha2::{Digest, Sha256};
use vestnik_store::tables::idempotency::IdempotencyKey;
use vestnik_store::{Asked, Batch, ChangeSet};

/// What a caller sent as `Idempotency-Key`, with the hash of the request it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    key: String,
    request_hash: Vec<u8>,
}

impl Idempotency {
    /// `operation` and `request` are what the key must always stand for.
    ///
    /// # Errors
    /// A field error unless the key has 1 to 200 printable ASCII characters.
    pub fn new(key: &str, operation: &str, request: &[u8]) -> Result<Idempotency, AppError> {
        if key.is_empty() || key.len() > 200 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AppError::Invalid(vec![FieldError::new(
                "Idempotency-Key",
                "malformed",
                "Ключ повтора: от 1 до 200 латинских букв, цифр и знаков",
                "must be 1 to 200 printable ASCII characters",
            )]));
        }
        let mut hasher = Sha256::new();
        hasher.update(operation.as_bytes());
        hasher.update([0]);
        hasher.update(request);
        Ok(Idempotency { key: key.to_owned(), request_hash: hasher.finalize().to_vec() })
    }

    /// What was answered under this key before, if anything.
    ///
    /// # Errors
    /// `idempotency_key_reused` if the key stood for another request.
    pub(crate) async fn earlier(
        &self,
        app: &App,
        caller: &Caller,
    ) -> Result<Option<String>, AppError> {
        self.same(app.store.idempotency_key(caller.organization_id, &self.key).await?)
    }

    /// Asks for what stands under this key.
    pub(crate) fn ask(
        &self,
        batch: &mut Batch<'_>,
        caller: &Caller,
    ) -> Asked<Option<IdempotencyKey>> {
        batch.idempotency_key(caller.organization_id, &self.key)
    }

    /// The answer that was kept, if it is one to this very request.
    ///
    /// # Errors
    /// `idempotency_key_reused` if the key stood for another request.
    pub(crate) fn same(&self, found: Option<IdempotencyKey>) -> Result<Option<String>, AppError> {
        match found {
            None => Ok(None),
            Some(found) if found.request_hash == self.request_hash => Ok(Some(found.result)),
            Some(_) => Err(AppError::conflict(
                "idempotency_key_reused",
                "Этот ключ повтора уже использован для другого запроса",
                "this Idempotency-Key was used for another request",
            )),
        }
    }

    /// Keeps the answer in the commit of its effect.
    pub(crate) fn keep(
        &self,
        app: &App,
        caller: &Caller,
        change_set: &mut ChangeSet,
        result: String,
    ) {
        change_set.insert(&IdempotencyKey {
            organization_id: caller.organization_id,
            key: self.key.clone(),
            request_hash: self.request_hash.clone(),
            result,
            created_at: app.now(),
        });
    }
}
