use super::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};
use std::collections::BTreeSet;
use vestnik_template::Language;

const RUSSIA: Region = Region::RUSSIA;

fn seeded(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(2026),
        ..Config::default()
    }
}

#[test]
fn usual_russian_spellings_are_one_number() {
    for text in [
        "+79161234567",
        "8 (916) 123-45-67",
        "+7 916 123 45 67",
        "79161234567",
        "916 123 45 67",
        "9161234567",
        "8-916-123-45-67",
        "8.916.123.45.67",
        "8916 1234567",
        "tel:+7-916-123-45-67",
        "TEL: 8 916 123 45 67",
        "+7\u{a0}(916)\u{a0}123\u{2011}45\u{2013}67",
        "+7 916 123—45−67",
        "\u{feff}\u{202a}+7 916 123-45-67\u{202c}",
        "+8 916 123 45 67",
        "+8(916)1234567",
        "+7 8 916 123 45 67",
        "(8916) 123-45-67",
        "моб. 8 916 123-45-67",
        "8 916 123-45-67 моб.",
        "8 916 123-45-67 (моб)",
        "8 916 123-45-67 WhatsApp",
        "т.89161234567",
        "8 916 123-45-67 доб.",
        "8 916 123-45-67 доб. ___",
        "'89161234567",
        "№ 8 916 123 45 67",
        "79161234567.0",
        "８（９１６）１２３－４５－６７",
        "8 916 123,45,67",
        "8 916 123-45-67;",
        "8~10 7 916 123 45 67",
    ] {
        assert_eq!(
            PhoneNumber::parse(text, RUSSIA).map(|number| number.to_string()),
            Ok("+79161234567".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn other_numbers_keep_their_country() {
    for (text, expected) in [
        ("8 (495) 123-45-67", "+74951234567"),
        ("8 800 555-35-35", "+78005553535"),
        ("800 555-35-35", "+78005553535"),
        ("+7 701 123 45 67", "+77011234567"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+49 (0)30 901820", "+4930901820"),
        ("+39 06 698 1234", "+39066981234"),
        ("+1 212 555 0123", "+12125550123"),
        ("+380 67 123 45 67", "+380671234567"),
        ("+84 95 123 45 67", "+84951234567"),
        ("8 10 375 29 123 45 67", "+375291234567"),
    ] {
        assert_eq!(
            PhoneNumber::parse(text, RUSSIA).map(|number| number.to_string()),
            Ok(expected.to_owned()),
            "{text}"
        );
    }
    let germany = Region::parse("DE").unwrap();
    assert_eq!(PhoneNumber::parse("030 901820", germany).unwrap().as_str(), "+4930901820");
    assert_eq!(PhoneNumber::parse("+7 916 123-45-67", germany).unwrap().as_str(), "+79161234567");
    assert_eq!(Region::parse("XX"), None);
    assert_eq!(Region::parse(""), None);
}

#[test]
fn what_is_no_number_says_why() {
    for (text, code) in [
        ("", "phone_empty"),
        (" - ", "phone_empty"),
        ("нет", "phone_empty"),
        ("тел.", "phone_empty"),
        ("+", "phone_empty"),
        ("7", "phone_too_short"),
        ("123-45-67", "phone_too_short"),
        ("8 916 123", "phone_too_short"),
        ("+7 916 123 45 6", "phone_too_short"),
        ("8 916 123 45 678", "phone_too_long"),
        ("+7 916 123 45 67 8", "phone_too_long"),
        ("891612345678901", "phone_too_long"),
        ("380671234567", "phone_too_long"),
        ("+7 116 123 45 67", "phone_not_possible"),
        ("+999 123 45 67", "phone_not_possible"),
        ("8 916 123-45-67, 8 926 765-43-21", "phone_two_numbers"),
        ("89161234567/89267654321", "phone_two_numbers"),
        ("89161234567 89267654321", "phone_two_numbers"),
        ("8 916 123 45 67 8 926 765 43 21", "phone_two_numbers"),
        ("+79161234567+79267654321", "phone_two_numbers"),
        ("8 916 123-45-67 или 765-43-21", "phone_two_numbers"),
        ("8 916 123-45-67\n8 926 765-43-21", "phone_two_numbers"),
        ("8 495 123-45-67 доб. 12", "phone_extension"),
        ("8 495 123-45-67 #12", "phone_extension"),
        ("tel:+7-495-123-45-67;ext=12", "phone_extension"),
        ("8 916 АННА", "phone_unexpected_text"),
        ("8-800-FLOWERS", "phone_unexpected_text"),
        ("8 916 123-45-67 мама", "phone_unexpected_text"),
        ("8 + 916 123 45 67", "phone_unexpected_text"),
        ("anna@example.com", "phone_unexpected_text"),
        ("8916123😀4567", "phone_unexpected_text"),
        ("7,91612E+10", "phone_rounded"),
        ("7.91612E10", "phone_rounded"),
    ] {
        let error = PhoneNumber::parse(text, RUSSIA).expect_err(text);
        assert_eq!(error.code(), code, "{text}");
    }
    assert_eq!(PhoneNumber::parse(&"8 ".repeat(10_000), RUSSIA), Err(PhoneNumberError::TooLong));
}

#[test]
fn every_error_has_its_own_code_and_two_languages() {
    let errors = [
        PhoneNumberError::Empty,
        PhoneNumberError::TooShort,
        PhoneNumberError::TooLong,
        PhoneNumberError::NotPossible,
        PhoneNumberError::TwoNumbers,
        PhoneNumberError::Extension { extension: "12".to_owned() },
        PhoneNumberError::Unexpected { found: "мама".to_owned() },
        PhoneNumberError::Rounded,
    ];
    let codes: BTreeSet<_> = errors.iter().map(PhoneNumberError::code).collect();
    assert_eq!(codes.len(), errors.len());
    for error in errors {
        let russian = error.message(Language::Russian);
        let english = error.message(Language::English);
        assert!(russian.chars().any(|letter| ('а'..='я').contains(&letter)), "{russian}");
        let cyrillic = |letter: char| ('а'..='я').contains(&letter) && !"мама".contains(letter);
        assert!(!english.chars().any(cyrillic), "{english}");
        assert!(!russian.contains("  ") && !english.contains("  "), "{russian} {english}");
    }
}

#[test]
fn masked_never_shows_the_whole_number() {
    for (number, masked) in [
        ("+79161234567", "+7916•••4567"),
        ("+375291234567", "+3752•••4567"),
        ("+4930901820", "+4•••20"),
        ("+2901234", "+2•••34"),
    ] {
        let number = PhoneNumber::from_e164(number).unwrap();
        assert_eq!(number.masked(), masked);
        assert_eq!(format!("{number:?}"), format!("PhoneNumber({masked})"));
    }
}

#[test]
fn a_fixed_line_takes_no_sms() {
    for (number, possible) in [
        ("+79161234567", true),
        ("+77011234567", true),
        ("+12125550123", true),
        ("+74951234567", false),
        ("+78005553535", false),
    ] {
        let number = PhoneNumber::from_e164(number).unwrap();
        assert_eq!(number.is_mobile_possible(), possible, "{number}");
    }
}

#[test]
fn stored_numbers_are_taken_as_they_are_and_nothing_else() {
    let number: PhoneNumber = serde_json::from_str("\"+79161234567\"").unwrap();
    assert_eq!(number.digits(), "79161234567");
    assert_eq!(serde_json::to_string(&number).unwrap(), "\"+79161234567\"");
    for text in
        ["", "+", "79161234567", "+0123456789", "+7916123456x", "+1234567890123456", "+7 916"]
    {
        assert!(PhoneNumber::from_e164(text).is_err(), "{text}");
    }
}

/// Texts near to phone numbers, where most of the rules meet.
fn phone_like() -> impl Strategy<Value = String> {
    "[+]?[0-9]{0,3}[ (+.,;/-]{0,2}[0-9]{0,4}[ )+-]{0,2}[0-9]{0,8}( ?(моб|доб|и|x|e|E)[ .+]?[0-9]{0,11})?"
}

proptest! {
    #![proptest_config(seeded(2_000))]

    #[test]
    fn any_text_is_a_number_or_an_error_and_a_number_reads_as_itself(
        text in prop_oneof![any::<String>(), phone_like(), "\\PC{0,30}"],
        region in prop_oneof![Just("RU"), Just("KZ"), Just("DE"), Just("IT"), Just("AR"), Just("MX")],
    ) {
        let region = Region::parse(region).unwrap();
        if let Ok(number) = PhoneNumber::parse(&text, region) {
            prop_assert_eq!(PhoneNumber::parse(&number.to_string(), region), Ok(number.clone()));
            prop_assert_eq!(PhoneNumber::from_e164(number.as_str()), Ok(number.clone()));
            let _ = number.is_mobile_possible();
        }
        let _ = search_variants(&text);
    }

    #[test]
    fn the_short_way_says_what_the_full_way_says(
        prefix in prop_oneof![Just("+7"), Just("7"), Just("8"), Just(""), Just("+8"), Just("+79")],
        code in "[89]?[0-9]{2,3}",
        rest in "[ ()-]{0,2}[0-9]{3}[ ()-]{0,2}[0-9]{2}[ -]?[0-9]{2}",
    ) {
        let text = format!("{prefix} ({code}) {rest}");
        for region in [Region::RUSSIA, Region::parse("KZ").unwrap(), Region::parse("DE").unwrap()] {
            if let Some(short) = plain_russian_mobile(&text, region) {
                let spelled = spelling::read(&text).unwrap();
                prop_assert_eq!(parse_any(&spelled, region), Ok(short));
            }
        }
    }
}
