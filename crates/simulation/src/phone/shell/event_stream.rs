//! The open ear of the phone: `GET /events`, opened again whenever it closes, by the app's own table of
//! waits.

use tokio::sync::mpsc;

use super::server_api::{CallFailure, ServerApi};
use super::wait_ms;
use crate::phone::sse::{SseFrame, SseParser};

#[derive(Debug)]
pub(super) enum StreamNews {
    Opened,
    Frame(SseFrame),
    Closed(String),
}

/// Follows the stream for as long as somebody receives.
pub(super) async fn follow(api: ServerApi, hurry: u64, news: mpsc::UnboundedSender<StreamNews>) {
    let mut failures = 0;
    loop {
        let why = match api.events().await {
            Ok(mut reply) => {
                failures = 0;
                if news.send(StreamNews::Opened).is_err() {
                    return;
                }
                let mut parser = SseParser::default();
                loop {
                    match next_frames(&mut reply, &mut parser).await {
                        Ok(frames) => {
                            for frame in frames {
                                if news.send(StreamNews::Frame(frame)).is_err() {
                                    return;
                                }
                            }
                        }
                        Err(why) => break why,
                    }
                }
            }
            Err(failure) => failure.to_string(),
        };
        if news.send(StreamNews::Closed(why)).is_err() {
            return;
        }
        wait_ms(reconnect_after_ms(failures) / hurry).await;
        failures += 1;
    }
}

/// The error says why the stream is over.
async fn next_frames(
    reply: &mut reqwest::Response,
    parser: &mut SseParser,
) -> Result<Vec<SseFrame>, String> {
    match reply.chunk().await {
        Ok(Some(bytes)) => parser.push(&bytes).map_err(|error| error.to_string()),
        Ok(None) => Err("сервер закрыл поток событий".to_owned()),
        Err(error) => Err(CallFailure::from(error).to_string()),
    }
}

fn reconnect_after_ms(failures: u32) -> u64 {
    match failures {
        0..5 => 5_000,
        5..10 => 30_000,
        _ => 60_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reconnecting_slows_down() {
        let waits: Vec<u64> = (0..12).map(|failures| reconnect_after_ms(failures) / 1000).collect();
        assert_eq!(waits, [5, 5, 5, 5, 5, 30, 30, 30, 30, 30, 60, 60]);
    }
}
