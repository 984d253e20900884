//! What may go wrong between a journal and us, in stable codes and in words for people.

use vestnik_template::Language;

/// Why a journal could not be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JournalFault {
    /// No answer, or none that makes sense as one of the journal.
    Unreachable,
    /// It answered in words that this version does not know.
    Unreadable,
    /// It does not let us in (any more).
    AccessDenied,
    /// There is no such branch there.
    LocationUnknown,
    /// We asked more often than it allows.
    TooManyRequests,
    /// This installation has no connector of that kind.
    KindUnknown,
    /// It answered well; what it said could not be taken in here.
    NotTakenIn,
}

impl JournalFault {
    pub const ALL: [JournalFault; 7] = [
        JournalFault::Unreachable,
        JournalFault::Unreadable,
        JournalFault::AccessDenied,
        JournalFault::LocationUnknown,
        JournalFault::TooManyRequests,
        JournalFault::KindUnknown,
        JournalFault::NotTakenIn,
    ];

    pub fn code(self) -> &'static str {
        match self {
            JournalFault::Unreachable => "journal_unreachable",
            JournalFault::Unreadable => "journal_unreadable",
            JournalFault::AccessDenied => "journal_access_denied",
            JournalFault::LocationUnknown => "journal_location_unknown",
            JournalFault::TooManyRequests => "journal_too_many_requests",
            JournalFault::KindUnknown => "journal_kind_unknown",
            JournalFault::NotTakenIn => "journal_not_taken_in",
        }
    }

    pub fn parse(code: &str) -> Option<JournalFault> {
        JournalFault::ALL.into_iter().find(|fault| fault.code() == code)
    }

    /// What is wrong and what to do, for people.
    pub fn message(self, language: Language) -> &'static str {
        match (self, language) {
            (JournalFault::Unreachable, Language::Russian) => {
                "Журнал не отвечает. Мы спросим снова, делать ничего не нужно"
            }
            (JournalFault::Unreachable, Language::English) => {
                "the journal does not answer; it is asked again by itself"
            }
            (JournalFault::Unreadable, Language::Russian) => {
                "Журнал ответил непонятно. Мы спросим снова; если это не пройдёт, обновите Вестник"
            }
            (JournalFault::Unreadable, Language::English) => {
                "the journal's answer cannot be read; if this lasts, update Vestnik"
            }
            (JournalFault::AccessDenied, Language::Russian) => {
                "Журнал не пускает нас к этому филиалу: проверьте там, подключён ли Вестник"
            }
            (JournalFault::AccessDenied, Language::English) => {
                "the journal denies access to this location; check there that Vestnik is connected"
            }
            (JournalFault::LocationUnknown, Language::Russian) => {
                "В журнале нет филиала с таким номером"
            }
            (JournalFault::LocationUnknown, Language::English) => {
                "the journal has no such location"
            }
            (JournalFault::TooManyRequests, Language::Russian) => {
                "Журнал просит спрашивать реже. Мы спросим позже, делать ничего не нужно"
            }
            (JournalFault::TooManyRequests, Language::English) => {
                "the journal asks for fewer requests; it is asked again later"
            }
            (JournalFault::KindUnknown, Language::Russian) => {
                "Этот Вестник не умеет работать с таким журналом"
            }
            (JournalFault::KindUnknown, Language::English) => {
                "this installation has no connector for that journal"
            }
            (JournalFault::NotTakenIn, Language::Russian) => {
                "Журнал ответил, но у нас не получилось это записать. Мы попробуем снова; причина — в журнале сервера"
            }
            (JournalFault::NotTakenIn, Language::English) => {
                "the journal has answered, but taking its answer in failed here; it is tried again, and the server's log says why"
            }
        }
    }

    /// Why a change was given up after many tries, as the middle of a sentence.
    pub fn tried(self, language: Language) -> &'static str {
        match (self, language) {
            (JournalFault::Unreachable, Language::Russian) => "журнал долго не отвечал",
            (JournalFault::Unreachable, Language::English) => "it did not answer for hours",
            (JournalFault::Unreadable | JournalFault::NotTakenIn, Language::Russian) => {
                "журнал отвечал непонятно"
            }
            (JournalFault::Unreadable | JournalFault::NotTakenIn, Language::English) => {
                "its answers could not be read"
            }
            (JournalFault::AccessDenied, Language::Russian) => {
                "журнал не пускает нас к этому филиалу"
            }
            (JournalFault::AccessDenied, Language::English) => "it denies access to this location",
            (JournalFault::LocationUnknown, Language::Russian) => {
                "в журнале нет филиала с таким номером"
            }
            (JournalFault::LocationUnknown, Language::English) => "it has no such location",
            (JournalFault::TooManyRequests, Language::Russian) => {
                "журнал всё время просил спрашивать реже"
            }
            (JournalFault::TooManyRequests, Language::English) => {
                "it kept asking for fewer requests"
            }
            (JournalFault::KindUnknown, Language::Russian) => {
                "этот Вестник не умеет работать с таким журналом"
            }
            (JournalFault::KindUnknown, Language::English) => {
                "this installation has no connector for it"
            }
        }
    }
}
