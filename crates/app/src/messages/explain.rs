//! N15: what will be sent, when, and why; and for what is not, the rule that stops it. Answered by
//! the very plan that sends.

use super::replan::{Look, look};
use super::words::Wording;
use crate::appointments::change::{self, Offer};
use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::composition::Composed;
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::message::Message;
use vestnik_domain::planning::{PlannedMessage, Silence};

/// Everything that is known of the messages of one appointment.
pub struct Explanation {
    pub appointment: Appointment,
    /// What should be sent, as of now, with its words.
    pub planned: Vec<WordedMessage>,
    /// What should not, and why.
    pub silences: Vec<Silence>,
    /// What stands in the books: waiting, sent, cancelled, skipped.
    pub messages: Vec<Message>,
}

/// A planned message as it would read if it went now.
pub struct WordedMessage {
    pub planned: PlannedMessage,
    /// `None` where nothing would be left to tell.
    pub words: Option<Composed>,
}

/// Words what is planned. The link of a visit's page is made when a text first goes, so here it
/// stands as an example.
pub(crate) fn worded(
    app: &App,
    wording: &Wording,
    look: &Look,
    offer: &Offer,
    planned: Vec<PlannedMessage>,
) -> Vec<WordedMessage> {
    let link = app.visit_address("…");
    planned
        .into_iter()
        .map(|planned| {
            let link = wording.may_carry_link(app, planned.kind).then_some(link.as_str());
            let kind = (planned.kind, planned.variant);
            let words = wording
                .words(look.client(), offer, kind, &look.covered(&planned.covers), link)
                .ok();
            WordedMessage { planned, words }
        })
        .collect()
}

/// Explains one appointment.
pub async fn explain_appointment(
    app: &App,
    caller: &Caller,
    id: AppointmentId,
) -> Result<Explanation, AppError> {
    let appointment = change::current(app, caller, id, None).await?;
    let offer = Offer::read(app, caller).await?;
    let client = crate::clients::get(app, caller, appointment.client_id).await?;
    let look = look(app, caller, &client, &offer).await?;
    let wording = Wording::read(app, caller).await?;
    let plan = look.plan();
    let planned =
        plan.messages.into_iter().filter(|planned| planned.covers.contains(&id)).collect();
    Ok(Explanation {
        planned: worded(app, &wording, &look, &offer, planned),
        silences: plan
            .silences
            .into_iter()
            .filter(|silence| {
                silence.appointment_id == id || silence.visit_id == appointment.visit_id
            })
            .collect(),
        messages: look
            .messages()
            .iter()
            .filter(|message| message.covers.contains(&id))
            .cloned()
            .collect(),
        appointment,
    })
}
