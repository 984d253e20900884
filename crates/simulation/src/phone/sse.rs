//! Server-sent events, as far as the app's library reads them: name and data of a frame. A frame
//! without any data line is never handed on.

/// A stream that sends no end of line for this long is not one.
const MAX_FRAME_BYTES: usize = 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SseFrame {
    /// `None`: the frame did not say.
    pub(crate) event: Option<String>,
    pub(crate) data: String,
}

#[derive(Debug, Default)]
pub(crate) struct SseParser {
    unread: Vec<u8>,
    event: Option<String>,
    data: Option<String>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("кадр событий больше мегабайта")]
pub(crate) struct FrameTooLong;

impl SseParser {
    /// The frames that are whole with these bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<SseFrame>, FrameTooLong> {
        self.unread.extend_from_slice(bytes);
        let mut frames = Vec::new();
        while let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
            let rest = self.unread.split_off(end + 1);
            let line = std::mem::replace(&mut self.unread, rest);
            frames.extend(self.line(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n'])));
        }
        let kept = self.unread.len() + self.data.as_ref().map_or(0, String::len);
        if kept > MAX_FRAME_BYTES { Err(FrameTooLong) } else { Ok(frames) }
    }

    fn line(&mut self, line: &str) -> Option<SseFrame> {
        if line.is_empty() {
            let event = self.event.take();
            return self.data.take().map(|data| SseFrame { event, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.event = Some(value.to_owned()),
            "data" => match &mut self.data {
                None => self.data = Some(value.to_owned()),
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
            },
            // A comment (the keepalive), an id, a time to wait: nothing for the app.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ":keepalive\n\nevent: MessageEnqueued\ndata: null\n\n\
        event: SettingsUpdated\n\ndata: a\r\ndata:b\r\n\r\n\
        id: 7\nevent: MessageCancelled\ndata: {\"messageId\": \"я\"}\n\ndata: unfinished";

    fn frame(event: Option<&str>, data: &str) -> SseFrame {
        SseFrame { event: event.map(str::to_owned), data: data.to_owned() }
    }

    #[test]
    fn frames_are_the_same_however_the_bytes_arrive() {
        let expected = [
            frame(Some("MessageEnqueued"), "null"),
            frame(None, "a\nb"),
            frame(Some("MessageCancelled"), "{\"messageId\": \"я\"}"),
        ];
        for size in [1, 2, 3, 7, STREAM.len()] {
            let mut parser = SseParser::default();
            let frames: Vec<SseFrame> = STREAM
                .as_bytes()
                .chunks(size)
                .flat_map(|bytes| parser.push(bytes).unwrap())
                .collect();
            assert_eq!(frames, expected, "by {size} bytes");
        }
    }

    #[test]
    fn an_endless_line_is_given_up() {
        let mut parser = SseParser::default();
        assert_eq!(parser.push(&[b'x'; MAX_FRAME_BYTES]), Ok(vec![]));
        assert_eq!(parser.push(b"x"), Err(FrameTooLong));
        let mut parser = SseParser::default();
        let line = format!("data:{}\n", "x".repeat(1000));
        assert!((0..2000).any(|_| parser.push(line.as_bytes()).is_err()));
    }
}
