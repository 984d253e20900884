//! `vestnik demo`: a salon full of life, with its phone in the same process.

use super::serve::{DevClock, Service};
use crate::configuration::{Configuration, Database, Settings};
use crate::{logging, wiring};
use anyhow::{Context, bail};
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use vestnik_app::{App, AppError, Clock};
use vestnik_simulation::demo::{self, DemoSalon, EMAIL, Life, PASSWORD, Seeding, SpeedClock};
use vestnik_simulation::phone::{
    AirLog, AirRecord, BusinessClock, PhoneBehaviour, PhoneNews, PhoneOptions, SimulatedPhone,
};
use vestnik_store::Store;

/// Where the demo's data lives when nothing else is said.
const DATABASE: &str = "sqlite:demo-data/vestnik.db";
/// In which zone the demo tells the time: its first branch's.
const ZONE: &str = "Europe/Moscow";
/// So much business time passes between two looks of the salon's life.
const LIFE_EVERY_MS: u64 = 15_000;
/// Under a standing clock only real time moves the phone: it must not dawdle.
const HURRY: u32 = 3_000;

/// `vestnik demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    dev_clock: DevClock,
    /// How many times as fast business time runs; at 60 a day takes 24 minutes.
    #[arg(long, default_value_t = 1, value_name = "N", conflicts_with = "dev_clock",
        value_parser = clap::value_parser!(u32).range(1..=3600))]
    speed: u32,
    /// Decides all that is left to chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many of 100 SMS the network refuses.
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u8).range(..=100))]
    failure_percent: u8,
    /// How many of 100 people answer.
    #[arg(long, default_value_t = 15, value_name = "N", value_parser = clap::value_parser!(u8).range(..=100))]
    answer_percent: u8,
    /// Appends every SMS to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    air: Option<PathBuf>,
}

/// Serves the demo until it is asked to stop.
pub(crate) async fn run(command: Demo) -> anyhow::Result<()> {
    let configuration = command.settings.resolve_with(DATABASE)?;
    if !configuration.listen.ip().is_loopback() {
        bail!(
            "the demo's password is known to everybody, so it listens on loopback only, not on {}",
            configuration.listen
        );
    }
    make_folder(&configuration)?;
    logging::start(configuration.log_format);
    let mut service = Service::open(&configuration).await?;
    service.demo_login = Some((EMAIL, PASSWORD));
    let stored = stored(&service.store).await?;
    let wired = wiring::app(service.store.clone(), &configuration, service.address).await?;
    let standing = command.dev_clock.clock(configuration.listen, stored)?;
    let clock: Arc<dyn Clock> = match &standing {
        Some(standing) => Arc::clone(standing) as Arc<dyn Clock>,
        None => Arc::new(SpeedClock::new(wired.clock.clone(), command.speed, stored)),
    };
    let mut wired = wired.with_business_clock(Arc::clone(&clock));
    // The clients of this salon live on this very machine, so its links can be opened.
    wired.app = wired.app.with_links();
    let app = wired.app.clone();
    let (salon, link_token, seeding) = demo::open(&app, command.seed).await.map_err(in_words)?;
    let token = demo::start_token(&app, &salon).await.map_err(in_words)?;
    let phone = phone(&command, &app, &link_token, clock, standing.is_some())?;

    let (stop, stopping) = watch::channel(false);
    let phone = tokio::spawn(live_phone(phone, stopping.clone()));
    // A standing clock is moved by hand alone, and so is the salon then.
    let life = standing.is_none().then(|| {
        let life = Life::new(salon, command.seed, seeding == Seeding::Made);
        tokio::spawn(live(app.clone(), life, command.speed, stopping))
    });
    welcome(app.public_address(), &token, app.now(), &command);
    let served = service.run(wired, &configuration, standing).await;
    stop.send_replace(true);
    phone.await?;
    if let Some(life) = life {
        life.await?;
    }
    served
}

fn make_folder(configuration: &Configuration) -> anyhow::Result<()> {
    let Database::Sqlite(path) = &configuration.database else { return Ok(()) };
    match path.parent() {
        Some(folder) => std::fs::create_dir_all(folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display())),
        None => Ok(()),
    }
}

/// The latest business time of an earlier start.
async fn stored(store: &Store) -> anyhow::Result<Option<Timestamp>> {
    match DemoSalon::find(store).await? {
        Some(salon) => Ok(store.latest_moment(salon.caller.organization_id).await?),
        None => Ok(None),
    }
}

/// Refusals of use cases name their fields, which the plain error does not show.
fn in_words(error: demo::DemoError) -> anyhow::Error {
    match &error {
        demo::DemoError::App(AppError::Invalid(fields)) => {
            let words: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.field, field.english)).collect();
            anyhow::anyhow!("the demo could not be made: {}", words.join("; "))
        }
        _ => anyhow::Error::new(error).context("the demo could not be made"),
    }
}

fn phone(
    command: &Demo,
    app: &App,
    link_token: &str,
    clock: Arc<dyn Clock>,
    stands: bool,
) -> anyhow::Result<SimulatedPhone> {
    let air = match &command.air {
        Some(path) => AirLog::with_file(path)
            .with_context(|| format!("the file {} cannot be written", path.display()))?,
        None => AirLog::in_memory(),
    };
    let zone = TimeZone::get(ZONE)?;
    let options = PhoneOptions {
        behaviour: PhoneBehaviour {
            seed: command.seed,
            failure_percent: command.failure_percent,
            answer_percent: command.answer_percent,
            lost_receipt_percent: 2,
            hurry: if stands { HURRY } else { 1 },
            ..PhoneBehaviour::default()
        },
        clock: Arc::new(BusinessClock(clock)),
        air,
        on_news: Arc::new(move |news| print(news, &zone)),
        ..PhoneOptions::new(app.public_address(), link_token)
    };
    Ok(SimulatedPhone::new(options)?)
}

/// The phone lives as long as the service does; one that crashed stays off, and its status shows it.
async fn live_phone(mut phone: SimulatedPhone, mut stopping: watch::Receiver<bool>) {
    let stop = async move {
        // A sender that is gone means the same.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    if let Err(error) = phone.run(stop).await {
        tracing::error!(%error, "the demo's phone went off");
    }
}

/// The life of the salon, turn by turn.
async fn live(app: App, mut life: Life, speed: u32, mut stopping: watch::Receiver<bool>) {
    let pause = Duration::from_millis((LIFE_EVERY_MS / u64::from(speed)).clamp(250, 5_000));
    loop {
        if let Err(error) = life.run_once(&app).await {
            tracing::error!(%error, "a turn of the demo's life failed");
        }
        tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => return,
            () = rest(pause) => {}
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "life rests between turns; nothing is decided by it")]
async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// Every SMS on standard output: the people are invented, so their texts may be read.
fn print(news: &PhoneNews, zone: &TimeZone) {
    match news {
        PhoneNews::OnAir(record) => println!("{}", line_of(record, zone)),
        PhoneNews::Complaint(words) => tracing::debug!(words, "the demo's phone"),
        _ => {}
    }
}

fn line_of(record: &AirRecord, zone: &TimeZone) -> String {
    let at = record.at.to_zoned(zone.clone()).strftime("%d.%m %H:%M").to_string();
    format!("{at}  {}  {}", record.masked_number(), record.text.replace(['\r', '\n'], " "))
}

fn welcome(address: &str, token: &str, now: Timestamp, command: &Demo) {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let now = now.to_zoned(zone).strftime("%d.%m.%Y %H:%M").to_string();
    let pace = match command.speed {
        1 => "идут как обычно; быстрее: --speed 60".to_owned(),
        speed => format!("идут в {speed} раз быстрее"),
    };
    println!(
        "\nСалон «Стиль де Виль» открыт: два филиала, шесть мастеров, 300 клиентов.\n\
         Часы салона: {now} по Москве, {pace}.\n\n  \
         адрес   {address}/\n  \
         почта   {EMAIL}\n  \
         пароль  {PASSWORD}\n  \
         токен   {token}\n\n\
         Посмотрите (ещё больше — в docs/demo.md):\n  \
         export TOKEN={token}\n  \
         curl -H \"Authorization: Bearer $TOKEN\" {address}/api/v1/messages/totals   сколько отправлено\n  \
         curl -H \"Authorization: Bearer $TOKEN\" {address}/api/v1/forecast          что уйдёт за неделю\n  \
         curl -H \"Authorization: Bearer $TOKEN\" {address}/api/v1/tasks             кто ответил\n\n\
         Ниже — каждая SMS, которую отправляет телефон салона. Остановить: Ctrl+C.\n"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sms_is_one_line_in_the_salons_time() {
        let record = AirRecord {
            id: "m1".to_owned(),
            phone_number: "+79990001029".to_owned(),
            text: "Ждём вас\nв 15:00".to_owned(),
            at: "2026-03-04T12:15:00.25Z".parse().unwrap(),
            valid_until: None,
            sim_number: None,
            data_port: None,
        };
        let line = line_of(&record, &TimeZone::get(ZONE).unwrap());
        assert_eq!(line, "04.03 15:15  +7••••••1029  Ждём вас в 15:00");
    }
}
