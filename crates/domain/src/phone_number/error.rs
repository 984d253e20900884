//! What can be wrong with a phone number, in words for those who typed it.

use thiserror::Error;
use vestnik_template::Language;

/// Why a text is no phone number. `code()` is stable; `message()` is for people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PhoneNumberError {
    #[error("the phone number is empty")]
    Empty,
    #[error("the phone number has too few digits")]
    TooShort,
    #[error("the phone number has too many digits")]
    TooLong,
    #[error("no country has such a phone number")]
    NotPossible,
    #[error("the text holds two phone numbers")]
    TwoNumbers,
    #[error("the phone number has the extension {extension}")]
    Extension { extension: String },
    #[error("the phone number contains «{found}»")]
    Unexpected { found: String },
    #[error("the phone number was rounded by a spreadsheet")]
    Rounded,
}

impl PhoneNumberError {
    /// For programs: never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            PhoneNumberError::Empty => "phone_empty",
            PhoneNumberError::TooShort => "phone_too_short",
            PhoneNumberError::TooLong => "phone_too_long",
            PhoneNumberError::NotPossible => "phone_not_possible",
            PhoneNumberError::TwoNumbers => "phone_two_numbers",
            PhoneNumberError::Extension { .. } => "phone_extension",
            PhoneNumberError::Unexpected { .. } => "phone_unexpected_text",
            PhoneNumberError::Rounded => "phone_rounded",
        }
    }

    /// One or two sentences: what is wrong and what would be right.
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Russian => self.message_russian(),
            Language::English => self.message_english(),
        }
    }

    fn message_russian(&self) -> String {
        match self {
            PhoneNumberError::Empty => {
                "Номер телефона не указан. Укажите его, например +7 916 123-45-67.".to_owned()
            }
            PhoneNumberError::TooShort => {
                "В номере телефона не хватает цифр. Нужен полный номер с кодом, например \
                 +7 916 123-45-67."
                    .to_owned()
            }
            PhoneNumberError::TooLong => {
                "В номере телефона слишком много цифр. Российский номер — \
                 это +7 и десять цифр; иностранный начните с плюса."
                    .to_owned()
            }
            PhoneNumberError::NotPossible => {
                "Такого номера телефона не бывает. Проверьте код страны и код оператора.".to_owned()
            }
            PhoneNumberError::TwoNumbers => {
                "Здесь два номера телефона. Оставьте один, на который отправлять сообщения."
                    .to_owned()
            }
            PhoneNumberError::Extension { extension } => format!(
                "На добавочный номер ({extension}) сообщение не отправить. Укажите номер без \
                 добавочного."
            ),
            PhoneNumberError::Unexpected { found } => format!(
                "В номере телефона лишнее: «{found}». Оставьте только цифры, например \
                 +7 916 123-45-67."
            ),
            PhoneNumberError::Rounded => {
                "Таблица округлила номер телефона, цифры потеряны. Задайте \
                 столбцу формат «Текстовый» и сохраните файл заново."
                    .to_owned()
            }
        }
    }

    fn message_english(&self) -> String {
        match self {
            PhoneNumberError::Empty => {
                "The phone number is missing. Enter it, for example +7 916 123-45-67.".to_owned()
            }
            PhoneNumberError::TooShort => "The phone number has too few digits. Enter it in full \
                 with its code, for example +7 916 123-45-67."
                .to_owned(),
            PhoneNumberError::TooLong => {
                "The phone number has too many digits. A Russian number is \
                 +7 and ten digits; begin a foreign one with a plus."
                    .to_owned()
            }
            PhoneNumberError::NotPossible => {
                "There is no such phone number. Check the country code and the area code."
                    .to_owned()
            }
            PhoneNumberError::TwoNumbers => {
                "There are two phone numbers here. Leave the one that messages go to.".to_owned()
            }
            PhoneNumberError::Extension { extension } => format!(
                "A message cannot be sent to an extension ({extension}). Enter the number without \
                 it."
            ),
            PhoneNumberError::Unexpected { found } => format!(
                "The phone number contains “{found}”. Leave digits only, for example \
                 +7 916 123-45-67."
            ),
            PhoneNumberError::Rounded => "A spreadsheet has rounded the phone number, its digits \
                 are lost. Format the column as text and save the file again."
                .to_owned(),
        }
    }
}
