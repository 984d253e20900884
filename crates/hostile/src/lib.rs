//! Everything that reads bytes from outside, each behind one function that takes any bytes and
//! panics if what must hold does not. A fuzzer calls these functions with what it makes up, a test
//! with the seeds that are kept; docs/fuzzing.md says how.
#![allow(clippy::unwrap_used, reason = "a failure here is a finding")]

mod answer;
mod http;
mod installation;
mod journal;
mod lines;
mod message_language;
mod phone_app;
mod phone_number;
mod short_texts;
mod sms;
mod table;
mod workbook;

/// One decoder, or a few that read the same kind of text.
pub struct Target {
    /// The folder of its seeds and the name of its dictionary.
    pub name: &'static str,
    /// Panics if the bytes are read in a way that must not be.
    pub check: fn(&[u8]),
}

/// All of them, by name.
pub const TARGETS: &[Target] = &[
    Target { name: "answer", check: answer::check },
    Target { name: "http", check: http::check },
    Target { name: "journal", check: journal::check },
    Target { name: "message_language", check: message_language::check },
    Target { name: "phone_app", check: phone_app::check },
    Target { name: "phone_number", check: phone_number::check },
    Target { name: "short_texts", check: short_texts::check },
    Target { name: "sms", check: sms::check },
    Target { name: "table", check: table::check },
    Target { name: "workbook", check: workbook::check },
];

/// The target with this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
