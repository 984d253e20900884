//! What a person does on the phone to link it, in order: data for screens, API and command line. The
//! app has no code to scan, so address and token are typed or pasted.

use serde::Serialize;
use vestnik_template::Language;

const RELEASES: &str = "https://github.com/capcom6/android-sms-gateway/releases";

/// One step. `id` never changes, so that screens can put a picture beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkStep {
    pub id: &'static str,
    pub title: &'static str,
    pub text: &'static str,
    /// What is to be typed or opened, exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// What a step needs beside its words.
#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    Releases,
    ApiUrl,
    LinkToken,
}

struct Step {
    id: &'static str,
    needs: Needs,
    russian: (&'static str, &'static str),
    english: (&'static str, &'static str),
}

const STEPS: [Step; 13] = [
    Step {
        id: "install",
        needs: Needs::Releases,
        russian: (
            "Установите приложение SMSGate",
            "Откройте эту страницу на телефоне и скачайте файл app-release.apk последней версии. Если Play Защита предупреждает, выберите «Всё равно установить».",
        ),
        english: (
            "Install the app SMSGate",
            "Open this page on the phone and download app-release.apk of the latest version. If Play Protect warns, choose «Install anyway».",
        ),
    },
    Step {
        id: "restricted_settings",
        needs: Needs::Nothing,
        russian: (
            "Разрешите ограниченные настройки",
            "Настройки телефона → Приложения → SMSGate → меню ⋮ → «Разрешить ограниченные настройки». Без этого Android не даст разрешения на SMS.",
        ),
        english: (
            "Allow restricted settings",
            "Phone settings → Apps → SMSGate → menu ⋮ → «Allow restricted settings». Without it Android does not grant the SMS permission.",
        ),
    },
    Step {
        id: "permissions",
        needs: Needs::Nothing,
        russian: (
            "Дайте разрешения «SMS» и «Телефон»",
            "Откройте SMSGate и согласитесь с обоими запросами. «Телефон» нужен, чтобы видеть SIM-карты.",
        ),
        english: (
            "Grant the permissions «SMS» and «Phone»",
            "Open SMSGate and agree to both requests. «Phone» is needed to see the SIM cards.",
        ),
    },
    Step {
        id: "battery",
        needs: Needs::Nothing,
        russian: (
            "Включите фоновый режим",
            "Настройки телефона → Приложения → SMSGate → Батарея → «Без ограничений». Иначе телефон усыпит приложение и сообщения уйдут с опозданием.",
        ),
        english: (
            "Turn on background mode",
            "Phone settings → Apps → SMSGate → Battery → «Unrestricted». Otherwise the phone puts the app to sleep and messages go out late.",
        ),
    },
    Step {
        id: "api_url",
        needs: Needs::ApiUrl,
        russian: (
            "Введите адрес сервера",
            "SMSGate → Settings → Cloud Server → API URL. Введите адрес точно так, без косой черты в конце.",
        ),
        english: (
            "Enter the server's address",
            "SMSGate → Settings → Cloud Server → API URL. Enter the address exactly, without a slash at the end.",
        ),
    },
    Step {
        id: "link_token",
        needs: Needs::LinkToken,
        russian: (
            "Введите код привязки",
            "SMSGate → Settings → Cloud Server → Private token. Код действует только для этого телефона.",
        ),
        english: (
            "Enter the link token",
            "SMSGate → Settings → Cloud Server → Private token. The token is for this phone alone.",
        ),
    },
    Step {
        id: "events_only",
        needs: Needs::Nothing,
        russian: (
            "Выберите способ связи «SSE only»",
            "SMSGate → Settings → Cloud Server → Notification channel → SSE only. Так телефон узнаёт о сообщениях сразу и без посредников.",
        ),
        english: (
            "Choose the notification channel «SSE only»",
            "SMSGate → Settings → Cloud Server → Notification channel → SSE only. So the phone learns of messages at once, without a third party.",
        ),
    },
    Step {
        id: "go_online",
        needs: Needs::Nothing,
        russian: (
            "Подключите телефон",
            "SMSGate → Home: включите «Cloud server» и нажмите «Offline». Если появится окно, выберите «Sign Up». Кнопка должна стать «Online». Уже подключённый телефон: нажмите «Stop», затем «Start».",
        ),
        english: (
            "Connect the phone",
            "SMSGate → Home: switch «Cloud server» on and tap «Offline». If a window opens, choose «Sign Up». The button must turn to «Online». A phone linked before: tap «Stop», then «Start».",
        ),
    },
    Step {
        id: "autostart",
        needs: Needs::Nothing,
        russian: (
            "Включите автозапуск",
            "SMSGate → Home → «Autostart». Без него после перезагрузки телефон не выйдет на связь.",
        ),
        english: (
            "Switch autostart on",
            "SMSGate → Home → «Autostart». Without it the phone stays silent after a reboot.",
        ),
    },
    Step {
        id: "charger",
        needs: Needs::Nothing,
        russian: (
            "Оставьте телефон на зарядке",
            "Постоянная связь расходует батарею: держите телефон подключённым к зарядному устройству и к интернету.",
        ),
        english: (
            "Leave the phone on its charger",
            "A lasting connection uses the battery: keep the phone plugged in and on the internet.",
        ),
    },
    Step {
        id: "rcs_off",
        needs: Needs::Nothing,
        russian: (
            "Выключите RCS-чаты",
            "Google Сообщения → Настройки → «RCS-чаты» → выключить. Ответы, пришедшие как чат, приложение не видит.",
        ),
        english: (
            "Turn RCS chats off",
            "Google Messages → Settings → «RCS chats» → off. The app does not see answers that come as a chat.",
        ),
    },
    Step {
        id: "test_out",
        needs: Needs::Nothing,
        russian: (
            "Проверьте отправку",
            "Отправьте из Вестника пробное сообщение на свой номер и дождитесь «Доставлено».",
        ),
        english: (
            "Test sending",
            "Send a test message from Vestnik to your own number and wait for «Delivered».",
        ),
    },
    Step {
        id: "test_in",
        needs: Needs::Nothing,
        russian: (
            "Проверьте приём",
            "Ответьте на это сообщение: ответ должен появиться в Вестнике.",
        ),
        english: ("Test receiving", "Answer that message: the answer must appear in Vestnik."),
    },
];

/// The steps in `language`, for a server at `api_url` (a slash at its end is taken off) and a phone whose
/// link token is `link_token`.
pub fn link_steps(language: Language, api_url: &str, link_token: &str) -> Vec<LinkStep> {
    STEPS
        .iter()
        .map(|step| {
            let (title, text) = match language {
                Language::Russian => step.russian,
                Language::English => step.english,
            };
            let value = match step.needs {
                Needs::Nothing => None,
                Needs::Releases => Some(RELEASES.to_owned()),
                Needs::ApiUrl => Some(api_url.trim().trim_end_matches('/').to_owned()),
                Needs::LinkToken => Some(link_token.to_owned()),
            };
            LinkStep { id: step.id, title, text, value }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_steps_and_values() {
        let steps = |language| link_steps(language, "https://v.example/api/mobile/v1/", "t0ken");
        let (russian, english) = (steps(Language::Russian), steps(Language::English));
        for (a, b) in russian.iter().zip(&english) {
            assert_eq!((a.id, &a.value), (b.id, &b.value));
            assert!(a.title != b.title && a.text != b.text, "{}", a.id);
        }
        let values: Vec<(&str, &str)> =
            russian.iter().filter_map(|step| Some((step.id, step.value.as_deref()?))).collect();
        insta::assert_debug_snapshot!(values, @r#"
        [
            (
                "install",
                "https://github.com/capcom6/android-sms-gateway/releases",
            ),
            (
                "api_url",
                "https://v.example/api/mobile/v1",
            ),
            (
                "link_token",
                "t0ken",
            ),
        ]
        "#);
    }

    #[test]
    fn the_steps_come_in_the_order_in_which_they_work() {
        let ids: Vec<&str> =
            link_steps(Language::English, "", "").into_iter().map(|step| step.id).collect();
        let place = |id| ids.iter().position(|other| *other == id).unwrap();
        // The app registers with what was entered, so all of it stands before.
        for before in ["restricted_settings", "permissions", "api_url", "link_token", "events_only"]
        {
            assert!(place(before) < place("go_online"), "{before}");
        }
        assert!(place("restricted_settings") < place("permissions"));
        assert!(place("go_online") < place("test_out"));
    }
}
