//! Tasks of the front desk.

use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::ids::TaskId;
use vestnik_domain::task::Task;
use vestnik_store::ChangeSet;

/// The newest tasks before `before`, at most `limit` (1 to 200); only open ones unless `all`.
pub async fn list_tasks(
    app: &App,
    caller: &Caller,
    before: Option<TaskId>,
    limit: i64,
    all: bool,
) -> Result<Vec<Task>, AppError> {
    let before = before.unwrap_or(TaskId(i64::MAX));
    Ok(app.store.tasks(caller.organization_id, before, limit.clamp(1, 200), all).await?)
}

/// Marks a task as done; doing it twice is the same as once.
pub async fn finish_task(app: &App, caller: &Caller, id: TaskId) -> Result<Task, AppError> {
    let task =
        app.store.task(caller.organization_id, id).await?.ok_or(AppError::NotFound("task"))?;
    if task.done_at.is_some() {
        return Ok(task);
    }
    let done = Task {
        version: task.version + 1,
        done_at: Some(app.now()),
        done_by: Some(caller.actor),
        ..task.clone()
    };
    let mut change_set = ChangeSet::new();
    change_set.update(&done, task.version);
    app.store.commit(change_set).await?;
    Ok(done)
}
