//! What the client does on the visit's page.

use super::page::{VisitPage, open_page};
use crate::appointments::status::{SetStatus, set_status};
use crate::context::App;
use crate::error::{AppError, Fields};
use vestnik_domain::appointment::Status;
use vestnik_domain::ids::TaskId;
use vestnik_domain::planning::Notify;
use vestnik_domain::task::{Task, TaskKind};
use vestnik_store::ChangeSet;

/// What the three buttons do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitAction {
    Confirm,
    AskToMove,
    Cancel,
}

/// Does it for every appointment of the visit that has not begun. Pressing twice is the same as once.
///
/// # Errors
/// `NotFound` once the link has died; `visit_begun` when nothing is left to decide.
pub async fn act(app: &App, token: &str, action: VisitAction, note: &str) -> Result<(), AppError> {
    let page = open_page(app, token).await?;
    let now = app.now();
    let mut ahead =
        page.appointments.iter().filter(|appointment| now < appointment.facts.starts_at);
    let Some(first) = ahead.next() else {
        return Err(AppError::conflict(
            "visit_begun",
            "Визит уже начался: позвоните, пожалуйста, в салон",
            "the visit has begun",
        ));
    };
    match action {
        VisitAction::AskToMove => ask_to_move(app, &page, note).await,
        VisitAction::Confirm | VisitAction::Cancel => {
            let status = match action {
                VisitAction::Cancel => Status::Cancelled,
                _ => Status::Confirmed,
            };
            for appointment in std::iter::once(first).chain(ahead) {
                if status == Status::Confirmed && appointment.status != Status::Waiting {
                    continue;
                }
                let command =
                    SetStatus { version: None, status, force: false, notify: Notify::ByRule };
                set_status(app, &page.caller(), appointment.id, command).await?;
            }
            Ok(())
        }
    }
}

/// Leaves a task for staff, once while it is open.
async fn ask_to_move(app: &App, page: &VisitPage, note: &str) -> Result<(), AppError> {
    let mut fields = Fields::new();
    let note = fields.optional_text("note", note, 500);
    fields.finish()?;
    let organization = page.link.organization_id;
    let open = app.store.tasks(organization, TaskId(i64::MAX), 200, false).await?;
    let standing = open.into_iter().find(|task| {
        task.kind == TaskKind::MoveRequested && task.visit_id == Some(page.link.visit_id)
    });
    let mut change_set = ChangeSet::new();
    match standing {
        Some(task) => {
            let changed = Task { version: task.version + 1, note, ..task.clone() };
            change_set.update(&changed, task.version);
        }
        None => {
            change_set.insert(&Task {
                organization_id: organization,
                id: TaskId(app.new_id()),
                version: 1,
                kind: TaskKind::MoveRequested,
                client_id: Some(page.client.id),
                visit_id: Some(page.link.visit_id),
                appointment_id: page.appointments.first().map(|appointment| appointment.id),
                incoming_message_id: None,
                note,
                created_at: app.now(),
                done_at: None,
                done_by: None,
            });
        }
    }
    Ok(app.store.commit(change_set).await?)
}
