use super::standard_text;
use crate::kind::NotificationKind;
use crate::template_choice::TemplateVariant;
use crate::variables::{CATALOGUE, SampleKind, check, sample};
use std::collections::BTreeSet;
use vestnik_template::{Language, parse, sms};

/// Every text that a kind has; reminders with a lead of each unit.
fn texts() -> Vec<(NotificationKind, TemplateVariant)> {
    let keys =
        ["", "1d", "120m", "moved", "staff_changed", "services_changed", "several", "visits"];
    let variants = keys.map(|key| TemplateVariant::parse(key).unwrap());
    NotificationKind::ALL
        .into_iter()
        .flat_map(|kind| {
            variants.into_iter().filter(move |one| one.belongs_to(kind)).map(move |one| (kind, one))
        })
        .collect()
}

fn rendered(
    kind: NotificationKind,
    variant: TemplateVariant,
    language: Language,
    of: SampleKind,
) -> String {
    let template = parse(standard_text(kind, variant, language), &CATALOGUE).unwrap();
    template.render(&sample(of, language), language).unwrap()
}

#[test]
fn every_text_may_be_saved_and_never_leaves_a_hole() {
    for language in Language::ALL {
        for (kind, variant) in texts() {
            let text = standard_text(kind, variant, language);
            let template = parse(text, &CATALOGUE).unwrap();
            assert_eq!(check(&template, kind, variant, &BTreeSet::new()), [], "{text}");
            for of in SampleKind::ALL {
                let words = rendered(kind, variant, language, of);
                for wrong in ["  ", "[", "{", "%", " ,", " .", "..", ",.", ": .", "1 –"] {
                    assert!(!words.contains(wrong), "{wrong} in {words}");
                }
                assert_eq!(words.trim(), words);
            }
            let usual = rendered(kind, variant, language, SampleKind::Usual);
            let size = sms::size(&usual);
            assert!(size.parts <= 2, "{} units: {usual}", size.units);
            assert_eq!(size.first_non_gsm.is_none(), language == Language::English, "{usual}");
        }
    }
}

fn listed(language: Language, of: SampleKind) -> String {
    let lines = texts().into_iter().map(|(kind, variant)| {
        let words = rendered(kind, variant, language, of);
        format!("{} {:?}: {words}", kind.name(), variant.key())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn russian_texts_with_usual_values() {
    insta::assert_snapshot!(listed(Language::Russian, SampleKind::Usual), @r#"
    confirmation "": Запись принята: 25.12.19 в 15:00, Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12
    confirmation "visits": Записи приняты: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина). Стиль де Виль, Тверская, 12
    created "": Вы записаны 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12
    created "visits": Вы записаны: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина). Стиль де Виль, Тверская, 12
    changed "moved": Ваша запись перенесена с 24.12.19 12:30 на 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12
    changed "staff_changed": Замена мастера: 25.12.19 в 15:00 вас примет Ольга (Стрижка). Стиль де Виль, Тверская, 12
    changed "services_changed": В вашей записи 25.12.19 в 15:00 изменены услуги: Стрижка. Стиль де Виль, Тверская, 12
    changed "several": Ваша запись изменена. Теперь: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина). Стиль де Виль, Тверская, 12
    cancelled "": Запись 25.12.19 в 15:00 (Стрижка) отменена. Стиль де Виль
    cancelled "visits": Ваши записи отменены: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина). Стиль де Виль
    reminder "": Напоминаем о записи 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12. Изменить: https://vestnik.example/v/8fK2mQ7x
    reminder "1d": Напоминаем о записи 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12. Изменить: https://vestnik.example/v/8fK2mQ7x
    reminder "120m": Ждём вас 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12
    reminder "visits": Напоминаем о записях: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина). Стиль де Виль, Тверская, 12
    confirmation_request "": Пожалуйста, подтвердите запись 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль: https://vestnik.example/v/8fK2mQ7x
    confirmation_request "visits": Просим подтвердить: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина). Стиль де Виль: https://vestnik.example/v/8fK2mQ7x
    confirmation_notice "": Подтверждена запись 25.12.19 в 15:00: Стрижка, мастер Ольга. Ждём вас! Стиль де Виль, Тверская, 12
    confirmation_notice "visits": Записи подтверждены: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина). Ждём вас! Стиль де Виль, Тверская, 12
    "#);
}

#[test]
fn russian_texts_with_all_missing_that_may_be() {
    insta::assert_snapshot!(listed(Language::Russian, SampleKind::Bare), @r#"
    confirmation "": Запись принята: 25.12.19 в 15:00. Стиль де Виль
    confirmation "visits": Записи приняты: 25.12.19 в 15:00. Стиль де Виль
    created "": Вы записаны 25.12.19 в 15:00. Стиль де Виль
    created "visits": Вы записаны: 25.12.19 в 15:00. Стиль де Виль
    changed "moved": Ваша запись перенесена на 25.12.19 в 15:00. Стиль де Виль
    changed "staff_changed": Замена мастера: 25.12.19 в 15:00 вас примет наш мастер. Стиль де Виль
    changed "services_changed": В вашей записи 25.12.19 в 15:00 изменены услуги. Стиль де Виль
    changed "several": Ваша запись изменена. Теперь: 25.12.19 в 15:00. Стиль де Виль
    cancelled "": Запись 25.12.19 в 15:00 отменена. Стиль де Виль
    cancelled "visits": Ваши записи отменены: 25.12.19 в 15:00. Стиль де Виль
    reminder "": Напоминаем о записи 25.12.19 в 15:00. Стиль де Виль
    reminder "1d": Напоминаем о записи 25.12.19 в 15:00. Стиль де Виль
    reminder "120m": Ждём вас 25.12.19 в 15:00. Стиль де Виль
    reminder "visits": Напоминаем о записях: 25.12.19 в 15:00. Стиль де Виль
    confirmation_request "": Пожалуйста, подтвердите запись 25.12.19 в 15:00. Стиль де Виль
    confirmation_request "visits": Просим подтвердить: 25.12.19 в 15:00. Стиль де Виль
    confirmation_notice "": Подтверждена запись 25.12.19 в 15:00. Ждём вас! Стиль де Виль
    confirmation_notice "visits": Записи подтверждены: 25.12.19 в 15:00. Ждём вас! Стиль де Виль
    "#);
}

#[test]
fn russian_texts_with_the_longest_values() {
    insta::assert_snapshot!(listed(Language::Russian, SampleKind::Longest), @r#"
    confirmation "": Запись принята: 25.12.19 в 15:00, Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком, мастер Константинопольская-Преображенская Александра. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    confirmation "visits": Записи приняты: 25.12.19 в 10:00 Стрижка женская с мытьём и укладкой (Александра), в 12:00 Окрашивание в сложной технике (Екатерина) — Тверская, 12; 26.12.19 в 18:30 Маникюр аппаратный с покрытием гель-лаком (Константин) — Большая Никитская, 24/1. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    created "": Вы записаны 25.12.19 в 15:00: Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком, мастер Константинопольская-Преображенская Александра. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    created "visits": Вы записаны: 25.12.19 в 10:00 Стрижка женская с мытьём и укладкой (Александра), в 12:00 Окрашивание в сложной технике (Екатерина) — Тверская, 12; 26.12.19 в 18:30 Маникюр аппаратный с покрытием гель-лаком (Константин) — Большая Никитская, 24/1. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    changed "moved": Ваша запись перенесена с 24.12.19 12:30 на 25.12.19 в 15:00: Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком, мастер Константинопольская-Преображенская Александра. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    changed "staff_changed": Замена мастера: 25.12.19 в 15:00 вас примет Константинопольская-Преображенская Александра (Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком). Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    changed "services_changed": В вашей записи 25.12.19 в 15:00 изменены услуги: Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    changed "several": Ваша запись изменена. Теперь: 25.12.19 в 10:00 Стрижка женская с мытьём и укладкой (Александра), в 12:00 Окрашивание в сложной технике (Екатерина) — Тверская, 12; 26.12.19 в 18:30 Маникюр аппаратный с покрытием гель-лаком (Константин) — Большая Никитская, 24/1. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    cancelled "": Запись 25.12.19 в 15:00 (Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком) отменена. Студия красоты и здоровья «Стиль де Виль на Патриарших»
    cancelled "visits": Ваши записи отменены: 25.12.19 в 10:00 Стрижка женская с мытьём и укладкой (Александра), в 12:00 Окрашивание в сложной технике (Екатерина) — Тверская, 12; 26.12.19 в 18:30 Маникюр аппаратный с покрытием гель-лаком (Константин) — Большая Никитская, 24/1. Студия красоты и здоровья «Стиль де Виль на Патриарших»
    reminder "": Напоминаем о записи 25.12.19 в 15:00: Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком, мастер Константинопольская-Преображенская Александра. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3. Изменить: https://vestnik.example/v/8fK2mQ7x
    reminder "1d": Напоминаем о записи 25.12.19 в 15:00: Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком, мастер Константинопольская-Преображенская Александра. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3. Изменить: https://vestnik.example/v/8fK2mQ7x
    reminder "120m": Ждём вас 25.12.19 в 15:00: Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком, мастер Константинопольская-Преображенская Александра. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    reminder "visits": Напоминаем о записях: 25.12.19 в 10:00 Стрижка женская с мытьём и укладкой (Александра), в 12:00 Окрашивание в сложной технике (Екатерина) — Тверская, 12; 26.12.19 в 18:30 Маникюр аппаратный с покрытием гель-лаком (Константин) — Большая Никитская, 24/1. Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    confirmation_request "": Пожалуйста, подтвердите запись 25.12.19 в 15:00: Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком, мастер Константинопольская-Преображенская Александра. Студия красоты и здоровья «Стиль де Виль на Патриарших»: https://vestnik.example/v/8fK2mQ7x
    confirmation_request "visits": Просим подтвердить: 25.12.19 в 10:00 Стрижка женская с мытьём и укладкой (Александра), в 12:00 Окрашивание в сложной технике (Екатерина) — Тверская, 12; 26.12.19 в 18:30 Маникюр аппаратный с покрытием гель-лаком (Константин) — Большая Никитская, 24/1. Студия красоты и здоровья «Стиль де Виль на Патриарших»: https://vestnik.example/v/8fK2mQ7x
    confirmation_notice "": Подтверждена запись 25.12.19 в 15:00: Стрижка женская с мытьём и укладкой, Окрашивание в сложной технике, Маникюр аппаратный с покрытием гель-лаком, мастер Константинопольская-Преображенская Александра. Ждём вас! Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    confirmation_notice "visits": Записи подтверждены: 25.12.19 в 10:00 Стрижка женская с мытьём и укладкой (Александра), в 12:00 Окрашивание в сложной технике (Екатерина) — Тверская, 12; 26.12.19 в 18:30 Маникюр аппаратный с покрытием гель-лаком (Константин) — Большая Никитская, 24/1. Ждём вас! Студия красоты и здоровья «Стиль де Виль на Патриарших», Санкт-Петербург, проспект Героев, дом 18, корпус 2, строение 1, этаж 3
    "#);
}

#[test]
fn english_texts_with_usual_values() {
    insta::assert_snapshot!(listed(Language::English, SampleKind::Usual), @r#"
    confirmation "": Your booking is accepted: 25 Dec 2019 at 15:00, Haircut with Olga. Style de Ville, 12 Tverskaya St
    confirmation "visits": Your bookings are accepted: 25 Dec 2019 at 15:00 Haircut (Olga), at 16:00 Manicure (Irina). Style de Ville, 12 Tverskaya St
    created "": You are booked for 25 Dec 2019 at 15:00: Haircut with Olga. Style de Ville, 12 Tverskaya St
    created "visits": You are booked for: 25 Dec 2019 at 15:00 Haircut (Olga), at 16:00 Manicure (Irina). Style de Ville, 12 Tverskaya St
    changed "moved": Your appointment is moved from 24 Dec 2019 12:30 to 25 Dec 2019 at 15:00: Haircut with Olga. Style de Ville, 12 Tverskaya St
    changed "staff_changed": On 25 Dec 2019 at 15:00 you will be seen by Olga (Haircut). Style de Ville, 12 Tverskaya St
    changed "services_changed": The services of your appointment on 25 Dec 2019 at 15:00 are changed: Haircut. Style de Ville, 12 Tverskaya St
    changed "several": Your appointment is changed. Now: 25 Dec 2019 at 15:00 Haircut (Olga), at 16:00 Manicure (Irina). Style de Ville, 12 Tverskaya St
    cancelled "": Your appointment on 25 Dec 2019 at 15:00 (Haircut) is cancelled. Style de Ville
    cancelled "visits": Your appointments are cancelled: 25 Dec 2019 at 15:00 Haircut (Olga), at 16:00 Manicure (Irina). Style de Ville
    reminder "": A reminder of your appointment on 25 Dec 2019 at 15:00: Haircut with Olga. Style de Ville, 12 Tverskaya St. To change it: https://vestnik.example/v/8fK2mQ7x
    reminder "1d": A reminder of your appointment on 25 Dec 2019 at 15:00: Haircut with Olga. Style de Ville, 12 Tverskaya St. To change it: https://vestnik.example/v/8fK2mQ7x
    reminder "120m": We expect you on 25 Dec 2019 at 15:00: Haircut with Olga. Style de Ville, 12 Tverskaya St
    reminder "visits": A reminder of your appointments: 25 Dec 2019 at 15:00 Haircut (Olga), at 16:00 Manicure (Irina). Style de Ville, 12 Tverskaya St
    confirmation_request "": Please confirm your appointment on 25 Dec 2019 at 15:00: Haircut with Olga. Style de Ville: https://vestnik.example/v/8fK2mQ7x
    confirmation_request "visits": Please confirm your appointments: 25 Dec 2019 at 15:00 Haircut (Olga), at 16:00 Manicure (Irina). Style de Ville: https://vestnik.example/v/8fK2mQ7x
    confirmation_notice "": Your appointment on 25 Dec 2019 at 15:00 is confirmed: Haircut with Olga. See you! Style de Ville, 12 Tverskaya St
    confirmation_notice "visits": Your appointments are confirmed: 25 Dec 2019 at 15:00 Haircut (Olga), at 16:00 Manicure (Irina). See you! Style de Ville, 12 Tverskaya St
    "#);
}

#[test]
fn english_texts_with_all_missing_that_may_be() {
    insta::assert_snapshot!(listed(Language::English, SampleKind::Bare), @r#"
    confirmation "": Your booking is accepted: 25 Dec 2019 at 15:00. Style de Ville
    confirmation "visits": Your bookings are accepted: 25 Dec 2019 at 15:00. Style de Ville
    created "": You are booked for 25 Dec 2019 at 15:00. Style de Ville
    created "visits": You are booked for: 25 Dec 2019 at 15:00. Style de Ville
    changed "moved": Your appointment is moved to 25 Dec 2019 at 15:00. Style de Ville
    changed "staff_changed": On 25 Dec 2019 at 15:00 you will be seen by our specialist. Style de Ville
    changed "services_changed": The services of your appointment on 25 Dec 2019 at 15:00 are changed. Style de Ville
    changed "several": Your appointment is changed. Now: 25 Dec 2019 at 15:00. Style de Ville
    cancelled "": Your appointment on 25 Dec 2019 at 15:00 is cancelled. Style de Ville
    cancelled "visits": Your appointments are cancelled: 25 Dec 2019 at 15:00. Style de Ville
    reminder "": A reminder of your appointment on 25 Dec 2019 at 15:00. Style de Ville
    reminder "1d": A reminder of your appointment on 25 Dec 2019 at 15:00. Style de Ville
    reminder "120m": We expect you on 25 Dec 2019 at 15:00. Style de Ville
    reminder "visits": A reminder of your appointments: 25 Dec 2019 at 15:00. Style de Ville
    confirmation_request "": Please confirm your appointment on 25 Dec 2019 at 15:00. Style de Ville
    confirmation_request "visits": Please confirm your appointments: 25 Dec 2019 at 15:00. Style de Ville
    confirmation_notice "": Your appointment on 25 Dec 2019 at 15:00 is confirmed. See you! Style de Ville
    confirmation_notice "visits": Your appointments are confirmed: 25 Dec 2019 at 15:00. See you! Style de Ville
    "#);
}

#[test]
fn english_texts_with_the_longest_values() {
    insta::assert_snapshot!(listed(Language::English, SampleKind::Longest), @r#"
    confirmation "": Your booking is accepted: 25 Dec 2019 at 15:00, Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish with Alexandra Featherstonehaugh-Cholmondeley. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    confirmation "visits": Your bookings are accepted: 25 Dec 2019 at 10:00 Haircut with wash and styling (Alexandra), at 12:00 Colouring in a complex technique (Catherine) - 12 Tverskaya St; 26 Dec 2019 at 18:30 Manicure with gel polish (Constantine) - 24/1 Bolshaya Nikitskaya St. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    created "": You are booked for 25 Dec 2019 at 15:00: Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish with Alexandra Featherstonehaugh-Cholmondeley. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    created "visits": You are booked for: 25 Dec 2019 at 10:00 Haircut with wash and styling (Alexandra), at 12:00 Colouring in a complex technique (Catherine) - 12 Tverskaya St; 26 Dec 2019 at 18:30 Manicure with gel polish (Constantine) - 24/1 Bolshaya Nikitskaya St. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    changed "moved": Your appointment is moved from 24 Dec 2019 12:30 to 25 Dec 2019 at 15:00: Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish with Alexandra Featherstonehaugh-Cholmondeley. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    changed "staff_changed": On 25 Dec 2019 at 15:00 you will be seen by Alexandra Featherstonehaugh-Cholmondeley (Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish). Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    changed "services_changed": The services of your appointment on 25 Dec 2019 at 15:00 are changed: Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    changed "several": Your appointment is changed. Now: 25 Dec 2019 at 10:00 Haircut with wash and styling (Alexandra), at 12:00 Colouring in a complex technique (Catherine) - 12 Tverskaya St; 26 Dec 2019 at 18:30 Manicure with gel polish (Constantine) - 24/1 Bolshaya Nikitskaya St. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    cancelled "": Your appointment on 25 Dec 2019 at 15:00 (Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish) is cancelled. Style de Ville Beauty and Health Studio at the Ponds
    cancelled "visits": Your appointments are cancelled: 25 Dec 2019 at 10:00 Haircut with wash and styling (Alexandra), at 12:00 Colouring in a complex technique (Catherine) - 12 Tverskaya St; 26 Dec 2019 at 18:30 Manicure with gel polish (Constantine) - 24/1 Bolshaya Nikitskaya St. Style de Ville Beauty and Health Studio at the Ponds
    reminder "": A reminder of your appointment on 25 Dec 2019 at 15:00: Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish with Alexandra Featherstonehaugh-Cholmondeley. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg. To change it: https://vestnik.example/v/8fK2mQ7x
    reminder "1d": A reminder of your appointment on 25 Dec 2019 at 15:00: Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish with Alexandra Featherstonehaugh-Cholmondeley. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg. To change it: https://vestnik.example/v/8fK2mQ7x
    reminder "120m": We expect you on 25 Dec 2019 at 15:00: Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish with Alexandra Featherstonehaugh-Cholmondeley. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    reminder "visits": A reminder of your appointments: 25 Dec 2019 at 10:00 Haircut with wash and styling (Alexandra), at 12:00 Colouring in a complex technique (Catherine) - 12 Tverskaya St; 26 Dec 2019 at 18:30 Manicure with gel polish (Constantine) - 24/1 Bolshaya Nikitskaya St. Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    confirmation_request "": Please confirm your appointment on 25 Dec 2019 at 15:00: Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish with Alexandra Featherstonehaugh-Cholmondeley. Style de Ville Beauty and Health Studio at the Ponds: https://vestnik.example/v/8fK2mQ7x
    confirmation_request "visits": Please confirm your appointments: 25 Dec 2019 at 10:00 Haircut with wash and styling (Alexandra), at 12:00 Colouring in a complex technique (Catherine) - 12 Tverskaya St; 26 Dec 2019 at 18:30 Manicure with gel polish (Constantine) - 24/1 Bolshaya Nikitskaya St. Style de Ville Beauty and Health Studio at the Ponds: https://vestnik.example/v/8fK2mQ7x
    confirmation_notice "": Your appointment on 25 Dec 2019 at 15:00 is confirmed: Haircut with wash and styling, Colouring in a complex technique, Manicure with gel polish with Alexandra Featherstonehaugh-Cholmondeley. See you! Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    confirmation_notice "visits": Your appointments are confirmed: 25 Dec 2019 at 10:00 Haircut with wash and styling (Alexandra), at 12:00 Colouring in a complex technique (Catherine) - 12 Tverskaya St; 26 Dec 2019 at 18:30 Manicure with gel polish (Constantine) - 24/1 Bolshaya Nikitskaya St. See you! Style de Ville Beauty and Health Studio at the Ponds, 18 Heroes Avenue, building 2, block 1, 3rd floor, Saint Petersburg
    "#);
}
