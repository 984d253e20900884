//! Words of filters, each read on its own so that all that are wrong are named at once.

use vestnik_app::FieldError;

/// Reads one word; `words` say in Russian and English what would be right.
pub(super) fn word<T>(
    field: &'static str,
    text: Option<String>,
    parse: impl Fn(&str) -> Option<T>,
    words: [&'static str; 2],
    wrong: &mut Vec<FieldError>,
) -> Option<T> {
    let text = text?;
    let read = parse(&text);
    if read.is_none() {
        let [russian, english] = words;
        wrong.push(FieldError::new(field, "malformed", russian, english));
    }
    read
}
