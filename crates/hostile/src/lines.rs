//! Seeds are texts that a person can read: a few lines, then what the decoder is given.

/// Splits at the first empty line: the lines above it, and all bytes below. Without an empty line
/// everything is below.
pub(crate) fn above_and_below(bytes: &[u8]) -> (Vec<String>, &[u8]) {
    let Some(at) = bytes.windows(2).position(|two| two == b"\n\n") else {
        return (Vec::new(), bytes);
    };
    let (above, below) = bytes.split_at(at);
    let above = String::from_utf8_lossy(above);
    (above.split('\n').map(str::to_owned).collect(), below.get(2..).unwrap_or_default())
}

/// Is there something to read in both languages?
#[track_caller]
pub(crate) fn assert_words(russian: &str, english: &str) {
    assert!(!russian.trim().is_empty() && !english.trim().is_empty(), "{russian:?} {english:?}");
}
