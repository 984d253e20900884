//! One turn of a loop. A turn that panics is a turn that failed: the loop goes on, since a process
//! that looks alive and sends nothing is worse than one that says what went wrong.

use std::future::Future;
use vestnik_app::AppError;

/// Runs `turn` to its end; a panic inside becomes an `Internal` error.
pub(crate) async fn take<T: Send + 'static>(
    turn: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<T, AppError> {
    match tokio::spawn(turn).await {
        Ok(outcome) => outcome,
        Err(died) => Err(AppError::Internal(format!("a turn died: {died}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_turn_that_panics_is_a_turn_that_failed() {
        let died = take::<usize>(async { panic!("a rule that nobody thought of") }).await;
        assert!(matches!(died, Err(AppError::Internal(_))), "{died:?}");
        assert_eq!(take(async { Ok(3) }).await.unwrap(), 3);
    }
}
