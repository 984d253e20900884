//! What clients answer by SMS: STOP and START are commands, everything else is for people.

use vestnik_domain::stopped_number::{StopWord, stop_word};

/// Any text as an SMS.
pub(crate) fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = stop_word(&text);
    assert_eq!(read, by_hand(&text), "{text:?}");
    // What surrounds a command changes nothing, another word makes it none.
    assert_eq!(stop_word(&format!(" «{text}»!\r\n")), read);
    assert_eq!(stop_word(&format!("не {text}")), None, "{text:?}");
    assert_eq!(stop_word(&format!("{text}я")), None, "{text:?}");
    if read.is_some() {
        assert_eq!(stop_word(&text.to_uppercase()), read, "{text:?}");
        assert_eq!(stop_word(&format!("{text} {text}")), None);
    }
}

/// The same by other means: the letters and digits of the text, if they stand together.
fn by_hand(text: &str) -> Option<StopWord> {
    let is_part = |c: &char| c.is_alphanumeric();
    let inside: Vec<char> = text.chars().skip_while(|c| !is_part(c)).collect();
    let last = inside.iter().rposition(is_part).map_or(0, |last| last + 1);
    let word: String = inside.iter().take(last).flat_map(|c| c.to_lowercase()).collect();
    match word.as_str() {
        "stop" | "стоп" => Some(StopWord::Stop),
        "start" | "старт" => Some(StopWord::Start),
        _ => None,
    }
}
