//! Secrets that programs and browsers carry. They have 256 bits of chance, so a plain hash is
//! enough to keep them: nobody can guess one from its hash.

use crate::context::App;
use sha2::{Digest, Sha256};

/// What a secret is for; its prefix lets secret scanners and people recognise it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    Session,
    ApiToken,
}

impl SecretKind {
    pub fn prefix(self) -> &'static str {
        match self {
            SecretKind::Session => "vns_",
            SecretKind::ApiToken => "vnt_",
        }
    }
}

/// A new secret: shown once to its owner, never stored.
pub fn new_secret(app: &App, kind: SecretKind) -> String {
    format!("{}{}", kind.prefix(), hex::encode(app.random::<32>()))
}

/// What is stored in its place.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
