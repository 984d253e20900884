//! Finding a client by a part of the phone number, as it is typed into a search box.

/// Fewer digits would match nearly everyone.
const SEARCH_DIGITS_MIN: usize = 2;
/// A full Russian number with its trunk prefix 8.
const FULL_NUMBER_DIGITS: usize = 11;

/// The digits to look for inside [`super::PhoneNumber::digits`], or `None` if `text` is no part of
/// a number (it has letters, or fewer than two digits). A leading 8 that is plainly the trunk
/// prefix («8 916», «8(916)», eleven digits) is read as 7; for one that may be either see
/// [`search_variants`]. After a plus it is a country's («+852 …»), but for the slip «+8 916».
pub fn search_digits(text: &str) -> Option<String> {
    search_variants(text).into_iter().next()
}

/// Every reading of `text`: «8916» may begin a number (7916…) or be its last four digits. Empty
/// where [`search_digits`] finds nothing to look for.
pub fn search_variants(text: &str) -> Vec<String> {
    let Some(typed) = bare_digits(text) else {
        return Vec::new();
    };
    let is_of_a_country = text.trim_start().starts_with('+') && !typed.starts_with("89");
    let Some(rest) = typed.strip_prefix('8').filter(|_| !is_of_a_country) else {
        return vec![typed];
    };
    let in_russia = format!("7{rest}");
    match typed.len() == FULL_NUMBER_DIGITS || eight_stands_apart(text) {
        true => vec![in_russia],
        false => vec![typed, in_russia],
    }
}

fn bare_digits(text: &str) -> Option<String> {
    if text.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= SEARCH_DIGITS_MIN).then_some(digits)
}

/// Is the first 8 followed by a bracket, a space or a dash?
fn eight_stands_apart(text: &str) -> bool {
    let mut from_eight = text.chars().skip_while(|character| *character != '8').skip(1);
    from_eight.next().is_some_and(|next| !next.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_number_becomes_the_digits_to_look_for() {
        let cases: &[(&str, &[&str])] = &[
            ("4567", &["4567"]),
            ("45-67", &["4567"]),
            ("+7 916", &["7916"]),
            ("8 (916) 123", &["7916123"]),
            ("8-916", &["7916"]),
            ("+8 916", &["7916"]),
            ("89161234567", &["79161234567"]),
            ("+85291234567", &["85291234567"]),
            ("8916", &["8916", "7916"]),
            ("916", &["916"]),
            ("8", &[]),
            ("", &[]),
            ("Анна", &[]),
            ("кв. 8916", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(search_variants(text), *expected, "{text}");
            assert_eq!(search_digits(text).as_deref(), expected.first().copied(), "{text}");
        }
    }
}
