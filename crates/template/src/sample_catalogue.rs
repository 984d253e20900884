//! The catalogue of this crate's own tests: a variable of every make.

use crate::Language::{English, Russian};
use crate::{Catalogue, VariableSpec};

pub(crate) const CATALOGUE: Catalogue = Catalogue::new(&[
    VariableSpec {
        name: "date",
        bracket: &[(Russian, "Дата"), (English, "Date")],
        percent: &["DATE"],
        fallback: &[],
        longest: 8,
    },
    VariableSpec {
        name: "time",
        bracket: &[(Russian, "Время"), (English, "Time")],
        percent: &["HOURMINUTES", "TIME"],
        fallback: &[],
        longest: 5,
    },
    VariableSpec {
        name: "branch",
        bracket: &[(Russian, "Салон"), (English, "Salon")],
        percent: &["COMPANY_TITLE"],
        fallback: &[],
        longest: 40,
    },
    VariableSpec {
        name: "master",
        bracket: &[(Russian, "Мастер"), (English, "Master")],
        percent: &["MASTER_NAME"],
        fallback: &[(Russian, "наш мастер"), (English, "our master")],
        longest: 4,
    },
    VariableSpec {
        name: "client",
        bracket: &[(Russian, "Имя клиента"), (English, "Client name")],
        percent: &["CLIENT_NAME"],
        fallback: &[(Russian, "уважаемый клиент")],
        longest: 30,
    },
    VariableSpec {
        name: "next_visit",
        bracket: &[(Russian, "Ещё визит")],
        percent: &[],
        fallback: &[],
        longest: 20,
    },
    VariableSpec { name: "link", bracket: &[], percent: &["LINK"], fallback: &[], longest: 30 },
]);
