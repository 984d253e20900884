//! Which channels there are: one line each. A new channel is its folder, its `mod` line and its line
//! here; the tests of this crate name whatever was forgotten.

use std::fmt::Write as _;

use crate::android_phone::AndroidPhone;
use crate::contract::Channel;
use crate::log::Log;

/// Every channel, in the order of the documentation.
pub static CHANNELS: &[&dyn Channel] = &[&AndroidPhone, &Log];

/// The channel whose adapter has this name.
pub fn by_name(name: &str) -> Option<&'static dyn Channel> {
    CHANNELS.iter().copied().find(|channel| channel.name() == name)
}

/// The table of all channels in Markdown, as it stands in the documentation.
pub fn markdown_table() -> String {
    let mut table = String::from(
        "| adapter | channel | drive | text, at most | receipts | recall | repeated safely |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for channel in CHANNELS {
        let abilities = channel.abilities();
        let mut limit = format!("{} characters", abilities.text_limit.max_units);
        if let Some(parts) = abilities.text_limit.max_sms_parts {
            let _ = write!(limit, ", {parts} SMS parts");
        }
        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {limit} | {} | {} | {} |",
            channel.name(),
            channel.channel(),
            channel.drive().name(),
            abilities.receipts.name(),
            yes_or_no(abilities.can_recall),
            yes_or_no(abilities.repeats_safely),
        );
    }
    table
}

fn yes_or_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_finds_its_channel_and_nothing_else() {
        for channel in CHANNELS {
            assert_eq!(by_name(channel.name()).unwrap().name(), channel.name());
        }
        assert!(by_name("Log").is_none() && by_name("").is_none());
    }
}
