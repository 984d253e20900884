//! Several processes of `serve` on one PostgreSQL, each at an address of its own that it keeps when it
//! is started again.

use crate::databases::PostgresDatabase;
use crate::process::{Installation, Server, fixed_address};
use crate::waiting::wait_until;
use std::path::Path;

/// A heartbeat a second; one that fell silent loses its senders after this and two seconds more.
pub(crate) const LEASE_S: u64 = 3;
const LIMIT_S: u64 = 60;

pub(crate) struct Fleet {
    starts: Vec<Installation>,
    nodes: Vec<Option<Server>>,
}

impl Fleet {
    pub(crate) fn start(
        nodes: usize,
        folder: &Path,
        database: &PostgresDatabase,
        flags: &[&str],
    ) -> Fleet {
        let lease = LEASE_S.to_string();
        let flags = [flags, &["--lease-s", lease.as_str()]].concat();
        let any = Installation::new(folder, database.address.clone(), String::new());
        let any = any.with_flags(&flags);
        let own = |number: usize| {
            let own = any.beside(fixed_address(), &format!("node-{number}.sidecar"));
            own.number_from(100 * number);
            own
        };
        let starts: Vec<Installation> = (0..nodes).map(own).collect();
        let nodes = starts.iter().map(|start| Some(start.start())).collect();
        Fleet { starts, nodes }
    }

    pub(crate) fn addresses(&self) -> Vec<String> {
        self.starts.iter().map(|start| start.listen.clone()).collect()
    }

    /// Every node that runs.
    pub(crate) fn running(&self) -> impl Iterator<Item = &Server> {
        self.nodes.iter().flatten()
    }

    pub(crate) fn kill_nine(&mut self, number: usize) {
        self.nodes[number].take().unwrap().kill_nine();
    }

    pub(crate) fn start_again(&mut self, number: usize) {
        self.nodes[number] = Some(self.starts[number].start());
    }

    /// Stops the process without its knowing, for longer than its lease.
    pub(crate) fn pause(&self, number: usize, database: &PostgresDatabase) {
        self.signal(number, "STOP");
        wait_until("its lease is over", LIMIT_S, || beating(database) < self.nodes.len());
    }

    pub(crate) fn wake(&self, number: usize, database: &PostgresDatabase) {
        self.signal(number, "CONT");
        wait_until("all are there", LIMIT_S, || beating(database) == self.nodes.len());
    }

    fn signal(&self, number: usize, name: &str) {
        self.nodes[number].as_ref().unwrap().signal(name);
    }

    /// The node that took a lease last, by what the nodes say; none where no sender is called by us.
    pub(crate) fn driver(&self) -> Option<usize> {
        let fences = self.nodes.iter().enumerate().filter_map(|(number, node)| {
            let log = node.as_ref()?.whole_log();
            let fence = log
                .lines()
                .filter(|line| line.contains("this node drives the sender"))
                .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
                .filter_map(|line| line["fence"].as_i64())
                .max()?;
            Some((fence, number))
        });
        fences.max().map(|(_, number)| number)
    }

    /// Asks all of them to stop.
    ///
    /// # Panics
    /// If one does not end well.
    pub(crate) fn terminate(self) {
        self.stop();
    }

    /// The same; then one of them starts again on a business clock that stands a while ahead.
    ///
    /// # Panics
    /// If one does not end well.
    pub(crate) fn a_while_later(self) -> Server {
        self.stop().first().unwrap().a_while_later().start()
    }

    fn stop(self) -> Vec<Installation> {
        for node in self.nodes.into_iter().flatten() {
            let (ended, _) = node.terminate();
            assert!(ended.success(), "{ended}");
        }
        self.starts
    }
}

/// The nodes whose heartbeat counts.
fn beating(database: &PostgresDatabase) -> usize {
    let now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    database.numbers(&format!("SELECT id FROM nodes WHERE expires_at > {now}")).len()
}
