//! The ready texts in English, in the plain characters of an SMS: each other one would halve its length.

use crate::kind::NotificationKind;
use crate::planning::{ChangedVariant, Variant};
use crate::settings::Lead;
use crate::template_choice::TemplateVariant;

pub(super) fn text(kind: NotificationKind, variant: TemplateVariant) -> &'static str {
    match variant {
        TemplateVariant::Visits => about_visits(kind),
        TemplateVariant::One(variant) => about_one(kind, variant),
    }
}

fn about_one(kind: NotificationKind, variant: Variant) -> &'static str {
    match kind {
        NotificationKind::Confirmation => {
            "Your booking is accepted: [Date] at [Time]{, [Service]}{ with [Master]}. \
             [Salon]{, [Address]}"
        }
        NotificationKind::Created => {
            "You are booked for [Date] at [Time]{: [Service]}{ with [Master]}. [Salon]{, [Address]}"
        }
        NotificationKind::Changed => changed(variant),
        NotificationKind::Cancelled => {
            "Your appointment on [Date] at [Time]{ ([Service])} is cancelled. [Salon]"
        }
        NotificationKind::Reminder => match variant {
            // So near to the visit the link to change it is of little use.
            Variant::Lead(Lead::Minutes(_)) => {
                "We expect you on [Date] at [Time]{: [Service]}{ with [Master]}. \
                 [Salon]{, [Address]}"
            }
            _ => {
                "A reminder of your appointment on [Date] at [Time]{: [Service]}{ with [Master]}. \
                 [Salon]{, [Address]}{. To change it: [Link]}"
            }
        },
        NotificationKind::ConfirmationRequest => {
            "Please confirm your appointment on [Date] at [Time]{: [Service]}{ with [Master]}. \
             [Salon]{: [Link]}"
        }
        NotificationKind::ConfirmationNotice => {
            "Your appointment on [Date] at [Time] is confirmed{: [Service]}{ with [Master]}. \
             See you! [Salon]{, [Address]}"
        }
    }
}

fn changed(variant: Variant) -> &'static str {
    match variant {
        Variant::Changed(ChangedVariant::Moved) => {
            "Your appointment is moved{ from [Old date] [Old time]} to [Date] at \
             [Time]{: [Service]}{ with [Master]}. [Salon]{, [Address]}"
        }
        Variant::Changed(ChangedVariant::StaffChanged) => {
            "On [Date] at [Time] you will be seen by [Master]{ ([Service])}. [Salon]{, [Address]}"
        }
        Variant::Changed(ChangedVariant::ServicesChanged) => {
            "The services of your appointment on [Date] at [Time] are \
             changed{: [Service]}. [Salon]{, [Address]}"
        }
        Variant::Changed(ChangedVariant::Several) | Variant::Plain | Variant::Lead(_) => {
            "Your appointment is changed. Now: [Visits]. [Salon]{, [Address]}"
        }
    }
}

fn about_visits(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Confirmation => {
            "Your bookings are accepted: [Visits]. [Salon]{, [Address]}"
        }
        NotificationKind::Created => "You are booked for: [Visits]. [Salon]{, [Address]}",
        NotificationKind::Changed => {
            "Your appointment is changed. Now: [Visits]. [Salon]{, [Address]}"
        }
        NotificationKind::Cancelled => "Your appointments are cancelled: [Visits]. [Salon]",
        NotificationKind::Reminder => {
            "A reminder of your appointments: [Visits]. [Salon]{, [Address]}"
        }
        NotificationKind::ConfirmationRequest => {
            "Please confirm your appointments: [Visits]. [Salon]{: [Link]}"
        }
        NotificationKind::ConfirmationNotice => {
            "Your appointments are confirmed: [Visits]. See you! [Salon]{, [Address]}"
        }
    }
}
