//! A new organization with its owner.

use super::password;
use super::sessions::{NewSession, open_session};
use crate::context::App;
use crate::error::{AppError, Fields};
use vestnik_domain::Language;
use vestnik_domain::access::{Role, User};
use vestnik_domain::ids::{OrganizationId, UserId};
use vestnik_domain::organization::Organization;
use vestnik_domain::phone_number::Region;
use vestnik_store::{ChangeSet, CommitError};

/// What a new owner fills in.
#[derive(Debug, Clone)]
pub struct SignUp {
    pub organization_name: String,
    pub name: String,
    pub email: String,
    pub password: String,
    /// The language in which clients are written to.
    pub language: Language,
    /// ISO 3166-1 code of the country whose numbers are written without a prefix.
    pub country: String,
    pub user_agent: String,
}

/// The organization, its owner, and a session that is signed in already.
#[derive(Debug, Clone)]
pub struct SignedUp {
    pub organization: Organization,
    pub user: User,
    pub session: NewSession,
}

/// Makes the organization.
///
/// # Errors
/// Names every field that is wrong; `email_taken` if the address has an account.
pub async fn sign_up(app: &App, command: SignUp) -> Result<SignedUp, AppError> {
    let mut fields = Fields::new();
    let organization_name = fields.text("organization_name", &command.organization_name, 200);
    let name = fields.text("name", &command.name, 100);
    let email = email(&mut fields, &command.email);
    password::check(&mut fields, "password", &command.password);
    let country = country(&mut fields, &command.country);
    fields.finish()?;

    if app.store.user_by_email(&email).await?.is_some() {
        return Err(email_taken());
    }
    let now = app.now();
    let organization = Organization {
        id: OrganizationId(app.new_id()),
        version: 1,
        name: organization_name,
        language: command.language,
        country,
        plan_generation: 1,
        swept_generation: 1,
        created_at: now,
    };
    let user = User {
        organization_id: organization.id,
        id: UserId(app.new_id()),
        version: 1,
        email,
        name,
        role: Role::Owner,
        password_hash: password::hash(app, &command.password)?,
        created_at: now,
        disabled_at: None,
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&organization).insert(&user);
    crate::settings::insert_standard(&mut change_set, &organization);
    let session = open_session(app, &mut change_set, &user, &command.user_agent);
    match app.store.commit(change_set).await {
        // Somebody took the address between the look and the commit.
        Err(CommitError::Conflict { table: "users", .. }) => Err(email_taken()),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(SignedUp { organization, user, session }),
    }
}

pub(crate) fn email_taken() -> AppError {
    AppError::field(
        "email",
        "email_taken",
        "С этой почтой уже есть учётная запись: войдите или укажите другую",
        "this address already has an account",
    )
}

/// Reads an e-mail address: one `@`, a dot in the domain, no blanks; lower case.
pub(crate) fn email(fields: &mut Fields, value: &str) -> String {
    let email = fields.text("email", value, 254).to_lowercase();
    let well_formed = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !email.contains(|letter: char| letter.is_whitespace() || letter == ',')
            && !domain.contains('@')
    });
    if !email.is_empty() && !well_formed {
        fields.add(
            "email",
            "email_malformed",
            "Адрес почты должен быть вида anna@salon.ru",
            "must be an e-mail address like anna@salon.ru",
        );
    }
    email
}

pub(crate) fn country(fields: &mut Fields, value: &str) -> String {
    let country = value.trim().to_uppercase();
    if Region::parse(&country).is_none() {
        fields.add(
            "country",
            "country_unknown",
            "Нужен код страны из двух букв, например RU",
            "must be a two-letter country code like RU",
        );
    }
    country
}
