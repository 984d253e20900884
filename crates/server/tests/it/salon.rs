//! A salon set up through the HTTP API as its owner would: from sign-up to notifications switched on.

use crate::http::Caller;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

const ZONE: &str = "Europe/Moscow";

#[derive(Clone)]
pub(crate) struct Salon {
    /// With the owner's API token.
    pub(crate) api: Caller,
    pub(crate) branch: String,
    pub(crate) staff: String,
    pub(crate) service: String,
    /// What the owner types into the app on the phone; empty where there is none.
    pub(crate) link_token: String,
    /// By the clock of the server and the zone of the branch.
    today: Date,
    /// By the same clock.
    opened_at: Timestamp,
}

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}

impl Salon {
    /// With a phone to send from.
    pub(crate) fn open(address: &str) -> Salon {
        Salon::open_over(address, "android_phone")
    }

    /// With a sender of that channel.
    pub(crate) fn open_over(address: &str, channel: &str) -> Salon {
        let nobody = Caller::new(address);
        let owner = json!({
            "organization_name": "ООО «Стиль»", "name": "Анна", "email": "anna@salon.example",
            "password": "correct horse battery",
        });
        let signed_up = nobody.call("POST", "/api/v1/sign-up", Some(&owner)).unwrap();
        assert_eq!(signed_up.status, 201, "{signed_up:?}");
        let (_, cookie) = signed_up.headers.iter().find(|(name, _)| name == "set-cookie").unwrap();
        let session = nobody.clone().with_header("Cookie", cookie.split(';').next().unwrap());
        let token = session.post("/api/v1/api-tokens", json!({ "name": "Тест", "role": "owner" }));
        let api = nobody
            .with_header("Authorization", &format!("Bearer {}", token["secret"].as_str().unwrap()));
        let branch = api.post("/api/v1/branches", json!({
            "name": "Центр", "commercial_name": "Стиль де Виль", "address": "Тверская, 12", "zone": ZONE,
        }));
        let opened_at: Timestamp = branch["created_at"].as_str().unwrap().parse().unwrap();
        let now = opened_at.to_zoned(TimeZone::get(ZONE).unwrap());
        let branch = id(&branch);
        let staff = id(&api.post("/api/v1/staff", json!({ "branch_id": branch, "name": "Ольга" })));
        let service =
            id(&api.post("/api/v1/services", json!({ "title": "Стрижка", "duration_min": 60 })));
        let sender = api.post(
            "/api/v1/senders",
            json!({
                "name": "Телефон администратора", "channel": channel, "settings": { "pace_s": 0 },
            }),
        );
        let link_token = sender["link_token"].as_str().unwrap_or_default().to_owned();
        let settings = api.get("/api/v1/notification-settings");
        // A window cannot be the whole day: the minute it leaves out is half a day away.
        let (from, to) = if now.hour() < 12 { ("00:00", "23:59") } else { ("12:00", "11:59") };
        api.patch(
            "/api/v1/notification-settings",
            json!({
                "generation": settings["generation"], "on": true, "settle_s": 0,
                "service_window": { "from": from, "to": to },
            }),
        );
        Salon { api, branch, staff, service, link_token, today: now.date(), opened_at }
    }

    /// A zone where it is about noon: no test is so long that a day ends there meanwhile.
    pub(crate) fn zone_at_noon(&self) -> String {
        // West of Greenwich is plus in these names.
        let ahead = 12 - self.opened_at.to_zoned(TimeZone::UTC).hour();
        format!("Etc/GMT{:+}", -ahead)
    }

    pub(crate) fn day(&self, days_ahead: i64) -> Date {
        self.today.checked_add(jiff::Span::new().days(days_ahead)).unwrap()
    }

    /// A booking with the master, `days_ahead` from today.
    pub(crate) fn booking(&self, phone: &str, days_ahead: i64, time: &str) -> Value {
        json!({
            "client": { "name": "Мария", "phone": phone }, "branch_id": self.branch,
            "staff_id": self.staff, "service_ids": [self.service],
            "start": format!("{}T{time}", self.day(days_ahead)),
        })
    }
}
