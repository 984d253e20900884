//! Which text applies: the branch's own before the organization's before the standard one (T4, T5, T8).

use crate::ids::{BranchId, OrganizationId, TemplateId};
use crate::kind::NotificationKind;
use crate::planning::{ChangedVariant, Variant};
use crate::settings::Lead;
use crate::standard_templates::standard_text;
use crate::variables::{CATALOGUE, VISITS};
use jiff::Timestamp;
use vestnik_template::{Language, Template, parse};

/// The channels that may have texts of their own.
pub const CHANNELS: [&str; 8] =
    ["android_phone", "sms", "viber", "whatsapp", "telegram", "max", "vk", "email"];

/// One saved text; never overwritten: a save retires it and inserts the next.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTemplate {
    pub organization_id: OrganizationId,
    pub id: TemplateId,
    pub version: i64,
    /// `None`: the whole organization's.
    pub branch_id: Option<BranchId>,
    pub kind: NotificationKind,
    pub variant: TemplateVariant,
    pub language: Language,
    /// One of [`CHANNELS`]; `None`: any.
    pub channel: Option<String>,
    pub text: String,
    pub created_at: Timestamp,
    /// When another text, or the standard one, took its place.
    pub replaced_at: Option<Timestamp>,
}

/// Which of a kind's texts: those of planning, and the one for a message about several visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TemplateVariant {
    One(Variant),
    /// Several appointments in one message; it must list them.
    Visits,
}

impl TemplateVariant {
    /// The word in columns and the API: as [`Variant::key`], or `visits`.
    pub fn key(self) -> String {
        match self {
            TemplateVariant::One(variant) => variant.key(),
            TemplateVariant::Visits => VISITS.to_owned(),
        }
    }

    /// Reads what [`TemplateVariant::key`] wrote.
    pub fn parse(key: &str) -> Option<TemplateVariant> {
        if key == VISITS {
            return Some(TemplateVariant::Visits);
        }
        Variant::parse(key).map(TemplateVariant::One)
    }

    /// Must its texts list the visits? A change of several things names the whole visit.
    pub fn lists_visits(self) -> bool {
        match self {
            TemplateVariant::Visits => true,
            TemplateVariant::One(variant) => variant == Variant::Changed(ChangedVariant::Several),
        }
    }

    /// Does the kind have this text? «Changed» tells what changed, and its `several` lists the visits.
    pub fn belongs_to(self, kind: NotificationKind) -> bool {
        let is_change = matches!(self, TemplateVariant::One(Variant::Changed(_)));
        match (kind, self) {
            (NotificationKind::Changed, _) => is_change,
            (NotificationKind::Reminder, TemplateVariant::One(Variant::Lead(_))) => true,
            (_, TemplateVariant::One(Variant::Plain) | TemplateVariant::Visits) => true,
            _ => false,
        }
    }

    /// The texts of a kind, given the leads of reminders that are set.
    pub fn all(kind: NotificationKind, leads: &[Lead]) -> Vec<TemplateVariant> {
        let mut all: Vec<TemplateVariant> = match kind {
            NotificationKind::Changed => {
                let changed = ChangedVariant::ALL.into_iter();
                return changed.map(|one| TemplateVariant::One(Variant::Changed(one))).collect();
            }
            NotificationKind::Reminder => {
                leads.iter().map(|lead| TemplateVariant::One(Variant::Lead(*lead))).collect()
            }
            _ => Vec::new(),
        };
        all.insert(0, TemplateVariant::One(Variant::Plain));
        all.push(TemplateVariant::Visits);
        all
    }

    /// The standard text of a kind for this planned variant.
    pub fn standard(kind: NotificationKind, variant: Variant, several: bool) -> TemplateVariant {
        match (kind, several) {
            (NotificationKind::Changed, true) => {
                TemplateVariant::One(Variant::Changed(ChangedVariant::Several))
            }
            (_, true) => TemplateVariant::Visits,
            (_, false) => TemplateVariant::One(variant),
        }
    }
}

/// What a text is needed for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted<'a> {
    pub kind: NotificationKind,
    pub variant: Variant,
    /// The message speaks of several appointments.
    pub several: bool,
    /// `None`: only texts of the whole organization are looked at.
    pub branch_id: Option<BranchId>,
    pub language: Language,
    /// `None`: only texts for any channel are looked at.
    pub channel: Option<&'a str>,
}

/// The text that applies.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen<'a> {
    Own(&'a StoredTemplate, Template),
    Standard(&'static str),
}

/// Chooses among the saved texts: the branch's before the organization's, then the exact variant
/// before the plain one, then the channel's before the general one; none fits: the standard text.
/// A message about several appointments takes only texts that list them. With `only_standard` (T5)
/// own texts are kept but not used.
pub fn choose<'a>(
    stored: &'a [StoredTemplate],
    wanted: &Wanted<'_>,
    only_standard: bool,
) -> Chosen<'a> {
    let candidates = if only_standard { &[] } else { stored };
    let best = candidates
        .iter()
        .filter_map(|one| rank(one, wanted).map(|rank| (rank, one)))
        .filter_map(|(rank, one)| Some((rank, one, parse(&one.text, &CATALOGUE).ok()?)))
        .filter(|(_, _, template)| !wanted.several || template.always_names(VISITS))
        .min_by_key(|(rank, one, _)| (*rank, one.id));
    match best {
        Some((_, one, template)) => Chosen::Own(one, template),
        None => {
            let variant = TemplateVariant::standard(wanted.kind, wanted.variant, wanted.several);
            Chosen::Standard(standard_text(wanted.kind, variant, wanted.language))
        }
    }
}

/// (branch, variant, channel), each the smaller the closer; `None`: not for this message.
fn rank(one: &StoredTemplate, wanted: &Wanted<'_>) -> Option<(bool, usize, bool)> {
    let is_general = one.branch_id.is_none();
    let fits = one.replaced_at.is_none()
        && one.kind == wanted.kind
        && one.language == wanted.language
        && (is_general || one.branch_id == wanted.branch_id)
        && (one.channel.is_none() || one.channel.as_deref() == wanted.channel);
    let variant = variants(wanted).iter().position(|variant| *variant == one.variant)?;
    fits.then_some((is_general, variant, one.channel.is_none()))
}

/// The variants that serve, the closest first.
fn variants(wanted: &Wanted<'_>) -> [TemplateVariant; 3] {
    let exact = TemplateVariant::One(wanted.variant);
    let standard = TemplateVariant::standard(wanted.kind, wanted.variant, wanted.several);
    [standard, exact, TemplateVariant::One(Variant::Plain)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Variant = Variant::Lead(Lead::Days(1));

    fn text(id: i64, branch: i64, variant: &str, channel: &str, text: &str) -> StoredTemplate {
        StoredTemplate {
            organization_id: OrganizationId(1),
            id: TemplateId(id),
            version: 1,
            branch_id: (branch != 0).then_some(BranchId(branch)),
            kind: NotificationKind::Reminder,
            variant: TemplateVariant::parse(variant).unwrap(),
            language: Language::Russian,
            channel: (!channel.is_empty()).then(|| channel.to_owned()),
            text: text.to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            replaced_at: None,
        }
    }

    fn wanted(several: bool) -> Wanted<'static> {
        Wanted {
            kind: NotificationKind::Reminder,
            variant: DAY,
            several,
            branch_id: Some(BranchId(7)),
            language: Language::Russian,
            channel: Some("sms"),
        }
    }

    fn chosen(stored: &[StoredTemplate], wanted: &Wanted<'_>, only_standard: bool) -> i64 {
        match choose(stored, wanted, only_standard) {
            Chosen::Own(own, _) => own.id.0,
            Chosen::Standard(_) => 0,
        }
    }

    #[test]
    fn the_closest_text_wins() {
        let plain = "[Дата] [Время]";
        let mut stored = vec![
            text(1, 7, "1d", "sms", plain),
            text(2, 7, "1d", "", plain),
            text(3, 7, "", "sms", plain),
            text(4, 7, "", "", plain),
            text(5, 0, "1d", "sms", plain),
            text(6, 0, "1d", "", plain),
            text(7, 0, "", "sms", plain),
            text(8, 0, "", "", plain),
        ];
        for closest in 1..=8 {
            assert_eq!(chosen(&stored, &wanted(false), false), closest);
            assert_eq!(chosen(&stored, &wanted(false), true), 0);
            stored.remove(0);
        }
        assert_eq!(chosen(&stored, &wanted(false), false), 0);
    }

    #[test]
    fn what_is_for_something_else_is_left_alone() {
        let plain = "[Дата] [Время]";
        let english = StoredTemplate { language: Language::English, ..text(3, 0, "", "", plain) };
        let created =
            StoredTemplate { kind: NotificationKind::Created, ..text(4, 0, "", "", plain) };
        let replaced = StoredTemplate {
            replaced_at: Some(Timestamp::UNIX_EPOCH),
            ..text(5, 0, "", "", plain)
        };
        let stored = [
            text(1, 8, "1d", "", plain),
            text(2, 7, "2d", "", plain),
            english,
            created,
            replaced,
            text(6, 7, "1d", "viber", plain),
            text(7, 7, "1d", "", "[Погода]"),
        ];
        assert_eq!(chosen(&stored, &wanted(false), false), 0);
    }

    #[test]
    fn several_visits_are_listed_or_the_standard_text_does() {
        let stored = [text(1, 7, "1d", "", "[Дата] [Время]"), text(2, 0, "", "", "Ждём: [Визиты]")];
        assert_eq!(chosen(&stored, &wanted(true), false), 2);
        assert_eq!(chosen(&stored[..1], &wanted(true), false), 0);
        assert_eq!(chosen(&stored, &wanted(false), false), 1);
        let own = [text(3, 7, "visits", "", "[Визиты]"), text(4, 7, "1d", "", "[Визиты]")];
        assert_eq!(chosen(&own, &wanted(true), false), 3);
        assert_eq!(chosen(&own, &wanted(false), false), 4);
    }

    #[test]
    fn every_text_of_a_kind_belongs_to_it() {
        for kind in NotificationKind::ALL {
            for variant in TemplateVariant::all(kind, &[Lead::Days(1), Lead::Minutes(120)]) {
                assert!(variant.belongs_to(kind), "{} {}", kind.name(), variant.key());
            }
        }
    }

    #[test]
    fn variants_are_read_as_written_and_belong_to_their_kinds() {
        for key in
            ["", "1d", "120m", "moved", "staff_changed", "services_changed", "several", "visits"]
        {
            let variant = TemplateVariant::parse(key).unwrap();
            assert_eq!(variant.key(), key);
            let kinds: Vec<&str> = NotificationKind::ALL
                .into_iter()
                .filter(|kind| variant.belongs_to(*kind))
                .map(NotificationKind::name)
                .collect();
            match key {
                "" | "visits" => assert!(kinds.len() == 6 && !kinds.contains(&"changed")),
                "1d" | "120m" => assert_eq!(kinds, ["reminder"]),
                _ => assert_eq!(kinds, ["changed"]),
            }
        }
        assert_eq!(TemplateVariant::parse("soon"), None);
    }
}
