//! What each operation must answer to a stranger. A new operation needs a row here; if it names a
//! new kind of thing, `first_organization.rs` makes one.

/// What a stranger gets.
pub(super) enum Stranger {
    /// 404, as for an id that nobody has.
    NotFound,
    /// 422 naming this field, as for an id that nobody has: the id stands in the body.
    UnknownId(&'static str),
    /// Success, with the stranger's own things only: none of the first organization's ids.
    Own,
}

/// One call by a stranger.
pub(super) struct Case {
    /// As the OpenAPI document has it.
    pub(super) operation: &'static str,
    /// With the first organization's ids by name: `{branch}`.
    pub(super) path: &'static str,
    /// JSON, likewise; empty for none.
    pub(super) body: &'static str,
    pub(super) stranger: Stranger,
}

/// The operations that need no caller.
pub(super) const OPEN_TO_ALL: [&str; 4] =
    ["GET /health/live", "GET /health/ready", "POST /api/v1/sign-up", "POST /api/v1/sessions"];

/// The operations of who runs the installation: every organization is a stranger there.
pub(super) const OPERATORS: [&str; 2] =
    ["GET /api/v1/operator/instance", "POST /api/v1/operator/let-go"];

const fn case(
    operation: &'static str,
    path: &'static str,
    body: &'static str,
    stranger: Stranger,
) -> Case {
    Case { operation, path, body, stranger }
}

use Stranger::{NotFound, Own, UnknownId};

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    // Access.
    case("GET /api/v1/sessions", "/api/v1/sessions", "", Own),
    case("DELETE /api/v1/sessions/{id}", "/api/v1/sessions/{session}", "", NotFound),
    case("GET /api/v1/users", "/api/v1/users", "", Own),
    case("POST /api/v1/users", "/api/v1/users",
        r#"{"name": "Пётр", "email": "petr@salon.example", "password": "correct horse", "role": "owner"}"#, Own),
    case("POST /api/v1/users/{id}/disable", "/api/v1/users/{user}/disable", "", NotFound),
    case("GET /api/v1/api-tokens", "/api/v1/api-tokens", "", Own),
    case("POST /api/v1/api-tokens", "/api/v1/api-tokens", r#"{"name": "Сайт", "role": "owner"}"#, Own),
    case("DELETE /api/v1/api-tokens/{id}", "/api/v1/api-tokens/{token}", "", NotFound),
    // The organization and its audit.
    case("GET /api/v1/organization", "/api/v1/organization", "", Own),
    case("PATCH /api/v1/organization", "/api/v1/organization", r#"{"version": 1, "name": "Чужая"}"#, Own),
    case("GET /api/v1/audit", "/api/v1/audit", "", Own),
    case("GET /api/v1/audit", "/api/v1/audit?before={audit}&limit=200", "", Own),
    // Branches.
    case("GET /api/v1/branches", "/api/v1/branches", "", Own),
    case("GET /api/v1/branches", "/api/v1/branches?archived=true", "", Own),
    case("POST /api/v1/branches", "/api/v1/branches", r#"{"name": "Чужой", "zone": "Europe/Moscow"}"#, Own),
    case("GET /api/v1/branches/{id}", "/api/v1/branches/{branch}", "", NotFound),
    case("PATCH /api/v1/branches/{id}", "/api/v1/branches/{branch}", r#"{"version": 1, "name": "Чужой"}"#, NotFound),
    case("POST /api/v1/branches/{id}/archive", "/api/v1/branches/{branch}/archive", "", NotFound),
    case("POST /api/v1/branches/{id}/restore", "/api/v1/branches/{archived_branch}/restore", "", NotFound),
    // Staff.
    case("GET /api/v1/staff", "/api/v1/staff", "", Own),
    case("GET /api/v1/staff", "/api/v1/staff?branch_id={branch}", "", Own),
    case("POST /api/v1/staff", "/api/v1/staff", r#"{"branch_id": "{branch}", "name": "Чужой"}"#, UnknownId("branch_id")),
    case("GET /api/v1/staff/{id}", "/api/v1/staff/{staff}", "", NotFound),
    case("PATCH /api/v1/staff/{id}", "/api/v1/staff/{staff}", r#"{"version": 1, "name": "Чужой"}"#, NotFound),
    case("PATCH /api/v1/staff/{id}", "/api/v1/staff/{staff}", r#"{"version": 1, "branch_id": "{branch}"}"#, NotFound),
    case("POST /api/v1/staff/{id}/archive", "/api/v1/staff/{staff}/archive", "", NotFound),
    case("POST /api/v1/staff/{id}/restore", "/api/v1/staff/{archived_staff}/restore", "", NotFound),
    // Services.
    case("GET /api/v1/services", "/api/v1/services", "", Own),
    case("POST /api/v1/services", "/api/v1/services", r#"{"title": "Чужая", "duration_min": 30}"#, Own),
    case("GET /api/v1/services/{id}", "/api/v1/services/{service}", "", NotFound),
    case("PATCH /api/v1/services/{id}", "/api/v1/services/{service}", r#"{"version": 1, "title": "Чужая"}"#, NotFound),
    case("POST /api/v1/services/{id}/archive", "/api/v1/services/{service}/archive", "", NotFound),
    case("POST /api/v1/services/{id}/restore", "/api/v1/services/{archived_service}/restore", "", NotFound),
    // Clients.
    case("GET /api/v1/clients", "/api/v1/clients", "", Own),
    case("GET /api/v1/clients", "/api/v1/clients?search=4567", "", Own),
    case("GET /api/v1/clients", "/api/v1/clients?before={client}&limit=200", "", Own),
    // The first organization's card with this number must not be felt.
    case("POST /api/v1/clients", "/api/v1/clients", r#"{"name": "Ольга", "phone": "+79161234567"}"#, Own),
    case("GET /api/v1/clients/{id}", "/api/v1/clients/{client}", "", NotFound),
    case("PATCH /api/v1/clients/{id}", "/api/v1/clients/{client}", r#"{"version": 1, "name": "Чужая"}"#, NotFound),
    case("POST /api/v1/clients/{id}/archive", "/api/v1/clients/{client}/archive", "", NotFound),
    case("PUT /api/v1/clients/{id}/consents/{purpose}", "/api/v1/clients/{client}/consents/advertising",
        r#"{"given": true, "source": "api"}"#, NotFound),
    case("GET /api/v1/stopped-numbers", "/api/v1/stopped-numbers", "", Own),
    case("POST /api/v1/stopped-numbers", "/api/v1/stopped-numbers", r#"{"phone": "+79035550101"}"#, Own),
    case("DELETE /api/v1/stopped-numbers/{phone}", "/api/v1/stopped-numbers/+79035550102", "", NotFound),
    // Appointments.
    case("GET /api/v1/appointments", "/api/v1/appointments?branch_id={branch}&from=2026-03-01&to=2026-03-31", "", NotFound),
    case("GET /api/v1/appointments", "/api/v1/appointments?client_id={client}", "", NotFound),
    case("POST /api/v1/appointments", "/api/v1/appointments",
        r#"{"client_id": "{client}", "branch_id": "{branch}", "start": "2026-03-05T15:00"}"#, UnknownId("client_id")),
    case("POST /api/v1/appointments", "/api/v1/appointments",
        r#"{"client": {"name": "Чужая"}, "branch_id": "{branch}", "start": "2026-03-05T15:00"}"#, UnknownId("branch_id")),
    case("GET /api/v1/appointments/{id}", "/api/v1/appointments/{appointment}", "", NotFound),
    case("PATCH /api/v1/appointments/{id}", "/api/v1/appointments/{appointment}", r#"{"version": 1, "note": "чужое"}"#, NotFound),
    case("POST /api/v1/appointments/{id}/status", "/api/v1/appointments/{appointment}/status", r#"{"status": "arrived"}"#, NotFound),
    case("POST /api/v1/appointments/{id}/cancel", "/api/v1/appointments/{appointment}/cancel", "{}", NotFound),
    case("POST /api/v1/appointments/{id}/let-in", "/api/v1/appointments/{appointment}/let-in", "{}", NotFound),
    // Settings.
    case("GET /api/v1/notification-settings", "/api/v1/notification-settings", "", Own),
    case("PATCH /api/v1/notification-settings", "/api/v1/notification-settings",
        r#"{"generation": 1, "branches": {"{branch}": {"kinds": {"created": "off"}}}}"#, UnknownId("branches.{branch}")),
    // Templates.
    case("GET /api/v1/templates", "/api/v1/templates", "", Own),
    case("GET /api/v1/templates", "/api/v1/templates?branch_id={branch}", "", NotFound),
    case("PUT /api/v1/templates", "/api/v1/templates",
        r#"{"kind": "created", "language": "ru", "text": "[Дата] [Время]", "branch_id": "{branch}"}"#, UnknownId("branch_id")),
    case("DELETE /api/v1/templates", "/api/v1/templates?kind=created&language=ru&branch_id={branch}", "", NotFound),
    case("POST /api/v1/templates/preview", "/api/v1/templates/preview",
        r#"{"kind": "created", "branch_id": "{branch}"}"#, UnknownId("branch_id")),
    case("POST /api/v1/templates/preview", "/api/v1/templates/preview",
        r#"{"kind": "created", "appointment_id": "{appointment}"}"#, UnknownId("appointment_id")),
    case("GET /api/v1/template-variables", "/api/v1/template-variables", "", Own),
    // Files.
    case("POST /api/v1/imports", "/api/v1/imports?kind=appointments&dry_run=false&branch_id={branch}",
        "Телефон;Начало\n+79161234567;05.03.2026 15:00\n", UnknownId("branch_id")),
    case("POST /api/v1/imports", "/api/v1/imports?kind=clients&dry_run=false", "Имя;Телефон\nОльга;+79161234567\n", Own),
    // Tasks.
    case("GET /api/v1/tasks", "/api/v1/tasks?all=true", "", Own),
    case("GET /api/v1/tasks", "/api/v1/tasks?before={task}", "", Own),
    case("POST /api/v1/tasks/{id}/done", "/api/v1/tasks/{task}/done", "", NotFound),
    // Senders.
    case("GET /api/v1/senders", "/api/v1/senders", "", Own),
    case("POST /api/v1/senders", "/api/v1/senders", r#"{"name": "Чужой телефон"}"#, Own),
    case("GET /api/v1/senders/{id}", "/api/v1/senders/{sender}", "", NotFound),
    case("PATCH /api/v1/senders/{id}", "/api/v1/senders/{sender}", r#"{"version": 1, "name": "Чужой"}"#, NotFound),
    case("POST /api/v1/senders/{id}/archive", "/api/v1/senders/{sender}/archive", "", NotFound),
    case("POST /api/v1/senders/{id}/relink", "/api/v1/senders/{sender}/relink", "", NotFound),
    case("POST /api/v1/senders/{id}/link-code", "/api/v1/senders/{sender}/link-code", "", NotFound),
    // What was sent and what came in.
    case("GET /api/v1/messages", "/api/v1/messages", "", Own),
    case("GET /api/v1/messages", "/api/v1/messages?phone=4567&before={message}", "", Own),
    case("GET /api/v1/messages", "/api/v1/messages?branch_id={branch}", "", NotFound),
    case("GET /api/v1/messages", "/api/v1/messages?client_id={client}", "", NotFound),
    case("GET /api/v1/messages/totals", "/api/v1/messages/totals", "", Own),
    case("GET /api/v1/messages/totals", "/api/v1/messages/totals?branch_id={branch}", "", NotFound),
    case("GET /api/v1/messages/daily", "/api/v1/messages/daily?from=2026-01-01&to=2026-12-31", "", Own),
    case("GET /api/v1/messages/daily",
        "/api/v1/messages/daily?from=2026-01-01&to=2026-12-31&branch_id={branch}", "", NotFound),
    case("GET /api/v1/messages/{id}", "/api/v1/messages/{message}", "", NotFound),
    case("GET /api/v1/incoming-messages", "/api/v1/incoming-messages", "", Own),
    case("GET /api/v1/incoming-messages", "/api/v1/incoming-messages?before={incoming}", "", Own),
    case("GET /api/v1/incoming-messages", "/api/v1/incoming-messages?client_id={client}", "", NotFound),
    // What is said, and when.
    case("GET /api/v1/appointments/{id}/explain", "/api/v1/appointments/{appointment}/explain", "", NotFound),
    case("GET /api/v1/forecast", "/api/v1/forecast", "", Own),
    case("GET /api/v1/forecast", "/api/v1/forecast?branch_id={branch}", "", NotFound),
    // External journals.
    case("GET /api/v1/journals", "/api/v1/journals", "", Own),
    case("POST /api/v1/journals", "/api/v1/journals",
        r#"{"branch_id": "{branch}", "kind": "yclients", "location_id": "4564"}"#, UnknownId("branch_id")),
    case("GET /api/v1/journals/{id}", "/api/v1/journals/{journal}", "", NotFound),
    case("POST /api/v1/journals/{id}/unlink", "/api/v1/journals/{journal}/unlink", "", NotFound),
];
