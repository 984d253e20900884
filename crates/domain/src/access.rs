//! Who may do what: users, roles, sessions, API tokens.

use crate::ids::{ApiTokenId, OrganizationId, SessionId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a user may do in the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The front desk: the journal, clients, messages.
    Administrator,
    /// Everything, with users, tokens and settings.
    Owner,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Owner => "owner",
        }
    }

    pub fn parse(name: &str) -> Option<Role> {
        [Role::Administrator, Role::Owner].into_iter().find(|role| role.name() == name)
    }
}

/// A person who signs in. The e-mail address is unique over the whole installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub organization_id: OrganizationId,
    pub id: UserId,
    pub version: i64,
    /// Lower case.
    pub email: String,
    pub name: String,
    pub role: Role,
    /// A PHC string of argon2id.
    pub password_hash: String,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

/// A signed-in browser; only the hash of its secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub version: i64,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub secret_hash: Vec<u8>,
    pub user_agent: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// A key for programs; only the hash of its secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: ApiTokenId,
    pub version: i64,
    pub organization_id: OrganizationId,
    pub name: String,
    pub role: Role,
    pub secret_hash: Vec<u8>,
    /// The last four characters, so that people can tell tokens apart.
    pub hint: String,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// Who did it: written into histories and the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Actor {
    User {
        user_id: UserId,
    },
    ApiToken {
        api_token_id: ApiTokenId,
    },
    /// The client, by a link, an answer or the widget.
    Client,
    /// An external journal.
    Journal,
    /// Vestnik itself.
    System,
}
