//! Which column holds what: the names that salons and journals give their columns.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;
use thiserror::Error;
use vestnik_template::Language;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    Name,
    Surname,
    Patronymic,
    Phone,
    Email,
    Birthday,
    Gender,
    Note,
    ExternalId,
    /// Date and time in one cell.
    Start,
    Date,
    Time,
    End,
    Duration,
    Services,
    Staff,
    Branch,
    Status,
    /// Known, so that it is not taken for something else; prices come from services.
    Price,
}

/// Each column with the names it goes by, in the form of [`plain_name`]; the first ones are shown
/// in errors.
const NAMES: &[(Column, &str)] = &[
    (
        Column::Name,
        "имя | фио | клиент | name | имя клиента | фио клиента | клиенты | ф и о | \
         имя фамилия | фамилия имя | фамилия имя отчество | имя и фамилия | client | \
         client name | customer | customer name | full name | first name | полное имя",
    ),
    (Column::Surname, "фамилия | surname | last name | фамилия клиента"),
    (Column::Patronymic, "отчество | patronymic | middle name | отчество клиента"),
    (
        Column::Phone,
        "телефон | моб телефон | номер телефона | phone | тел | мобильный телефон | \
         мобильный | сотовый | сотовый телефон | телефон клиента | номер | \
         контактный телефон | номер клиента | телефон 1 | основной телефон | контакт | \
         phone number | mobile | mobile phone | cell | cell phone | tel | telephone | \
         client phone | customer phone",
    ),
    (
        Column::Email,
        "e mail | email | почта | эл почта | электронная почта | mail | имейл | емейл | \
         e mail клиента | email клиента | адрес электронной почты",
    ),
    (
        Column::Birthday,
        "день рождения | дата рождения | birthday | др | д р | рождение | date of birth | \
         birth date | birthdate | dob",
    ),
    (Column::Gender, "пол | gender | sex"),
    (
        Column::Note,
        "комментарий | примечание | comment | комментарии | заметка | заметки | \
         примечания | комментарий к записи | комментарий к визиту | комментарий клиента | \
         comments | note | notes",
    ),
    (
        Column::ExternalId,
        "id | внешний id | external id | ид | код | id клиента | id записи | id визита | \
         номер записи | код клиента | client id | appointment id | record id | visit id",
    ),
    (
        Column::Start,
        "дата и время | начало | start | дата время | дата и время записи | \
         дата и время визита | дата и время начала | начало записи | начало визита | \
         date time | datetime | date and time | starts at | start time",
    ),
    (
        Column::Date,
        "дата | дата визита | дата записи | date | дата приема | дата посещения | день | \
         start date | visit date | appointment date",
    ),
    (
        Column::Time,
        "время | время начала | time | время визита | время записи | время приема | час | \
         appointment time",
    ),
    (
        Column::End,
        "конец | окончание | время окончания | end | окончание записи | \
         дата и время окончания | end time | ends at",
    ),
    (
        Column::Duration,
        "длительность | продолжительность | duration | длительность мин | \
         продолжительность мин | длительность визита | длит | duration min | minutes",
    ),
    (
        Column::Services,
        "услуга | услуги | service | services | наименование услуги | название услуги | \
         процедура | процедуры | вид услуги | service name | treatment",
    ),
    (
        Column::Staff,
        "мастер | сотрудник | специалист | staff | имя мастера | врач | фио мастера | \
         фио сотрудника | исполнитель | стилист | master | employee | staff member | \
         specialist | doctor | stylist",
    ),
    (
        Column::Branch,
        "филиал | салон | точка | branch | точка продаж | адрес салона | место | студия | \
         location | salon",
    ),
    (
        Column::Status,
        "статус | статус записи | status | статус визита | состояние | посещение | \
         appointment status",
    ),
    (
        Column::Price,
        "цена | стоимость | сумма | price | стоимость услуг | к оплате | итого | \
         цена руб | стоимость руб | cost | amount | total",
    ),
];

/// How many names of a column an error shows.
const NAMES_SHOWN: usize = 4;

impl Column {
    /// The names by which it is known, the usual ones first.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let names = NAMES.iter().find(|(column, _)| *column == self).map_or("", |(_, names)| names);
        names.split(" | ")
    }

    fn of_header(name: &str) -> Option<Column> {
        let plain = plain_name(name);
        let known = |names: &str| names.split(" | ").any(|name| name == plain);
        NAMES.iter().find(|(_, names)| known(names)).map(|(column, _)| *column)
    }
}

/// Lower case letters and digits with single spaces; «ё» as «е»: «Моб.  телефон» → «моб телефон».
pub(super) fn plain_name(name: &str) -> String {
    let spaced: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'ё' => 'е',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many of `cells` are names of columns: tells a header from a title and a delimiter from a
/// comma.
pub(super) fn known_names(cells: &[String]) -> usize {
    cells.iter().filter(|cell| cell.len() < 100 && Column::of_header(cell).is_some()).count()
}

/// What the lines of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    Clients,
    Appointments,
}

/// Where each column stands, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    places: BTreeMap<Column, usize>,
}

impl Mapping {
    /// A mapping given by people: column → name in `header`, as it is written there.
    pub fn explicit(
        header: &[String],
        names: &BTreeMap<Column, String>,
    ) -> Result<Mapping, MappingError> {
        let mut places = BTreeMap::new();
        for (column, name) in names {
            let place = header.iter().position(|cell| plain_name(cell) == plain_name(name));
            let unknown = || MappingError::NoSuchHeader {
                column: *column,
                name: name.chars().take(100).collect(),
                header: header.to_vec(),
            };
            places.insert(*column, place.ok_or_else(unknown)?);
        }
        Ok(Mapping { places })
    }

    /// This mapping where `explicit` says nothing else; a place that `explicit` takes for one
    /// column is no longer another.
    pub fn overridden_by(mut self, explicit: &Mapping) -> Mapping {
        self.places.retain(|_, place| !explicit.places.values().any(|taken| taken == place));
        self.places.extend(&explicit.places);
        self
    }

    /// Where `column` stands, from 0.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.places.get(&column).copied()
    }

    /// Are the columns there without which no line of `kind` can be read?
    pub fn require(&self, kind: RowKind) -> Result<(), MissingColumns> {
        let any_of: &[&[Column]] = match kind {
            RowKind::Clients => &[&[Column::Phone], &[Column::Name, Column::Surname]],
            RowKind::Appointments => &[&[Column::Phone], &[Column::Start, Column::Date]],
        };
        let has = |column: &Column| self.places.contains_key(column);
        let missing: Vec<Column> = any_of
            .iter()
            .filter(|columns| !columns.iter().any(has))
            .filter_map(|columns| columns.first().copied())
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(MissingColumns { missing }) }
    }
}

/// The mapping that the names in `header` suggest; of two equal names the first counts.
pub fn suggest_mapping(header: &[String]) -> Mapping {
    let mut places = BTreeMap::new();
    for (place, name) in header.iter().enumerate() {
        if let Some(column) = Column::of_header(name) {
            places.entry(column).or_insert(place);
        }
    }
    Mapping { places }
}

/// Why a mapping given by people cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    #[error("{column:?}: the file has no column «{name}»")]
    NoSuchHeader { column: Column, name: String, header: Vec<String> },
}

impl MappingError {
    /// For programs: never changes once published.
    pub fn code(&self) -> &'static str {
        "import_no_such_column"
    }

    /// What is wrong, and which names the file has.
    pub fn message(&self, language: Language) -> String {
        let MappingError::NoSuchHeader { name, header, .. } = self;
        let present = header.iter().take(30).map(String::as_str).collect::<Vec<_>>().join(", ");
        match language {
            Language::Russian => {
                format!("В файле нет столбца «{name}». Есть такие: {present}.")
            }
            Language::English => {
                format!("The file has no column “{name}”. It has: {present}.")
            }
        }
    }
}

/// The columns without which nothing can be read, each the first of those that would do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the file lacks the columns {missing:?}")]
pub struct MissingColumns {
    pub missing: Vec<Column>,
}

impl MissingColumns {
    /// For programs: never changes once published.
    pub fn code(&self) -> &'static str {
        "import_missing_columns"
    }

    /// Which columns are missing, and by what names they would be understood.
    pub fn message(&self, language: Language) -> String {
        let mut text = match language {
            Language::Russian => "В файле не найдены нужные столбцы.".to_owned(),
            Language::English => "The file lacks columns that are needed.".to_owned(),
        };
        for column in &self.missing {
            let shown = column.names().take(NAMES_SHOWN);
            let shown = shown.map(|name| format!("«{name}»")).collect::<Vec<_>>().join(", ");
            let what = column_title(*column, language);
            // Writing to a String cannot fail.
            let _ = match language {
                Language::Russian => write!(text, " {what}: подойдёт название {shown}."),
                Language::English => write!(text, " {what}: it may be called {shown}."),
            };
        }
        text
    }
}

fn column_title(column: Column, language: Language) -> &'static str {
    match (column, language) {
        (Column::Phone, Language::Russian) => "Телефон",
        (Column::Phone, Language::English) => "Phone",
        (Column::Name, Language::Russian) => "Имя клиента",
        (Column::Name, Language::English) => "Client's name",
        (Column::Start, Language::Russian) => {
            "Дата и время визита (одним столбцом или двумя: «дата», «время»)"
        }
        (Column::Start, Language::English) => {
            "Date and time of the visit (in one column or in two: «date», «time»)"
        }
        (column, _) => column.names().next().unwrap_or_default(),
    }
}
