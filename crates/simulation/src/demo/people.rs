//! The salon's clients. Their numbers, +7 999 000-xx-xx, are seen to be invented, and nothing but the
//! simulated phone ever dials them.

use crate::chance::Chance;
use jiff::civil::Date;

/// How many clients the salon has at first.
pub(super) const CLIENTS: usize = 300;

const WOMEN: &[&str] = &[
    "Анна",
    "Мария",
    "Елена",
    "Наталья",
    "Екатерина",
    "Татьяна",
    "Ирина",
    "Светлана",
    "Юлия",
    "Дарья",
    "Ксения",
    "Полина",
    "Алина",
    "Виктория",
    "Вера",
    "Надежда",
    "Софья",
    "Алёна",
    "Галина",
    "Людмила",
    "Маргарита",
    "Кристина",
    "Евгения",
    "Валерия",
];
const MEN: &[&str] = &[
    "Александр",
    "Дмитрий",
    "Сергей",
    "Андрей",
    "Иван",
    "Михаил",
    "Павел",
    "Никита",
    "Артём",
    "Егор",
    "Роман",
    "Илья",
    "Константин",
    "Фёдор",
];
/// As men bear them.
const SURNAMES: &[&str] = &[
    "Иванов",
    "Смирнов",
    "Кузнецов",
    "Попов",
    "Васильев",
    "Соколов",
    "Михайлов",
    "Новиков",
    "Фёдоров",
    "Морозов",
    "Волков",
    "Алексеев",
    "Лебедев",
    "Семёнов",
    "Егоров",
    "Павлов",
    "Козлов",
    "Степанов",
    "Николаев",
    "Орлов",
    "Андреев",
    "Макаров",
    "Никитин",
    "Захаров",
    "Зайцев",
    "Соловьёв",
    "Борисов",
    "Яковлев",
    "Григорьев",
    "Романов",
    "Воробьёв",
    "Сергеев",
    "Кузьмин",
    "Фролов",
    "Александров",
    "Дмитриев",
    "Королёв",
    "Гусев",
    "Киселёв",
    "Ильин",
];
const NOTES: &[&str] = &[
    "Любит место у окна",
    "Аллергия на аммиак",
    "Просит не звонить, только SMS",
    "Приходит с дочкой",
    "Кофе без сахара",
];

/// One card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub name: String,
    pub is_man: bool,
    pub phone: String,
    pub birthday: Option<Date>,
    pub note: &'static str,
}

/// The clients that the salon begins with; no two share a number.
pub(super) fn clients(chance: &mut Chance) -> Vec<Person> {
    (0..CLIENTS)
        .map(|index| {
            let mut own = chance.branch();
            // 29 is prime to the width of the range, so numbers look unlike one another and differ.
            let number = 1_000 + (index * 29) % 9_000;
            let person = somebody(&mut own, &format!("{number:04}"));
            let birthday = own.percent(40).then(|| birthday(&mut own)).flatten();
            let note = if own.percent(8) { own.one_of(NOTES).copied() } else { None };
            Person { birthday, note: note.unwrap_or_default(), ..person }
        })
        .collect()
}

/// Somebody new; `last_digits` are the last four of the number.
pub(super) fn somebody(chance: &mut Chance, last_digits: &str) -> Person {
    let is_man = chance.percent(25);
    let first = chance.one_of(if is_man { MEN } else { WOMEN }).copied().unwrap_or_default();
    let surname = chance.one_of(SURNAMES).copied().unwrap_or_default();
    let ending = if is_man { "" } else { "а" };
    Person {
        name: format!("{first} {surname}{ending}"),
        is_man,
        phone: format!("+7999000{last_digits}"),
        birthday: None,
        note: "",
    }
}

fn birthday(chance: &mut Chance) -> Option<Date> {
    let part = |drawn: u64| i8::try_from(drawn).ok();
    let year = i16::try_from(chance.between(&(1955..=2007))).ok()?;
    let (month, day) = (chance.between(&(1..=12)), chance.between(&(1..=28)));
    Date::new(year, part(month)?, part(day)?).ok()
}

/// The clients as a file that any salon could have exported.
pub(super) fn as_file(clients: &[Person]) -> String {
    let mut file = "ID;Имя;Телефон;Дата рождения;Комментарий\n".to_owned();
    for (index, client) in clients.iter().enumerate() {
        let birthday = client.birthday.map(|date| date.strftime("%d.%m.%Y").to_string());
        file.push_str(&format!(
            "demo-client-{};{};{};{};{}\n",
            index + 1,
            client.name,
            client.phone,
            birthday.unwrap_or_default(),
            client.note
        ));
    }
    file
}
