//! Characters that have no business in a message: they show nothing, break lines behind the author's
//! back, or make a reader see other words than were written.

/// Whether the character is a control character (other than a line break) or changes the direction
/// in which the text around it is shown.
pub(crate) fn is_control(c: char) -> bool {
    let turns_direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && c != '\n') || turns_direction
}

/// Whether the character is a blank within a line.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\n'
}
