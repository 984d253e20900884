//! Tasks of the front desk.

use crate::body::{PathId, QueryOf};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::page_size;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vestnik_app::tasks as use_case;
use vestnik_domain::ids::TaskId;
use vestnik_domain::task::{Task, TaskKind};

/// Something that a person has to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskBody {
    pub id: String,
    /// `move_requested`, `incoming_message`, `journal_refused` or `journal_overruled`.
    pub kind: String,
    pub client_id: Option<String>,
    pub visit_id: Option<String>,
    pub appointment_id: Option<String>,
    /// The SMS that it is about.
    pub incoming_message_id: Option<String>,
    /// What the client wrote, or what became of a change.
    pub note: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<jiff::Timestamp>,
}

impl From<Task> for TaskBody {
    fn from(task: Task) -> TaskBody {
        TaskBody {
            id: task.id.to_string(),
            kind: TaskKind::name(task.kind).to_owned(),
            client_id: task.client_id.map(|id| id.to_string()),
            visit_id: task.visit_id.map(|id| id.to_string()),
            appointment_id: task.appointment_id.map(|id| id.to_string()),
            incoming_message_id: task.incoming_message_id.map(|id| id.to_string()),
            note: task.note,
            created_at: task.created_at,
            done_at: task.done_at,
        }
    }
}

/// A page of tasks, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskPage {
    pub items: Vec<TaskBody>,
    /// Pass as `before` for the next page.
    pub next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TaskQuery {
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<TaskId>,
    /// 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Also tasks that are done.
    #[serde(default)]
    all: bool,
}

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_tasks)).routes(routes!(finish_task))
}

/// Tasks, newest first; only open ones unless `all=true`.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", params(TaskQuery),
    responses((status = 200, body = TaskPage),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_tasks(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<TaskQuery>,
) -> Result<Json<TaskPage>, Problem> {
    let limit = page_size(query.limit);
    let tasks = use_case::list_tasks(&state.app, &caller, query.before, limit, query.all).await?;
    let full = i64::try_from(tasks.len()).is_ok_and(|count| count == limit);
    let next = tasks.last().filter(|_| full).map(|task| task.id.to_string());
    Ok(Json(TaskPage { items: tasks.into_iter().map(TaskBody::from).collect(), next }))
}

/// Marks a task as done.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/done", tag = "tasks", params(("id" = String, Path)),
    responses((status = 200, body = TaskBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn finish_task(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<TaskId>,
) -> Result<Json<TaskBody>, Problem> {
    Ok(Json(use_case::finish_task(&state.app, &caller, id).await?.into()))
}
