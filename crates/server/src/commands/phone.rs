//! `vestnik phone`: one simulated phone for trials, linked to a server on this machine.

use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;
use vestnik_simulation::phone::{
    AirLog, AirRecord, DevClock, PhoneBehaviour, PhoneClock, PhoneNews, PhoneOptions,
    SimulatedPhone, SystemClock,
};

#[derive(Debug, Args)]
pub(crate) struct Phone {
    /// The server's address, as in http://127.0.0.1:8080; on this machine only.
    #[arg(long, value_name = "URL")]
    server: String,
    /// The link token that the server shows for the phone.
    #[arg(long, value_name = "LINK_TOKEN")]
    token: String,
    /// Appends every SMS to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    air: Option<PathBuf>,
    /// Decides all that is left to chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many of 100 SMS the network refuses.
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u8).range(..=100))]
    failure_percent: u8,
    /// How many of 100 people answer.
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u8).range(..=100))]
    answer_percent: u8,
    /// How many times as fast the phone's own waits pass; 1 is the real app.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    hurry: u32,
    /// The clock to live by, as in http://127.0.0.1:8080/dev/clock; otherwise this machine's.
    #[arg(long, value_name = "URL")]
    clock_url: Option<String>,
    /// Prints phone numbers in full.
    #[arg(long)]
    show_numbers: bool,
}

pub(crate) async fn run(command: Phone) -> anyhow::Result<()> {
    let clock: Arc<dyn PhoneClock> = match &command.clock_url {
        Some(url) => Arc::new(DevClock::new(url)?),
        None => Arc::new(SystemClock),
    };
    let air = match &command.air {
        Some(path) => AirLog::with_file(path)
            .with_context(|| format!("the file {} cannot be written", path.display()))?,
        None => AirLog::in_memory(),
    };
    let behaviour = PhoneBehaviour {
        seed: command.seed,
        failure_percent: command.failure_percent,
        answer_percent: command.answer_percent,
        hurry: command.hurry,
        ..PhoneBehaviour::default()
    };
    let show_numbers = command.show_numbers;
    let options = PhoneOptions {
        behaviour,
        clock,
        air,
        on_news: Arc::new(move |news| print(news, show_numbers)),
        ..PhoneOptions::new(&command.server, &command.token)
    };
    let ctrl_c = async {
        // Without the signal the phone lives until its process is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    SimulatedPhone::new(options)?.run(ctrl_c).await?;
    Ok(())
}

/// SMS on standard output, one a line; what is not right on standard error.
fn print(news: &PhoneNews, show_numbers: bool) {
    match news {
        PhoneNews::OnAir(record) => println!("{}", line_of(record, show_numbers)),
        PhoneNews::Linked { device_id, .. } => eprintln!("телефон привязан: {device_id}"),
        PhoneNews::Complaint(words) => eprintln!("{words}"),
        PhoneNews::Listening
        | PhoneNews::SettingsTaken
        | PhoneNews::WebhooksTaken { .. }
        | PhoneNews::Reported(_)
        | PhoneNews::Posted { .. } => {}
    }
}

fn line_of(record: &AirRecord, show_numbers: bool) -> String {
    let number = if show_numbers { record.phone_number.clone() } else { record.masked_number() };
    format!("{:.0} {number} {}", record.at, record.text.replace(['\r', '\n'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sms_is_one_line() {
        let record = AirRecord {
            id: "m1".to_owned(),
            phone_number: "+15550100123".to_owned(),
            text: "Ждём вас\r\nв 15:00".to_owned(),
            at: "2026-03-04T12:15:00.25Z".parse().unwrap(),
            valid_until: None,
            sim_number: None,
            data_port: None,
        };
        assert_eq!(line_of(&record, false), "2026-03-04T12:15:00Z +1••••••0123 Ждём вас  в 15:00");
        assert!(line_of(&record, true).contains(" +15550100123 "));
    }
}
