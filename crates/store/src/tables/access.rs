//! Users, sessions and API tokens: global tables, since a sign-in does not know its organization yet.

use crate::engine::ReadError;
use crate::record::{Record, RowReader};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::access::{ApiToken, Role, Session, User};
use vestnik_domain::ids::{ApiTokenId, OrganizationId, SessionId, UserId};

crate::table! {
    /// People who sign in; the e-mail address is unique.
    USERS = "users" key(id) {
        id: Integer, version: Integer, organization_id: Integer, email: Text, name: Text, role: Text,
        password_hash: Text, created_at: Integer, disabled_at: Integer null,
    }
}

impl Record for User {
    fn table() -> &'static Table {
        &USERS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.version.into(),
            self.organization_id.into(),
            (&self.email).into(),
            (&self.name).into(),
            self.role.name().into(),
            (&self.password_hash).into(),
            self.created_at.into(),
            self.disabled_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<User, ReadError> {
        Ok(User {
            id: UserId(row.integer()?),
            version: row.integer()?,
            organization_id: OrganizationId(row.integer()?),
            email: row.text()?,
            name: row.text()?,
            role: row.word(Role::parse)?,
            password_hash: row.text()?,
            created_at: row.timestamp()?,
            disabled_at: row.optional_timestamp()?,
        })
    }
}

crate::table! {
    /// Signed-in browsers, found by the hash of their secret.
    SESSIONS = "sessions" key(id) {
        id: Integer, version: Integer, organization_id: Integer, user_id: Integer,
        secret_hash: Bytes, user_agent: Text, created_at: Integer, expires_at: Integer,
        ended_at: Integer null,
    }
}

impl Record for Session {
    fn table() -> &'static Table {
        &SESSIONS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.version.into(),
            self.organization_id.into(),
            self.user_id.into(),
            self.secret_hash.as_slice().into(),
            (&self.user_agent).into(),
            self.created_at.into(),
            self.expires_at.into(),
            self.ended_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Session, ReadError> {
        Ok(Session {
            id: SessionId(row.integer()?),
            version: row.integer()?,
            organization_id: OrganizationId(row.integer()?),
            user_id: UserId(row.integer()?),
            secret_hash: row.bytes()?,
            user_agent: row.text()?,
            created_at: row.timestamp()?,
            expires_at: row.timestamp()?,
            ended_at: row.optional_timestamp()?,
        })
    }
}

crate::table! {
    /// Keys for programs, found by the hash of their secret.
    API_TOKENS = "api_tokens" key(id) {
        id: Integer, version: Integer, organization_id: Integer, name: Text, role: Text,
        secret_hash: Bytes, hint: Text, created_by: Integer, created_at: Integer,
        revoked_at: Integer null,
    }
}

impl Record for ApiToken {
    fn table() -> &'static Table {
        &API_TOKENS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.version.into(),
            self.organization_id.into(),
            (&self.name).into(),
            self.role.name().into(),
            self.secret_hash.as_slice().into(),
            (&self.hint).into(),
            self.created_by.into(),
            self.created_at.into(),
            self.revoked_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<ApiToken, ReadError> {
        Ok(ApiToken {
            id: ApiTokenId(row.integer()?),
            version: row.integer()?,
            organization_id: OrganizationId(row.integer()?),
            name: row.text()?,
            role: row.word(Role::parse)?,
            secret_hash: row.bytes()?,
            hint: row.text()?,
            created_by: UserId(row.integer()?),
            created_at: row.timestamp()?,
            revoked_at: row.optional_timestamp()?,
        })
    }
}
