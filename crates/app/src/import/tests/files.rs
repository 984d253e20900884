//! CSV in all its spellings.

use super::*;
use encoding_rs::WINDOWS_1251;

fn rows(table: &Table) -> Vec<(u32, Vec<&str>)> {
    table
        .lines
        .iter()
        .map(|line| (line.number, line.cells.iter().map(String::as_str).collect()))
        .collect()
}

#[test]
fn the_delimiter_is_found_by_content() {
    for (text, cells) in [
        ("Имя;Телефон;Услуги\nАнна;8916;Стрижка, укладка\nВера;8917;Уход, маска\n", 3),
        ("Имя,Телефон,Заметка\n\"Анна; Вера\",8916,\"a;b;c\"\n", 3),
        ("Имя\tТелефон\tЗаметка\nАнна\t8916\ta;b,c\n", 3),
        ("a;b\n\"1,2,3,4\";5\n\"6,7,8,9\";0\n", 2),
        ("sep=|\na|b\n1;2;3|4;5;6\n", 2),
        ("Клиенты салона, всего: 2\nИмя;Телефон\nАнна;1,2,3\n", 2),
    ] {
        assert_eq!(table(text).header.len(), cells, "{text}");
    }
}

#[test]
fn quotes_line_breaks_and_empty_lines() {
    let table = table(
        "\u{FEFF}Имя;Комментарий\r\n\r\nАнна;\"первая\r\nвторая \"\"строка\"\"\"\r\n;;\r\n\
         Вера;\"Ромашка\" на Тверской\rГалина;5\" экран",
    );
    assert_eq!(table.header, ["Имя", "Комментарий"]);
    assert_eq!(
        rows(&table),
        [
            (3, vec!["Анна", "первая\nвторая \"строка\""]),
            (5, vec!["Вера", "Ромашка на Тверской"]),
            (6, vec!["Галина", "5\" экран"]),
        ]
    );
}

#[test]
fn a_title_above_the_header_is_passed_over() {
    let table = table("Отчёт за декабрь;;\n\nИмя;Телефон;Город\nАнна;8916;Москва\n");
    assert_eq!(table.header, ["Имя", "Телефон", "Город"]);
    assert_eq!(rows(&table), [(4, vec!["Анна", "8916", "Москва"])]);
}

#[test]
fn windows_1251_from_excel() {
    let text = "Клиент;Телефон\r\nЩёлокова Анна;8 (916) 123-45-67\r\n";
    let bytes = WINDOWS_1251.encode(text).0.into_owned();
    let table = decode(&bytes, Some("клиенты.csv")).unwrap();
    let read = read_clients(&table, &suggest_mapping(&table.header), Region::RUSSIA).unwrap();
    assert_eq!(read.rows[0].1.name, "Щёлокова Анна");
    assert_eq!(read.rows[0].1.phone.as_ref().unwrap().as_str(), "+79161234567");
}

#[test]
fn names_that_salons_give_their_columns() {
    for (name, column) in [
        ("Телефон", Column::Phone),
        ("Тел.", Column::Phone),
        ("Моб. телефон", Column::Phone),
        ("ФИО", Column::Name),
        ("Ф.И.О.", Column::Name),
        ("Клиент", Column::Name),
        ("Дата и время", Column::Start),
        ("Дата/время", Column::Start),
        ("Дата приёма", Column::Date),
        ("Время", Column::Time),
        ("Сотрудник", Column::Staff),
        ("Салон", Column::Branch),
        ("E-mail", Column::Email),
        ("e_mail", Column::Email),
        ("День рождения", Column::Birthday),
        ("Длительность, мин.", Column::Duration),
        ("Цена, руб.", Column::Price),
        ("ID", Column::ExternalId),
    ] {
        let mapping = suggest_mapping(&header(&["Иное", name]));
        assert_eq!(mapping.place(column), Some(1), "{name}");
    }
}

#[test]
fn files_that_are_no_table() {
    for (bytes, name, code) in [
        (&b""[..], "a.csv", "file_empty"),
        (b" \n ;; \n", "a.csv", "file_empty"),
        (b"\xEF\xBB\xBF", "a.csv", "file_empty"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "a.xls", "file_old_excel"),
        (
            b"\xD0\xCF\x11\xE0 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
            "a.xlsx",
            "file_password_protected",
        ),
        (b"<html><table><tr><td>1</td></tr></table>", "a.xls", "file_web_page"),
        (b"%PDF-1.7\0\xFF\xFE", "a.pdf", "file_not_a_table"),
        (b"\x1F\x8B\x08\0\0\0", "a.xlsx", "file_damaged_workbook"),
        (b"a;b\n\"1;2\n", "a.csv", "file_quote_not_closed"),
    ] {
        let error = decode(bytes, Some(name)).expect_err(name);
        assert_eq!(error.code(), code, "{name}");
        assert_ne!(error.message(Language::Russian), error.message(Language::English));
    }
}
