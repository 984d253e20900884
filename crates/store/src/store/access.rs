//! Reads of organizations, their settings, and access.

use super::{Read, Store, tenant, within};
use crate::statement as sql;
use crate::tables::idempotency::IdempotencyKey;
use jiff::Timestamp;
use vestnik_domain::access::{ApiToken, Session, User};
use vestnik_domain::audit::AuditEntry;
use vestnik_domain::ids::{ApiTokenId, AuditId, OrganizationId, UserId};
use vestnik_domain::organization::Organization;
use vestnik_domain::settings::SettingsVersion;
use vestnik_domain::template_choice::StoredTemplate;

impl Store {
    pub async fn organization(&self, id: OrganizationId) -> Read<Option<Organization>> {
        self.one(&sql::ORGANIZATION, tenant(id)).await
    }

    /// Organizations whose settings changed since their clients were planned. For the sweep alone
    /// (I9, listed).
    pub async fn organizations_to_sweep(&self, limit: i64) -> Read<Vec<Organization>> {
        self.all(&sql::ORGANIZATIONS_TO_SWEEP, vec![limit.into()]).await
    }

    /// Organizations of one bucket with ids above `after`, at most `limit`. For whoever runs the
    /// installation alone (I9, listed).
    pub async fn organizations_of_bucket(
        &self,
        bucket: i64,
        after: i64,
        limit: i64,
    ) -> Read<Vec<Organization>> {
        let parameters = vec![bucket.into(), after.into(), limit.into()];
        self.all(&sql::ORGANIZATIONS_OF_BUCKET, parameters).await
    }

    /// Global: sign-in knows only the address (lower case).
    pub async fn user_by_email(&self, email: &str) -> Read<Option<User>> {
        self.one(&sql::USER_BY_EMAIL, vec![email.into()]).await
    }

    pub async fn user(&self, organization: OrganizationId, id: UserId) -> Read<Option<User>> {
        self.one(&sql::USER, vec![organization.into(), id.into()]).await
    }

    pub async fn users(&self, organization: OrganizationId) -> Read<Vec<User>> {
        self.all(&sql::USERS, vec![organization.into()]).await
    }

    /// Global: the cookie carries only the secret. Also finds ended sessions; the caller judges.
    pub async fn session_by_secret(&self, secret_hash: &[u8]) -> Read<Option<Session>> {
        self.one(&sql::SESSION_BY_SECRET, vec![secret_hash.into()]).await
    }

    pub async fn open_sessions(
        &self,
        organization: OrganizationId,
        user: UserId,
        now: Timestamp,
    ) -> Read<Vec<Session>> {
        self.all(&sql::SESSIONS_OF_USER, vec![user.into(), organization.into(), now.into()]).await
    }

    /// Global: the header carries only the secret. Also finds revoked tokens; the caller judges.
    pub async fn api_token_by_secret(&self, secret_hash: &[u8]) -> Read<Option<ApiToken>> {
        self.one(&sql::API_TOKEN_BY_SECRET, vec![secret_hash.into()]).await
    }

    pub async fn api_token(
        &self,
        organization: OrganizationId,
        id: ApiTokenId,
    ) -> Read<Option<ApiToken>> {
        self.one(&sql::API_TOKEN, vec![organization.into(), id.into()]).await
    }

    pub async fn api_tokens(&self, organization: OrganizationId) -> Read<Vec<ApiToken>> {
        self.all(&sql::API_TOKENS, vec![organization.into()]).await
    }

    /// The newest entries older than `before`, at most `limit`.
    pub async fn audit(
        &self,
        organization: OrganizationId,
        before: AuditId,
        limit: i64,
    ) -> Read<Vec<AuditEntry>> {
        self.all(&sql::AUDIT, within(organization, [before.into(), limit.into()])).await
    }

    pub async fn idempotency_key(
        &self,
        organization: OrganizationId,
        key: &str,
    ) -> Read<Option<IdempotencyKey>> {
        self.one(&sql::IDEMPOTENCY, within(organization, [key.into()])).await
    }

    /// The settings in force.
    pub async fn settings(&self, organization: OrganizationId) -> Read<Option<SettingsVersion>> {
        self.one(&sql::SETTINGS_IN_FORCE, tenant(organization)).await
    }

    /// Own texts of templates that are in force, over all branches, kinds and languages.
    pub async fn templates(&self, organization: OrganizationId) -> Read<Vec<StoredTemplate>> {
        self.all(&sql::TEMPLATES_IN_FORCE, tenant(organization)).await
    }
}
