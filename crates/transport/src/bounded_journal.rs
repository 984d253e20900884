//! Calls to an external journal come to an end, whatever its connector or the journal does.

use jiff::SignedDuration;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use vestnik_app::journals::connector::{
    JournalConnector, JournalLocation, Page, RecordWrite, WebhookCall, WebhookHint, WebhookRefusal,
    WriteOutcome,
};
use vestnik_domain::journal::{JournalFault, JournalRecord};

/// Less than the minute after which a write that was begun is looked at by whoever comes first.
const ANSWERS_WITHIN: Duration = Duration::from_secs(50);

/// A connector each of whose calls is cut off in time. Nothing is known of a write that was cut off.
pub struct BoundedJournal {
    connector: Arc<dyn JournalConnector>,
    within: Duration,
}

impl BoundedJournal {
    /// Around a connector as it is to be registered.
    pub fn around(connector: Arc<dyn JournalConnector>) -> BoundedJournal {
        BoundedJournal { connector, within: ANSWERS_WITHIN }
    }

    async fn bounded<T>(
        &self,
        asked: impl Future<Output = Result<T, JournalFault>>,
    ) -> Result<T, JournalFault> {
        tokio::time::timeout(self.within, asked).await.unwrap_or(Err(JournalFault::Unreachable))
    }
}

#[async_trait::async_trait]
impl JournalConnector for BoundedJournal {
    fn kind(&self) -> &'static str {
        self.connector.kind()
    }

    fn title(&self) -> &'static str {
        self.connector.title()
    }

    fn poll_every(&self) -> SignedDuration {
        self.connector.poll_every()
    }

    fn decode_webhook(&self, call: &WebhookCall<'_>) -> Result<WebhookHint, WebhookRefusal> {
        self.connector.decode_webhook(call)
    }

    async fn location(&self, location_id: &str) -> Result<JournalLocation, JournalFault> {
        self.bounded(self.connector.location(location_id)).await
    }

    async fn poll(&self, location_id: &str, cursor: Option<&str>) -> Result<Page, JournalFault> {
        self.bounded(self.connector.poll(location_id, cursor)).await
    }

    async fn fetch(
        &self,
        location_id: &str,
        record_id: &str,
    ) -> Result<Option<JournalRecord>, JournalFault> {
        self.bounded(self.connector.fetch(location_id, record_id)).await
    }

    async fn write(&self, location_id: &str, write: &RecordWrite) -> WriteOutcome {
        let cut_off = WriteOutcome::Unknown { fault: JournalFault::Unreachable };
        let written = self.connector.write(location_id, write);
        tokio::time::timeout(self.within, written).await.unwrap_or(cut_off)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    /// Takes every call and answers none.
    struct Hanging;

    #[async_trait::async_trait]
    impl JournalConnector for Hanging {
        fn kind(&self) -> &'static str {
            "hanging"
        }

        fn title(&self) -> &'static str {
            "Молчащий журнал"
        }

        fn poll_every(&self) -> SignedDuration {
            SignedDuration::from_secs(7)
        }

        fn decode_webhook(&self, _: &WebhookCall<'_>) -> Result<WebhookHint, WebhookRefusal> {
            Err(WebhookRefusal::Forged)
        }

        async fn location(&self, _: &str) -> Result<JournalLocation, JournalFault> {
            pending().await
        }

        async fn poll(&self, _: &str, _: Option<&str>) -> Result<Page, JournalFault> {
            pending().await
        }

        async fn fetch(&self, _: &str, _: &str) -> Result<Option<JournalRecord>, JournalFault> {
            pending().await
        }

        async fn write(&self, _: &str, _: &RecordWrite) -> WriteOutcome {
            pending().await
        }
    }

    #[tokio::test]
    async fn a_journal_that_hangs_is_one_that_does_not_answer() {
        let bounded = BoundedJournal { connector: Arc::new(Hanging), within: Duration::ZERO };
        let unreachable = JournalFault::Unreachable;
        assert_eq!(bounded.location("1").await, Err(unreachable));
        assert_eq!(bounded.poll("1", None).await, Err(unreachable));
        assert_eq!(bounded.fetch("1", "2").await, Err(unreachable));
        let write = RecordWrite {
            record_id: "2".to_owned(),
            expected: None,
            state: None,
            start: None,
            duration_min: None,
            staff_id: None,
            service_ids: None,
            note: None,
        };
        let outcome = bounded.write("1", &write).await;
        assert_eq!(outcome, WriteOutcome::Unknown { fault: unreachable }, "it may have landed");
        assert_eq!(bounded.poll_every(), SignedDuration::from_secs(7));
    }
}
