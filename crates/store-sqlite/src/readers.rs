//! A fixed number of reading connections, each on its own thread: reads are bounded, and a slow
//! report never takes more than one of them.

use crate::connection::{OpenError, open_reader};
use crate::execute;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;
use vestnik_store::{ReadError, Row, Statement, Value};

/// Statements with their parameters.
pub(crate) type Reads = Vec<(&'static Statement, Vec<Value>)>;

struct Request {
    reads: Reads,
    answer: oneshot::Sender<Result<Vec<Vec<Row>>, ReadError>>,
}

/// The reading threads; they end when this is dropped.
pub(crate) struct Readers {
    requests: Option<Mutex<Sender<Request>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(crate) fn start(path: &Path, count: usize) -> Result<Readers, OpenError> {
        let (requests, queue) = channel::<Request>();
        let queue = Arc::new(Mutex::new(queue));
        let mut threads = Vec::with_capacity(count);
        for number in 0..count {
            let connection = open_reader(path)?;
            let queue = Arc::clone(&queue);
            let thread = std::thread::Builder::new()
                .name(format!("sqlite-reader-{number}"))
                .spawn(move || {
                    while let Some(request) = next(&queue) {
                        let rows = execute::read_all(&connection, &request.reads);
                        // The asker may have gone away; then nobody wants the rows.
                        let _ = request.answer.send(rows);
                    }
                })?;
            threads.push(thread);
        }
        Ok(Readers { requests: Some(Mutex::new(requests)), threads })
    }

    pub(crate) async fn read(&self, reads: Reads) -> Result<Vec<Vec<Row>>, ReadError> {
        let stopped = || ReadError::Unavailable("the readers have stopped".to_owned());
        let (answer, rows) = oneshot::channel();
        self.requests
            .as_ref()
            .ok_or_else(stopped)?
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(Request { reads, answer })
            .map_err(|_| stopped())?;
        rows.await.map_err(|_| stopped())?
    }
}

fn next(queue: &Mutex<Receiver<Request>>) -> Option<Request> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.requests = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
