//! A client of the HTTP API, as small as can be: one blocking HTTP/1.1 request per connection, JSON in
//! and out. An answer that does not come whole is an error, never half an answer.

use serde_json::Value;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Header lines, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Value,
}

impl Answer {
    /// The service says, in the form of its problems, that its database does not answer.
    pub(crate) fn is_unavailable(&self) -> bool {
        let json = ("content-type".to_owned(), "application/problem+json".to_owned());
        let codes = ["unavailable", "outcome_unknown"];
        self.status == 503
            && self.headers.contains(&json)
            && codes.contains(&self.body["code"].as_str().unwrap_or_default())
    }
}

/// Calls the service at an address.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) address: String,
    /// Sent with every request.
    pub(crate) headers: Vec<(String, String)>,
    /// The longest wait for an answer.
    pub(crate) limit: Duration,
}

impl Caller {
    pub(crate) fn new(address: &str) -> Caller {
        Caller { address: address.to_owned(), headers: Vec::new(), limit: LIMIT }
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Caller {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// One request. An error means that nothing is known of its effect.
    pub(crate) fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let content = body.map(Value::to_string).unwrap_or_default();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.address,
            content.len()
        );
        if body.is_some() {
            head.push_str("Content-Type: application/json\r\n");
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(self.limit))?;
        stream.set_write_timeout(Some(self.limit))?;
        stream.write_all(format!("{head}\r\n{content}").as_bytes())?;
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply)?;
        read_answer(&reply).ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    }

    /// A request that must succeed; the body of its answer.
    ///
    /// # Panics
    /// On any other status than 200 and 201.
    pub(crate) fn ok(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self
            .call(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        assert!([200, 201].contains(&answer.status), "{method} {path}: {answer:?}");
        answer.body
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.ok("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Value {
        self.ok("POST", path, Some(&body))
    }

    pub(crate) fn patch(&self, path: &str, body: Value) -> Value {
        self.ok("PATCH", path, Some(&body))
    }
}

/// `None` when the answer is not whole.
fn read_answer(reply: &[u8]) -> Option<Answer> {
    let end_of_head = reply.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&reply[..end_of_head]).unwrap();
    let content = &reply[end_of_head + 4..];
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    // An answer without content says no length.
    if status != 204 || !content.is_empty() {
        let (_, length) = headers.iter().find(|(name, _)| name == "content-length")?;
        if content.len() != length.parse::<usize>().unwrap() {
            return None;
        }
    }
    let body =
        if content.is_empty() { Value::Null } else { serde_json::from_slice(content).unwrap() };
    Some(Answer { status, headers, body })
}
