//! Codes of failures in the words of the front desk: what it means and what to do.
//!
//! One table for the reasons that Vestnik gives itself while sending and for the errors that a phone
//! reports. Reasons of planning have words of their own, with the numbers that decided.

use vestnik_template::Language;

/// A reason in plain words; each a phrase without a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonWords {
    pub meaning: &'static str,
    /// What to do about it; empty where there is nothing to do.
    pub remedy: &'static str,
}

/// A row: the stable code; the sign in a phone's error text by which it is known (empty: never a
/// phone's); does it pass by itself, so that another try makes sense; meaning and remedy twice.
struct Row {
    code: &'static str,
    sign: &'static str,
    passes_by_itself: bool,
    russian: ReasonWords,
    english: ReasonWords,
}

const fn row(
    code: &'static str,
    sign: &'static str,
    passes_by_itself: bool,
    russian: (&'static str, &'static str),
    english: (&'static str, &'static str),
) -> Row {
    Row {
        code,
        sign,
        passes_by_itself,
        russian: ReasonWords { meaning: russian.0, remedy: russian.1 },
        english: ReasonWords { meaning: english.0, remedy: english.1 },
    }
}

/// Signs are looked for from top to bottom: the more exact one stands first.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    // What a phone reports (names of Android's SmsManager, and the app's own sentences).
    row("phone_no_service", "NO_SERVICE", true,
        ("у телефона нет сети", "проверьте, ловит ли телефон сеть и не выключена ли SIM-карта"),
        ("the phone has no network", "check the reception and that the SIM card is switched on")),
    row("phone_radio_off", "RADIO_OFF", true,
        ("на телефоне выключена связь", "выключите режим полёта"),
        ("the phone's radio is off", "switch off flight mode")),
    row("phone_radio_not_available", "RADIO_NOT_AVAILABLE", true,
        ("радиомодуль телефона не отвечает", "подождите минуту; если не пройдёт, перезагрузите телефон"),
        ("the phone's radio does not answer", "wait a minute; if it does not pass, restart the phone")),
    row("phone_generic_failure", "GENERIC_FAILURE", false,
        ("оператор связи не принял сообщение, чаще всего из-за баланса", "проверьте баланс SIM-карты и отправьте SMS с телефона вручную"),
        ("the carrier did not take the message, most often for lack of balance", "check the balance of the SIM card and send an SMS from the phone by hand")),
    row("phone_limit_exceeded", "LIMIT_EXCEEDED", true,
        ("телефон или оператор связи ограничил число SMS", "поставьте меньший дневной лимит и больший интервал между сообщениями, сократите длинные тексты"),
        ("the phone or the carrier limits the number of SMS", "set a lower daily limit and a longer pause between messages, shorten long texts")),
    row("phone_no_default_sms_app", "NO_DEFAULT_SMS_APP", false,
        ("на телефоне не выбрано приложение для SMS", "в настройках телефона выберите приложение для SMS по умолчанию"),
        ("the phone has no default SMS app", "choose a default SMS app in the settings of the phone")),
    row("phone_short_code_not_allowed", "SHORT_CODE", false,
        ("телефон не отправляет SMS на короткие номера", "проверьте номер клиента: нужен обычный мобильный номер"),
        ("the phone sends no SMS to short numbers", "check the client's number: it must be a usual mobile number")),
    row("phone_number_not_allowed", "FDN_CHECK_FAILURE", false,
        ("SIM-карта разрешает звонить и писать только на номера из своего списка", "выключите на телефоне «Фиксированный набор» (FDN)"),
        ("the SIM card allows only the numbers of its own list", "switch off fixed dialling numbers (FDN) on the phone")),
    row("phone_sim_absent", "SIM_ABSENT", false,
        ("в телефоне нет SIM-карты", "вставьте SIM-карту и перезагрузите телефон"),
        ("there is no SIM card in the phone", "put the SIM card in and restart the phone")),
    row("phone_sim_absent", "No SIMs found", false,
        ("в телефоне нет SIM-карты", "вставьте SIM-карту и перезагрузите телефон"),
        ("there is no SIM card in the phone", "put the SIM card in and restart the phone")),
    row("phone_sim_not_found", "not found", false,
        ("в телефоне нет SIM-карты с выбранным номером", "в настройках отправителя выберите другую SIM-карту"),
        ("the phone has no SIM card with the chosen number", "choose another SIM card in the settings of the sender")),
    row("phone_network_reject", "NETWORK_REJECT", false,
        ("сеть оператора отклонила сообщение", "проверьте номер клиента и не заблокированы ли исходящие SMS на тарифе"),
        ("the carrier's network rejected the message", "check the client's number and that the tariff of the SIM card allows SMS")),
    row("phone_network_error", "NETWORK_ERROR", true,
        ("в сети оператора ошибка", ""),
        ("the carrier's network had an error", "")),
    row("phone_modem_error", "MODEM_ERR", true,
        ("радиомодуль телефона сообщил об ошибке", "если повторяется, перезагрузите телефон"),
        ("the phone's radio had an error", "if it comes again, restart the phone")),
    row("phone_smsc_address", "SMSC_ADDRESS", false,
        ("на SIM-карте неверно записан номер SMS-центра", "узнайте номер SMS-центра у оператора связи и впишите его в настройках телефона"),
        ("the number of the SMS centre on the SIM card is wrong", "ask the carrier for it and enter it in the settings of the phone")),
    row("phone_not_permitted", "ermission", false,
        ("приложению на телефоне не разрешено отправлять SMS", "в настройках телефона дайте приложению разрешение на SMS"),
        ("the app on the phone is not allowed to send SMS", "give the app the permission for SMS in the settings of the phone")),
    row("phone_not_permitted", "NOT_ALLOWED", false,
        ("приложению на телефоне не разрешено отправлять SMS", "в настройках телефона дайте приложению разрешение на SMS"),
        ("the app on the phone is not allowed to send SMS", "give the app the permission for SMS in the settings of the phone")),
    row("phone_ttl_expired", "TTL expired", false,
        ("телефон получил сообщение слишком поздно и не отправил его", "держите телефон на зарядке и в сети, проверьте на нём время, разрешите приложению работать в фоне"),
        ("the phone got the message too late and did not send it", "keep the phone charged and online, check its clock, let the app work in the background")),
    row("phone_delivery_failed", "Delivery result", false,
        ("оператор сообщил, что доставить SMS не удалось: номер неверный, заблокирован или долго вне сети", "уточните номер у клиента"),
        ("the carrier could not deliver the SMS: the number is wrong, blocked or long out of reach", "ask the client for the right number")),
    row("phone_error_other", "", false,
        ("телефон не смог отправить сообщение", "отправьте SMS с телефона вручную: он покажет, что не так"),
        ("the phone could not send the message", "send an SMS from the phone by hand: it will show what is wrong")),
    // How a try ended, in our own words.
    row("not_sent", "", true,
        ("сообщение не ушло: связи с оператором не было", ""),
        ("the message did not leave: there was no connection", "")),
    row("outcome_unknown", "", false,
        ("ответа не было: ушло ли сообщение, неизвестно", "если это важно, позвоните клиенту"),
        ("no answer came: whether the message left is not known", "call the client if it matters")),
    row("registration_lost", "", false,
        ("телефон привязали заново, пока сообщение было на нём: ушло ли оно, неизвестно", "если это важно, позвоните клиенту"),
        ("the phone was linked anew while it had the message: whether it left is not known", "call the client if it matters")),
    row("no_report_for_24h", "", false,
        ("за сутки не пришло отчёта о доставке", "возможно, телефон клиента выключен; если это важно, позвоните"),
        ("no delivery report came in 24 hours", "the client's phone may be off; call if it matters")),
    row("withdrawn", "", false,
        ("отменено до отправки", ""),
        ("called off before it was sent", "")),
    row("cancelled_on_phone", "", false,
        ("отменено на телефоне до отправки", ""),
        ("called off on the phone before it was sent", "")),
    // Why a message waits or never left.
    row("held", "", false,
        ("время отправки пришло, пока отправка была остановлена после восстановления базы", "при необходимости сообщите клиенту сами"),
        ("its time came while sending was stopped after a restore", "tell the client yourself if need be")),
    row("expired", "", false,
        ("не успело уйти до своего срока", ""),
        ("it could not leave in time", "")),
    row("no_sender", "", false,
        ("в организации нет ни одного отправителя", "привяжите телефон салона: «Настройки → Уведомления клиентов»"),
        ("the organization has no sender", "link the salon's phone in the settings of notifications")),
    row("sender_not_linked", "", false,
        ("отправитель заведён, но телефон к нему не привязан", "введите ключ привязки в приложении на телефоне"),
        ("a sender was set up, but no phone is linked to it", "enter the link token in the app on the phone")),
    row("sender_relinking", "", false,
        ("телефон перепривязывали, и сообщение не успело уйти", "закончите привязку телефона"),
        ("the phone was being linked anew, and the message could not leave in time", "finish linking the phone")),
    row("sender_unavailable", "", false,
        ("телефон долго не выходил на связь, и сообщение не успело уйти", "проверьте, что телефон включён, в сети и приложению разрешена работа в фоне"),
        ("the phone was not heard from for long, and the message could not leave in time", "check that the phone is on and online and that the app may work in the background")),
    row("daily_limit", "", false,
        ("дневной лимит сообщений исчерпан", "поднимите лимит в настройках отправителя или привяжите ещё один телефон"),
        ("the daily limit of messages is used up", "raise the limit in the settings of the sender or link another phone")),
    row("outside_hours", "", false,
        ("не рабочие часы отправителя", "расширьте часы в настройках отправителя"),
        ("outside the working hours of the sender", "widen the hours in the settings of the sender")),
    row("pace", "", false,
        ("очередь: между сообщениями выдерживается пауза", ""),
        ("queued: there is a pause between messages", "")),
    row("window_full", "", false,
        ("очередь: телефон ещё не отчитался о прежних сообщениях", "проверьте, что телефон включён и в сети"),
        ("queued: the phone has not reported on earlier messages yet", "check that the phone is on and online")),
    row("fetched_by_another", "", false,
        ("сообщение уже взял другой телефон и ещё может отправить", ""),
        ("another phone has taken the message and may still send it", "")),
    row("recipient_not_mobile", "", false,
        ("номер не мобильный, SMS на него не дойдёт", "впишите в карточку клиента мобильный номер"),
        ("the number is no mobile number, an SMS cannot reach it", "enter a mobile number in the client's card")),
];

const UNKNOWN_RUSSIAN: ReasonWords = ReasonWords {
    meaning: "оператор связи вернул код, которого Вестник не знает",
    remedy: "спросите у оператора связи, что он значит",
};
const UNKNOWN_ENGLISH: ReasonWords = ReasonWords {
    meaning: "the carrier gave a code that Vestnik does not know",
    remedy: "ask the carrier what it means",
};

/// What `code` means and what to do: a code of ours, or the bare text of a phone's error. An unknown
/// one gets words that say so; show the code beside them.
pub fn reason_words(code: &str, language: Language) -> ReasonWords {
    let found = find(code).or_else(|| find_by_sign(code));
    match (found, language) {
        (Some(row), Language::Russian) => row.russian,
        (Some(row), Language::English) => row.english,
        (None, Language::Russian) => UNKNOWN_RUSSIAN,
        (None, Language::English) => UNKNOWN_ENGLISH,
    }
}

/// The stable code for what a phone wrote as an error, such as `Send result: RESULT_ERROR_NO_SERVICE
/// (…)`: whatever it writes, something that can be stored and shown.
pub fn phone_error_code(error: &str) -> &'static str {
    find_by_sign(error).map_or("phone_error_other", |row| row.code)
}

/// Does another try make sense after a while, with nobody doing anything? Only of what surely did not
/// leave.
pub fn passes_by_itself(code: &str) -> bool {
    find(code).is_some_and(|row| row.passes_by_itself)
}

fn find(code: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.code == code)
}

fn find_by_sign(error: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| !row.sign.is_empty() && error.contains(row.sign))
}

#[cfg(test)]
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.code)
}
