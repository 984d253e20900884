//! docs/api.md shows the way from an empty database to a message that was delivered, docs/demo.md what
//! to try in the demo. A document that nobody runs goes stale, so their shell blocks are run here as
//! they stand against the real binary.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use vestnik_testkit::tempdir;

use crate::process::Installation;
use crate::project_files;

const VESTNIK: &str = env!("CARGO_BIN_EXE_vestnik");
const DOCUMENT: &str = "docs/api.md";
const DEMO_DOCUMENT: &str = "docs/demo.md";
const CALLS_MOST: usize = 12;
/// Far more than the document needs; what hangs is ended.
const LIMIT_S: u32 = 120;

#[test]
fn the_way_to_the_first_message_works_as_written() {
    let blocks = shell_blocks(DOCUMENT);
    let folder = tempdir().unwrap();
    let folder = folder.path();
    let database = format!("sqlite:{}", folder.join("vestnik.db").display());
    let installation = Installation::new(folder, database, "127.0.0.1:0".to_owned());
    let server = installation.start();
    let ran = run(&blocks.join("\n"), &format!("http://{}", server.address), folder);
    let said = format!(
        "{}\n{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(ran.status.success(), "{said}");
    let air = std::fs::read_to_string(folder.join("on-the-air.jsonl")).unwrap();
    let sent: Vec<serde_json::Value> =
        air.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [sms] = sent.as_slice() else { panic!("one SMS is expected on the air: {air}\n{said}") };
    assert_eq!(sms["phone_number"], "+79161234567");
    let text = sms["text"].as_str().unwrap();
    let delivered = std::fs::read_to_string(folder.join("delivered.json")).unwrap();
    let delivered: serde_json::Value = serde_json::from_str(&delivered).unwrap();
    assert_eq!(delivered["items"][0]["status"]["title"], "Доставлено", "{delivered}");
    for part in ["Женская стрижка", "15:00", "Стиль де Виль"] {
        assert!(text.contains(part), "the SMS lacks {part}: {text}");
    }
}

#[test]
fn the_way_is_short() {
    let calls: usize =
        shell_blocks(DOCUMENT).iter().map(|block| block.matches("curl ").count()).sum();
    assert!((1..=CALLS_MOST).contains(&calls), "{calls} calls, at most {CALLS_MOST}");
}

/// docs/demo.md says what to try; the demo answers as it says.
#[test]
fn what_the_demo_invites_to_works_as_written() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    let database = format!("sqlite:{}", folder.join("vestnik.db").display());
    let air = folder.join("air.jsonl");
    // By day: at night the move would be told in the morning.
    let flags = [
        "--dev-clock",
        "--dev-clock-from",
        "2026-03-02T06:07:00Z",
        "--failure-percent",
        "0",
        "--answer-percent",
        "0",
        "--air",
        air.to_str().unwrap(),
    ];
    let installation = Installation::new(folder, database, "127.0.0.1:0".to_owned())
        .of_command("demo")
        .with_flags(&flags);
    let server = installation.start();
    let blocks = shell_blocks(DEMO_DOCUMENT);
    let ran = run(&blocks.join("\n"), &format!("http://{}", server.address), folder);
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    let sent = std::fs::read_to_string(air).unwrap();
    let to_us: Vec<&str> = sent.lines().filter(|line| line.contains("+79990007777")).collect();
    let [confirmed, moved] = to_us.as_slice() else { panic!("two SMS are expected: {to_us:?}") };
    assert!(confirmed.contains("Запись принята") && moved.contains("перенесена с"), "{to_us:?}");
}

/// What stands between ```` ```sh ```` and ```` ``` ```` in a document.
fn shell_blocks(document: &str) -> Vec<String> {
    let text = std::fs::read_to_string(project_files::root().join(document)).unwrap();
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        match (&mut open, line) {
            (None, "```sh") => open = Some(String::new()),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some(block), line) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    assert!(open.is_none(), "{document} ends inside a block");
    assert!(!blocks.is_empty(), "{document} has no shell block");
    blocks
}

/// Runs a script in `folder`; ends it and all that it started after the limit.
fn run(script: &str, address: &str, folder: &Path) -> Output {
    let binary_folder = Path::new(VESTNIK).parent().unwrap();
    let mut path = vec![binary_folder.to_owned()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    // What a person would do by hand when a step fails: stop, and end the phone.
    let careful =
        format!("set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}");
    Command::new("timeout")
        .args([&LIMIT_S.to_string(), "bash", "-c", &careful])
        .current_dir(folder)
        .env("VESTNIK", address)
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}
