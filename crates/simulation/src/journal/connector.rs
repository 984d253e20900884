//! The simulated journal as the product knows a journal.

use super::behaviour::{JournalBehaviour, WriteFault};
use super::model::{JournalModel, NewRecord, StaffEdit};
use super::wire;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use vestnik_app::Clock;
use vestnik_app::journals::connector::{
    JournalConnector, JournalLocation, Page, RecordWrite, WebhookCall, WebhookHint, WebhookRefusal,
    WriteOutcome,
};
use vestnik_domain::journal::{JournalClient, JournalFault, JournalRecord};

/// A journal within this process.
pub struct SimulatedJournal {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    model: JournalModel,
    writes: VecDeque<WriteFault>,
    is_up: bool,
    polls: u32,
    waits: u32,
}

impl SimulatedJournal {
    pub fn new(clock: Arc<dyn Clock>, seed: u64, behaviour: JournalBehaviour) -> SimulatedJournal {
        let model = JournalModel::new(seed, behaviour);
        let state = State { model, writes: VecDeque::new(), is_up: true, polls: 0, waits: 0 };
        SimulatedJournal { clock, state: Mutex::new(state) }
    }

    /// Opens a place; `zone` is an IANA name.
    pub fn open(&self, place: &str, title: &str, zone: &str) {
        self.state().model.open(place, title, zone);
    }

    /// Staff enter a record; its id.
    pub fn book(&self, place: &str, record: NewRecord) -> Option<String> {
        self.state().model.book(place, record, self.clock.now())
    }

    /// Staff work in a record.
    pub fn edit(&self, place: &str, id: &str, edit: StaffEdit) {
        self.state().model.edit(place, id, edit, self.clock.now());
    }

    /// Staff work in a card alone.
    pub fn edit_card(&self, place: &str, card: JournalClient) {
        self.state().model.edit_card(place, card, self.clock.now());
    }

    /// A record as it stands there.
    pub fn record(&self, place: &str, id: &str) -> Option<JournalRecord> {
        self.state().model.record(place, id)
    }

    /// How many writes of ours landed in a record.
    pub fn writes(&self, place: &str, id: &str) -> u32 {
        self.state().model.writes(place, id)
    }

    /// How many of them said what stood there already.
    pub fn idle_writes(&self, place: &str, id: &str) -> u32 {
        self.state().model.idle_writes(place, id)
    }

    /// Is a record as our last write left it?
    pub fn is_as_we_wrote(&self, place: &str, id: &str) -> bool {
        self.state().model.is_as_we_wrote(place, id)
    }

    /// When the next webhook arrives.
    pub fn next_webhook_at(&self) -> Option<Timestamp> {
        self.state().model.next_webhook_at()
    }

    /// How often it was asked for changes.
    pub fn polls(&self) -> u32 {
        self.state().polls
    }

    /// How often it kept somebody waiting: before it took a call in, and before it answered one that
    /// did something.
    pub fn waits(&self) -> u32 {
        self.state().waits
    }

    /// The webhooks that arrive by now: place and body.
    pub fn arriving(&self) -> Vec<(String, Vec<u8>)> {
        self.state().model.arriving(self.clock.now())
    }

    /// What the next writes meet, one fault for each; after them all go through.
    pub fn plan_writes(&self, faults: impl IntoIterator<Item = WriteFault>) {
        self.state().writes.extend(faults);
    }

    /// From now on every write goes through.
    pub fn forget_planned_writes(&self) {
        self.state().writes.clear();
    }

    /// Down, it answers nothing at all.
    pub fn set_up(&self, is_up: bool) {
        self.state().is_up = is_up;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer takes its time: whoever else is running goes on meanwhile.
    async fn keep_waiting(&self) {
        self.state().waits += 1;
        tokio::task::yield_now().await;
    }

    async fn asked(&self) -> Result<MutexGuard<'_, State>, JournalFault> {
        self.keep_waiting().await;
        let state = self.state();
        if state.is_up { Ok(state) } else { Err(JournalFault::Unreachable) }
    }
}

#[async_trait::async_trait]
impl JournalConnector for SimulatedJournal {
    fn kind(&self) -> &'static str {
        "simulated"
    }

    fn title(&self) -> &'static str {
        "Пробный журнал"
    }

    fn decode_webhook(&self, call: &WebhookCall<'_>) -> Result<WebhookHint, WebhookRefusal> {
        wire::read_webhook(call.body)
    }

    async fn location(&self, location_id: &str) -> Result<JournalLocation, JournalFault> {
        let state = self.asked().await?;
        let (title, zone) = state.model.place(location_id).ok_or(JournalFault::LocationUnknown)?;
        Ok(JournalLocation { title: title.to_owned(), zone: Some(zone.to_owned()) })
    }

    async fn poll(&self, location_id: &str, cursor: Option<&str>) -> Result<Page, JournalFault> {
        let page = {
            let mut state = self.asked().await?;
            state.polls += 1;
            let now = self.clock.now();
            state.model.changes(location_id, cursor, now).ok_or(JournalFault::LocationUnknown)?
        };
        self.keep_waiting().await;
        Ok(page)
    }

    async fn fetch(
        &self,
        location_id: &str,
        record_id: &str,
    ) -> Result<Option<JournalRecord>, JournalFault> {
        Ok(self.asked().await?.model.record(location_id, record_id))
    }

    async fn write(&self, location_id: &str, write: &RecordWrite) -> WriteOutcome {
        let unreachable =
            WriteOutcome::NotWritten { fault: JournalFault::Unreachable, not_before: None };
        let lost = WriteOutcome::Unknown { fault: JournalFault::Unreachable };
        let outcome = {
            let Ok(mut state) = self.asked().await else { return unreachable };
            let fault = state.writes.pop_front().unwrap_or(WriteFault::Nothing);
            match fault {
                WriteFault::Unreachable => return unreachable,
                WriteFault::LostBefore => return lost,
                WriteFault::Nothing | WriteFault::LostAfter => {}
            }
            let outcome = match state.model.write(location_id, write, self.clock.now()) {
                Ok(Some(version)) => WriteOutcome::Written { version },
                Ok(None) => WriteOutcome::Conflict,
                Err(refusal) => WriteOutcome::Refused(refusal),
            };
            if fault == WriteFault::LostAfter { lost } else { outcome }
        };
        self.keep_waiting().await;
        outcome
    }
}
