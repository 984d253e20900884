//! Staff members and their schedules.

use super::{archive_and_restore, branch, id, service, stale_edit_is_refused};
use crate::test_server::{TestServer, wrong_fields};
use axum::http::StatusCode;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/staff";

#[tokio::test]
async fn a_staff_member_is_made_read_and_changed() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let (first, second) = (branch(&server, &owner).await, branch(&server, &owner).await);
    let cut = service(&server, &owner, "Стрижка").await;
    let body = json!({ "branch_id": id(&first), "name": "Мария" });
    let made = server.create(PATH, &owner, body).await;
    assert_eq!(made["schedule"]["shifts"], first["working_hours"], "as the branch works");
    assert_eq!(made["service_ids"], json!([]));

    let path = format!("{PATH}/{}", id(&made));
    let schedule = json!({
        "shifts": { "monday": [{ "from": "10:00", "to": "20:00" }] },
        "breaks": { "monday": [{ "from": "14:00", "to": "15:00" }] },
        "days": {
            "2026-03-08": { "is": "day_off" },
            "2026-03-09": { "is": "shift", "shifts": [{ "from": "12:00", "to": "00:00" }], "breaks": [] },
        },
    });
    let edit = json!({
        "version": 1, "branch_id": id(&second), "position": "стилист", "schedule": schedule,
        "service_ids": [id(&cut), id(&cut)],
    });
    let (status, after, _) = server.patch(&path, &owner, edit).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(after["branch_id"], second["id"]);
    assert_eq!(after["service_ids"], json!([id(&cut)]));
    assert_eq!(after["schedule"]["days"], schedule["days"]);
    assert_eq!(after["schedule"]["breaks"]["monday"], schedule["breaks"]["monday"]);
    assert_eq!(server.get(&path, &owner).await.1, after);
    stale_edit_is_refused(&server, &owner, &path, "name").await;
    archive_and_restore(&server, &owner, PATH, id(&made)).await;

    for (of, count) in [(id(&first), 0), (id(&second), 1)] {
        let (_, list, _) = server.get(&format!("{PATH}?branch_id={of}"), &owner).await;
        assert_eq!(list["items"].as_array().unwrap().len(), count);
    }
    let desk = server.administrator(&owner).await;
    let refused = server.patch(&path, &desk, json!({ "version": 2, "name": "Ещё" })).await;
    assert_eq!(refused.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let place = branch(&server, &owner).await;
    let closed = branch(&server, &owner).await;
    let archive = format!("/api/v1/branches/{}/archive", id(&closed));
    assert_eq!(server.post(&archive, &owner, json!({})).await.0, StatusCode::OK);
    let member = |more: Value| {
        let mut body = json!({ "branch_id": id(&place), "name": "Мария" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let schedule = |schedule: Value| member(json!({ "schedule": schedule }));
    let nine_to_six = json!([{ "from": "09:00", "to": "18:00" }]);
    let early = json!([{ "from": "08:00", "to": "09:30" }]);
    let table: [(Value, &[&str]); 11] = [
        (
            member(
                json!({ "name": "", "position": "я".repeat(101), "branch_id": "brn_0000000000001" }),
            ),
            &["branch_id: branch_unknown", "name: required", "position: too_long"],
        ),
        (member(json!({ "branch_id": id(&closed) })), &["branch_id: branch_archived"]),
        (member(json!({ "branch_id": "cli_0000000000001" })), &["branch_id: malformed"]),
        (
            member(json!({ "service_ids": ["srv_0000000000001"] })),
            &["service_ids[0]: service_unknown"],
        ),
        (member(json!({ "service_ids": ["Стрижка"] })), &["service_ids[0]: malformed"]),
        (
            schedule(json!({ "shifts": { "monday": nine_to_six }, "breaks": { "monday": early } })),
            &["schedule.breaks.monday: break_outside_shift"],
        ),
        (
            schedule(
                json!({ "shifts": {}, "days": { "2026-03-08": { "is": "shift", "shifts": nine_to_six, "breaks": early } } }),
            ),
            &["schedule.days.2026-03-08: break_outside_shift"],
        ),
        (
            schedule(
                json!({ "shifts": { "tuesday": [{ "from": "18:00", "to": "09:00" }], "sunday": [{ "from": "10:00", "to": "10:00" }] } }),
            ),
            &[
                "schedule.shifts.tuesday: ends_before_it_begins",
                "schedule.shifts.sunday: ends_before_it_begins",
            ],
        ),
        (
            schedule(json!({ "shifts": {}, "days": { "2026-02-30": { "is": "day_off" } } })),
            &["schedule.days.2026-02-30: malformed"],
        ),
        (
            schedule(json!({ "shifts": {}, "days": { "2026-03-08": { "is": "holiday" } } })),
            &["schedule.days.2026-03-08.is: malformed"],
        ),
        (schedule(json!({})), &["schedule: malformed"]),
    ];
    for (body, expected) in table {
        let answer = server.post(PATH, &owner, body.clone()).await;
        assert_eq!(wrong_fields(&answer), expected, "{body}");
    }
    assert_eq!(server.get(PATH, &owner).await.1["items"], json!([]));
}

#[tokio::test]
async fn whoever_was_there_before_may_stay_in_an_archived_branch() {
    let server = TestServer::new().await;
    let owner = server.sign_up("Veronika").await;
    let place = branch(&server, &owner).await;
    let made =
        server.create(PATH, &owner, json!({ "branch_id": id(&place), "name": "Мария" })).await;
    let archive = format!("/api/v1/branches/{}/archive", id(&place));
    server.post(&archive, &owner, json!({})).await;
    let path = format!("{PATH}/{}", id(&made));
    let edit = json!({ "version": 1, "branch_id": id(&place), "name": "Мария П." });
    assert_eq!(server.patch(&path, &owner, edit).await.0, StatusCode::OK);
}
