//! What must hold in every history, and a history in which it did not.

use std::fmt;

/// One rule that the model watches over. What is not watched yet has its reason in
/// docs/simulation.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// I1: of one message at most one try goes on the air, the unknown counted.
    OneTry,
    /// I2: nothing is given away or sent after its time, or about a visit that is off.
    InTime,
    /// I3: what nothing stands in the way of is handed over in time.
    Prompt,
    /// I4: a try's rank never falls, every end has a reason, nothing stays open for ever.
    RankRises,
    /// I5: pace and daily limit of a sender hold.
    Pace,
    /// I6: nothing goes to whom the rules in force bar it from.
    Barred,
    /// I7: what was forecast is what goes, if nothing changed in between.
    Forecast,
    /// I9: a call of one organization touches only its rows.
    OwnRows,
    /// I10: an older copy sends nothing until it is let go, and then nothing that fell due before.
    Held,
    /// I11: what was acknowledged stands, and one key has one effect.
    Acknowledged,
    /// N4: «changed» says something new.
    Undone,
    /// N5: reminders go at their own time.
    Reminders,
    /// N12: reminders keep the quiet hours.
    QuietHours,
    /// N16: no kind speaks twice of one occasion.
    ToldOnce,
    /// Imported visits are not announced, nor reminded of unless that was asked for.
    Imports,
    /// An SMS that came in is kept once, and shown on its visit.
    Answers,
    /// An external journal and ours come to one state, by what people did and nothing else.
    Journals,
    /// The totals of each day are what counting its tries gives.
    Totals,
    /// What a text says is so at its intent, and it goes to the right number.
    Truth,
    /// In the end every client was told last what is so.
    Eventually,
    /// The phone could read every answer, and was never refused without cause.
    Protocol,
    /// Loops and use cases come to rest and never fail by themselves.
    Rest,
}

impl Invariant {
    pub fn name(self) -> &'static str {
        match self {
            Invariant::OneTry => "I1 one try on the air",
            Invariant::InTime => "I2 in time",
            Invariant::Prompt => "I3 in good time",
            Invariant::RankRises => "I4 ranks rise and end",
            Invariant::Pace => "I5 pace and daily limit",
            Invariant::Barred => "I6 barred by the settings",
            Invariant::Forecast => "I7 as forecast",
            Invariant::OwnRows => "I9 own rows only",
            Invariant::Held => "I10 held until let go",
            Invariant::Acknowledged => "I11 acknowledged survives",
            Invariant::Undone => "N4 changed tells something new",
            Invariant::Reminders => "N5 reminders at their time",
            Invariant::QuietHours => "N12 quiet hours",
            Invariant::ToldOnce => "N16 told once",
            Invariant::Imports => "imports say nothing unasked",
            Invariant::Answers => "answers are shown",
            Invariant::Journals => "both journals agree",
            Invariant::Totals => "daily totals add up",
            Invariant::Truth => "the text is true",
            Invariant::Eventually => "told in the end",
            Invariant::Protocol => "the phone's protocol",
            Invariant::Rest => "nothing fails by itself",
        }
    }
}

/// What was expected and was not so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub invariant: Invariant,
    pub words: String,
}

impl Violation {
    pub(super) fn new(invariant: Invariant, words: impl Into<String>) -> Violation {
        Violation { invariant, words: words.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant.name(), self.words)
    }
}

/// Holds, or the violation.
pub(super) type Checked = Result<(), Violation>;

/// Refuses with `words` unless it holds.
pub(super) fn ensure(holds: bool, invariant: Invariant, words: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Violation::new(invariant, words())) }
}
