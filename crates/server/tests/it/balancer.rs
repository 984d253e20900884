//! A proxy before several nodes, as an operator would put one there: it asks each node whether it is
//! alive, sends nobody to one that is not, and cuts off whoever hangs on one that fell silent.

use crate::http::Caller;
use crate::waiting::pause;
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ASK_EVERY: Duration = Duration::from_millis(100);
/// A node that is silent for so long is down.
const SILENT_MOST: Duration = Duration::from_millis(700);

pub(crate) struct Balancer {
    /// Where clients connect to.
    pub(crate) address: String,
    shared: Arc<Shared>,
}

struct Shared {
    nodes: Vec<Node>,
    turn: AtomicUsize,
    is_over: AtomicBool,
}

struct Node {
    address: String,
    is_up: AtomicBool,
    /// Both ends of what runs over this node.
    open: Mutex<Vec<TcpStream>>,
}

impl Balancer {
    pub(crate) fn before(addresses: impl IntoIterator<Item = String>) -> Balancer {
        let node = |address| Node { address, is_up: AtomicBool::new(true), open: Mutex::default() };
        let shared = Arc::new(Shared {
            nodes: addresses.into_iter().map(node).collect(),
            turn: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        for number in 0..shared.nodes.len() {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || shared.watch(&shared.nodes[number]));
        }
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || accepting.accept(&listener));
        Balancer { address, shared }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(&self.address);
    }
}

impl Shared {
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    fn watch(&self, node: &Node) {
        let asking = Caller { limit: SILENT_MOST, ..Caller::new(&node.address) };
        while !self.is_over() {
            let is_up = asking.call("GET", "/health/live", None).is_ok();
            node.is_up.store(is_up, Ordering::Relaxed);
            if !is_up {
                node.cut_off();
            }
            pause(ASK_EVERY);
        }
        node.cut_off();
    }

    fn accept(&self, listener: &TcpListener) {
        while let Ok((client, _)) = listener.accept() {
            if self.is_over() {
                return;
            }
            // Where no node is up the client finds its connection closed.
            let _ = self.connect(client);
        }
    }

    fn connect(&self, client: TcpStream) -> io::Result<()> {
        for _ in &self.nodes {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed);
            let node = &self.nodes[turn % self.nodes.len()];
            if !node.is_up.load(Ordering::Relaxed) {
                continue;
            }
            let Ok(server) = TcpStream::connect(&node.address) else { continue };
            let mut open = node.open.lock().unwrap();
            open.retain(|stream| stream.peer_addr().is_ok());
            open.extend([client.try_clone()?, server.try_clone()?]);
            pass_on(client.try_clone()?, server.try_clone()?);
            pass_on(server, client);
            return Ok(());
        }
        Ok(())
    }
}

impl Node {
    fn cut_off(&self) {
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// Everything in one direction, to its end.
fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}
