//! Everything that the world asks of a node, as data, and how a node does it.

use crate::carrier::SentReceipt;
use std::collections::BTreeMap;
use vestnik_app::appointments::book::{BookAppointment, book_appointment};
use vestnik_app::appointments::edit::{EditAppointment, edit_appointment};
use vestnik_app::appointments::idempotency::Idempotency;
use vestnik_app::appointments::status::{SetStatus, set_status};
use vestnik_app::clients::edit_client::{ClientEdit, edit_client};
use vestnik_app::import::RowKind;
use vestnik_app::import_run::{ImportOptions, ImportReport, home_region, import, read_file};
use vestnik_app::journals::link_branch::{LinkBranch, link_branch};
use vestnik_app::journals::webhook::WebhookReply;
use vestnik_app::nodes::Sidecar;
use vestnik_app::phones::webhook::{self, WebhookRequest};
use vestnik_app::phones::{PhoneHeaders, PhoneReply, device, pull, register, report};
use vestnik_app::senders::edit::{EditSender, edit_sender, relink_phone};
use vestnik_app::settings::{SettingsEdit, edit_settings};
use vestnik_app::templates::{Place, restore_standard, save_template};
use vestnik_app::visits::act::{VisitAction, act};
use vestnik_app::{App, AppError, Caller, effects, journals, messages, nodes, sending, stops};
use vestnik_domain::appointment::Appointment;
use vestnik_domain::ids::{AppointmentId, ClientId, JournalLinkId, OrganizationId, SenderId};
use vestnik_domain::settings::SettingsVersion;

const APP: &str = "me.capcom.smsgateway/1.68.0";

#[derive(Debug, Clone)]
pub(super) enum Command {
    Book {
        caller: Caller,
        book: Box<BookAppointment>,
        key: Idempotency,
    },
    Edit {
        caller: Caller,
        id: AppointmentId,
        edit: EditAppointment,
    },
    SetStatus {
        caller: Caller,
        id: AppointmentId,
        status: SetStatus,
    },
    Settings {
        caller: Caller,
        edit: Box<SettingsEdit>,
    },
    SaveTemplate {
        caller: Caller,
        place: Place,
        text: String,
    },
    RestoreTemplate {
        caller: Caller,
        place: Place,
    },
    EditClient {
        caller: Caller,
        id: ClientId,
        edit: Box<ClientEdit>,
    },
    StopNumber {
        caller: Caller,
        phone: String,
    },
    LiftStop {
        caller: Caller,
        phone: String,
    },
    /// A file of visits.
    Import {
        caller: Caller,
        file: String,
        reminders: bool,
    },
    EditSender {
        caller: Caller,
        id: SenderId,
        edit: EditSender,
    },
    Relink {
        caller: Caller,
        id: SenderId,
    },
    Register {
        link_token: String,
    },
    PhoneSettings {
        device_token: String,
    },
    PhoneWebhooks {
        device_token: String,
    },
    /// Something happened on the phone.
    Webhook(Box<Posted>),
    Pull {
        device_token: String,
    },
    Report {
        device_token: String,
        body: Vec<u8>,
    },
    LinkBranch {
        caller: Caller,
        link: LinkBranch,
    },
    /// An external journal says that something changed there.
    Hint {
        organization: OrganizationId,
        link: JournalLinkId,
        body: Vec<u8>,
    },
    /// A client presses a button of the visit's page.
    OnPage {
        token: String,
        action: VisitAction,
    },
    PollJournals,
    WriteBack,
    /// A carrier says what became of a try.
    Receipt {
        organization: OrganizationId,
        sent: Box<SentReceipt>,
    },
    SweepPlans,
    Route,
    Drive,
    SweepSending,
    Beat,
    Leave,
    LetGo,
}

/// One call of a phone's webhook.
#[derive(Debug, Clone)]
pub(super) struct Posted {
    pub(super) organization: String,
    pub(super) sender: String,
    pub(super) secret: String,
    pub(super) timestamp: String,
    pub(super) signature: String,
    pub(super) body: Vec<u8>,
}

impl Command {
    pub(super) fn drives(&self) -> bool {
        matches!(self, Command::Drive)
    }

    /// Calls an external journal.
    pub(super) fn asks_journal(&self) -> bool {
        matches!(self, Command::PollJournals | Command::WriteBack)
    }

    /// What nodes do by themselves.
    pub(super) fn is_a_loop(&self) -> bool {
        matches!(
            self,
            Command::SweepPlans
                | Command::Route
                | Command::Drive
                | Command::SweepSending
                | Command::PollJournals
                | Command::WriteBack
        )
    }
}

#[derive(Debug)]
pub(super) enum Answer {
    Appointment(Box<Appointment>),
    Settings(Box<SettingsVersion>),
    LinkToken(String),
    Phone(PhoneReply),
    Sidecar(Sidecar),
    Imported(Box<ImportReport>),
    Hinted(WebhookReply),
    /// How much a loop looked at.
    Moved(usize),
    Done,
}

pub(super) type Outcome = Result<Answer, AppError>;

/// Boxes what answers with an appointment.
fn appointment(found: Appointment) -> Answer {
    Answer::Appointment(Box::new(found))
}

/// Does it on the node of `app`.
pub(super) async fn perform(app: App, command: Command) -> Outcome {
    let app = &app;
    match command {
        Command::Book { caller, book, key } => {
            book_appointment(app, &caller, *book, Some(key)).await.map(appointment)
        }
        Command::Edit { caller, id, edit } => {
            edit_appointment(app, &caller, id, edit).await.map(appointment)
        }
        Command::SetStatus { caller, id, status } => {
            set_status(app, &caller, id, status).await.map(appointment)
        }
        Command::Settings { caller, edit } => {
            edit_settings(app, &caller, *edit).await.map(|saved| Answer::Settings(Box::new(saved)))
        }
        Command::SaveTemplate { caller, place, text } => {
            save_template(app, &caller, place, &text).await.map(|_| Answer::Done)
        }
        Command::RestoreTemplate { caller, place } => {
            restore_standard(app, &caller, place).await.map(|_| Answer::Done)
        }
        Command::EditClient { caller, id, edit } => {
            edit_client(app, &caller, id, *edit).await.map(|_| Answer::Done)
        }
        Command::StopNumber { caller, phone } => {
            stops::stop_number(app, &caller, &phone).await.map(|_| Answer::Done)
        }
        Command::LiftStop { caller, phone } => {
            stops::lift_stop(app, &caller, &phone).await.map(|()| Answer::Done)
        }
        Command::Import { caller, file, reminders } => {
            let region = home_region(app, &caller).await?;
            let rows = read_file(
                RowKind::Appointments,
                file.as_bytes(),
                Some("visits.csv"),
                &BTreeMap::new(),
                region,
            )?;
            let options = ImportOptions { reminders, ..ImportOptions::default() };
            import(app, &caller, rows, options)
                .await
                .map(|report| Answer::Imported(Box::new(report)))
        }
        Command::EditSender { caller, id, edit } => {
            edit_sender(app, &caller, id, edit).await.map(|_| Answer::Done)
        }
        Command::Relink { caller, id } => {
            relink_phone(app, &caller, id).await.map(Answer::LinkToken)
        }
        Command::Register { link_token } => {
            let bearer = format!("Bearer {link_token}");
            let body = br#"{"name":"Vestnik/steps","simCards":[]}"#;
            register::register(app, headers(&bearer), body).await.map(Answer::Phone)
        }
        Command::PhoneSettings { device_token } => {
            let bearer = format!("Bearer {device_token}");
            device::settings(app, headers(&bearer)).await.map(Answer::Phone)
        }
        Command::PhoneWebhooks { device_token } => {
            let bearer = format!("Bearer {device_token}");
            device::webhooks(app, headers(&bearer)).await.map(Answer::Phone)
        }
        Command::Webhook(posted) => {
            let request = WebhookRequest {
                organization: &posted.organization,
                sender: &posted.sender,
                secret: &posted.secret,
                timestamp: Some(&posted.timestamp),
                signature: Some(&posted.signature),
                body: &posted.body,
            };
            webhook::receive(app, request).await.map(Answer::Phone)
        }
        Command::Pull { device_token } => {
            let bearer = format!("Bearer {device_token}");
            pull::pull(app, headers(&bearer), Some("fifo")).await.map(Answer::Phone)
        }
        Command::Report { device_token, body } => {
            let bearer = format!("Bearer {device_token}");
            report::report(app, headers(&bearer), &body).await.map(Answer::Phone)
        }
        Command::LinkBranch { caller, link } => {
            link_branch(app, &caller, link).await.map(|_| Answer::Done)
        }
        Command::Hint { organization, link, body } => hint(app, organization, link, &body).await,
        Command::OnPage { token, action } => {
            act(app, &token, action, "").await.map(|()| Answer::Done)
        }
        Command::PollJournals => journals::poll::run_once(app).await.map(Answer::Moved),
        Command::WriteBack => effects::run_once(app).await.map(Answer::Moved),
        Command::Receipt { organization, sent } => {
            let SentReceipt { sender_id, carrier_id, receipt, .. } = *sent;
            let taken =
                sending::receipts::take_in(app, organization, sender_id, &carrier_id, receipt);
            taken.await.map(|()| Answer::Done)
        }
        Command::Drive => sending::drive::run_once(app).await.map(Answer::Moved),
        Command::Beat => nodes::beat(app).await.map(Answer::Sidecar),
        Command::Leave => nodes::leave(app).await.map(|()| Answer::Done),
        Command::LetGo => nodes::let_go(app).await.map(Answer::Moved),
        Command::SweepPlans => messages::sweep::run_once(app).await.map(Answer::Moved),
        Command::Route => sending::route::run_once(app).await.map(Answer::Moved),
        Command::SweepSending => sending::sweep::run_once(app).await.map(Answer::Moved),
    }
}

/// Posts to the address that the journal was given.
async fn hint(
    app: &App,
    organization: OrganizationId,
    link: JournalLinkId,
    body: &[u8],
) -> Outcome {
    let request = journals::webhook::WebhookRequest {
        organization: &organization.to_string(),
        link: &link.to_string(),
        secret: &journals::webhook::webhook_secret(app, link),
        headers: &[],
        body,
    };
    journals::webhook::receive(app, request).await.map(Answer::Hinted)
}

fn headers(authorization: &str) -> PhoneHeaders<'_> {
    PhoneHeaders { authorization: Some(authorization), user_agent: Some(APP) }
}
