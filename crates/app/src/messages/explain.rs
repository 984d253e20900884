//! N15: what will be sent, when, and why; and for what is not, the rule that stops it. Answered by
//! the very plan that sends.

use super::replan::{Look, look};
use crate::appointments::change::{self, Offer};
use crate::context::{App, Caller};
use crate::error::AppError;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::message::Message;
use vestnik_domain::planning::{PlannedMessage, Silence};

/// Everything that is known of the messages of one appointment.
pub struct Explanation {
    pub appointment: Appointment,
    /// What should be sent, as of now.
    pub planned: Vec<PlannedMessage>,
    /// What should not, and why.
    pub silences: Vec<Silence>,
    /// What stands in the books: waiting, sent, cancelled, skipped.
    pub messages: Vec<Message>,
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
    Ok(explain(&look, appointment))
}

fn explain(look: &Look, appointment: Appointment) -> Explanation {
    let plan = look.plan();
    let id = appointment.id;
    Explanation {
        planned: plan.messages.into_iter().filter(|planned| planned.covers.contains(&id)).collect(),
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
    }
}
