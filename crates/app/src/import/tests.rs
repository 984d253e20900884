//! Whole files, as bytes, through all three steps.

mod files;
mod limits;
mod workbooks;

use super::*;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use vestnik_domain::appointment::Status;
use vestnik_domain::phone_number::Region;
use vestnik_template::Language;

fn table(text: &str) -> Table {
    decode(text.as_bytes(), None).unwrap()
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn clients(text: &str) -> ReadRows<ClientRow> {
    let table = table(text);
    read_clients(&table, &suggest_mapping(&table.header), Region::RUSSIA).unwrap()
}

fn appointments(text: &str) -> ReadRows<AppointmentRow> {
    let table = table(text);
    read_appointments(&table, &suggest_mapping(&table.header), Region::RUSSIA).unwrap()
}

/// «line column code» of every problem.
fn codes(problems: &[LineProblem]) -> Vec<String> {
    let column = |problem: &LineProblem| problem.column.clone().unwrap_or_default();
    problems.iter().map(|p| format!("{} {} {}", p.line, column(p), p.code())).collect()
}

#[test]
fn clients_of_a_salon() {
    let read = clients(
        "Фамилия;Имя;Моб. телефон;E-mail;День рождения;Пол;Комментарий;ID\r\n\
         Щукина;Анна;8 (916) 123-45-67;Anna@example.ru;17.05.1990;жен;любит кофе;17\r\n\
         ;Олег;+7 926 765 43 21;-;;м;\"аллергия; без ацетона\";\r\n",
    );
    assert_eq!(read.problems, []);
    let phones: Vec<_> =
        read.rows.iter().map(|(_, row)| row.phone.as_ref().unwrap().as_str()).collect();
    assert_eq!(phones, ["+79161234567", "+79267654321"]);
    let (line, anna) = &read.rows[0];
    assert_eq!((*line, anna.name.as_str()), (2, "Анна Щукина"));
    assert_eq!(anna.email.as_deref(), Some("Anna@example.ru"));
    assert_eq!(anna.birthday.map(|day| (day.year, day.month, day.day)), Some((Some(1990), 5, 17)));
    assert_eq!(anna.gender, Some(Gender::Female));
    assert_eq!(anna.external_id.as_deref(), Some("17"));
    let oleg = &read.rows[1].1;
    assert_eq!((oleg.name.as_str(), oleg.note.as_str()), ("Олег", "аллергия; без ацетона"));
    assert_eq!((&oleg.email, &oleg.external_id), (&None, &None));
}

#[test]
fn good_lines_of_clients_land_beside_bad_ones() {
    let read = clients(
        "Имя,Телефон,Почта,ДР\n\
         Анна,8 916 123-45-67,,\n\
         Вера,12345,вера,вчера\n\
         ,,a@b.ru,\n\
         Галина,,,\n\
         ,89161234568,,32.01.1990\n\
         Анна,+7 (916) 123-45-67,,\n\
         Дина,89161234569,,,,лишнее\n\
         #REF!,89161234570,,\n",
    );
    let lines: Vec<u32> = read.rows.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 5, 6, 7]);
    assert_eq!(
        codes(&read.problems),
        [
            "3 Телефон phone_too_short",
            "4  client_missing",
            "5 Телефон phone_missing",
            "6 Имя name_missing",
            "6 ДР birthday_unreadable",
            "7  line_repeated",
            "8  line_too_many_cells",
            "9 Имя cell_spreadsheet_error",
        ]
    );
    assert_eq!(read.problems[0].value, "12345");
    assert_eq!(read.problems[5].message(Language::Russian), "То же самое уже есть в строке 2.");
}

#[test]
fn appointments_of_a_journal() {
    let read = appointments(
        "Дата и время;Клиент;Телефон;Услуги;Мастер;Филиал;Статус;Длительность;Комментарий;ID\n\
         25.12.2026 15:00;Анна;8 (916) 123-45-67;Стрижка, укладка;Ольга;Центр;Ожидает;1 ч 30 мин;;a1\n\
         2026-12-25T16:00;Вера;89161234568;Маникюр + покрытие;;;Не пришёл;60;торопится;a2\n\
         25 декабря 2026 17.00;;89161234569;;;;;;;\n",
    );
    assert_eq!(read.problems, []);
    let (line, anna) = &read.rows[0];
    assert_eq!(*line, 2);
    assert_eq!(anna.start, "2026-12-25T15:00".parse::<DateTime>().unwrap());
    assert_eq!(anna.services, ["Стрижка", "укладка"]);
    assert_eq!(anna.staff.as_deref(), Some("Ольга"));
    assert_eq!(anna.branch.as_deref(), Some("Центр"));
    assert_eq!((anna.status, anna.duration_min), (Some(Status::Waiting), Some(90)));
    assert_eq!(anna.external_id.as_deref(), Some("a1"));
    let vera = &read.rows[1].1;
    assert_eq!((vera.status, vera.staff.as_ref()), (Some(Status::NoShow), None));
    assert_eq!((vera.client_name.as_str(), vera.comment.as_str()), ("Вера", "торопится"));
    let third = &read.rows[2].1;
    assert_eq!((third.status, third.services.len(), third.end), (None, 0, None));
}

#[test]
fn start_and_end_come_from_one_column_or_from_several() {
    // header, line, start, end
    for (header, line, start, end) in [
        ("Дата;Время", "25.12.2026;15:00", "2026-12-25T15:00", None),
        (
            "Дата;Начало;Конец",
            "25.12.2026;15:00;16:30",
            "2026-12-25T15:00",
            Some("2026-12-25T16:30"),
        ),
        ("Дата;Время", "25.12.2026;15:00-16:30", "2026-12-25T15:00", Some("2026-12-25T16:30")),
        ("Дата;Время", "25.12.2026 00:00:00;9.30", "2026-12-25T09:30", None),
        ("Дата;Комментарий", "25.12.2026 15:00;", "2026-12-25T15:00", None),
        ("Начало;Окончание", "25.12.26 23:00;0:30", "2026-12-25T23:00", Some("2026-12-26T00:30")),
        (
            "Начало;Окончание",
            "25.12.26 23:00;26.12.26 01:00",
            "2026-12-25T23:00",
            Some("2026-12-26T01:00"),
        ),
        (
            "Start;End",
            "2026-12-25 15:00;2026-12-25 16:00",
            "2026-12-25T15:00",
            Some("2026-12-25T16:00"),
        ),
    ] {
        let read = appointments(&format!("Телефон;{header}\n89161234567;{line}\n"));
        assert_eq!(read.problems, [], "{header} {line}");
        let row = &read.rows[0].1;
        assert_eq!(row.start, start.parse::<DateTime>().unwrap(), "{header} {line}");
        assert_eq!(row.end, end.map(|end| end.parse().unwrap()), "{header} {line}");
    }
}

#[test]
fn all_that_is_wrong_with_an_appointment_is_named_at_once() {
    let read = appointments(
        "Телефон;Дата;Время;Конец;Длительность;Статус;Клиент\n\
         8916;32.12.2026;15:00;;долго;может быть;Анна\n\
         89161234567;;15:00;;;;\n\
         89161234567;25.12.2026;;;;;\n\
         89161234567;25.12.2026;15:00;14:00;;;\n\
         89161234567;12/25/2026;15:00;;;;\n\
         89161234567;25.12.2026;15:00;;;;Анна\n\
         89161234567;25.12.2026;15:00;;;;Анна\n",
    );
    assert_eq!(
        codes(&read.problems),
        [
            "2 Телефон phone_too_short",
            "2 Дата start_unreadable",
            "2 Длительность duration_unreadable",
            "2 Статус status_unknown",
            "3 Дата date_missing",
            "4 Время time_missing",
            "5 Конец end_not_after_start",
            "6 Дата start_unreadable",
            "8  line_repeated",
        ]
    );
    assert_eq!(read.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [7, 8]);
}

#[test]
fn missing_columns_are_named_with_what_would_be_understood() {
    let table = table("Имя;Город\nАнна;Москва\n");
    let missing =
        read_appointments(&table, &suggest_mapping(&table.header), Region::RUSSIA).unwrap_err();
    assert_eq!(missing.missing, [Column::Phone, Column::Start]);
    assert_eq!(
        missing.message(Language::Russian),
        "В файле не найдены нужные столбцы. Телефон: подойдёт название «телефон», «моб телефон», \
         «номер телефона», «phone». Дата и время визита (одним столбцом или двумя: «дата», \
         «время»): подойдёт название «дата и время», «начало», «start», «дата время»."
    );
    let missing =
        read_clients(&table, &suggest_mapping(&table.header), Region::RUSSIA).unwrap_err();
    assert_eq!(missing.missing, [Column::Phone]);
    assert_eq!(missing.code(), "import_missing_columns");
}

#[test]
fn an_explicit_mapping_wins() {
    let header = header(&["Имя", "Телефон", "Телефон мамы"]);
    let names = BTreeMap::from([(Column::Phone, "телефон МАМЫ".to_owned())]);
    let explicit = Mapping::explicit(&header, &names).unwrap();
    let mapping = suggest_mapping(&header).overridden_by(&explicit);
    assert_eq!(mapping.place(Column::Phone), Some(2));
    assert_eq!(mapping.place(Column::Name), Some(0));

    let names = BTreeMap::from([(Column::Note, "Телефон".to_owned())]);
    let explicit = Mapping::explicit(&header, &names).unwrap();
    let mapping = suggest_mapping(&header).overridden_by(&explicit);
    assert_eq!((mapping.place(Column::Note), mapping.place(Column::Phone)), (Some(1), None));

    let names = BTreeMap::from([(Column::Phone, "Мобила".to_owned())]);
    let error = Mapping::explicit(&header, &names).unwrap_err();
    assert_eq!(
        error.message(Language::Russian),
        "В файле нет столбца «Мобила». Есть такие: Имя, Телефон, Телефон мамы."
    );
}
