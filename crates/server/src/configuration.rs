//! Configuration: flags win over the environment, the environment over the file.

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use vestnik_api::AddressRange;

/// Where the service listens when nothing else is said.
const LISTEN: &str = "127.0.0.1:8080";
/// Where the data lives when nothing else is said.
const DATABASE: &str = "sqlite:vestnik.db";

/// For how long a silent node keeps its senders when nothing else is said.
const LEASE_S: i64 = 15;

/// What can be set, on the command line and in the environment.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Settings {
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "VESTNIK_LISTEN")]
    pub(crate) listen: Option<SocketAddr>,
    /// `sqlite:PATH` or `postgres://user@host/database` [default: sqlite:vestnik.db].
    #[arg(long, env = "VESTNIK_DATABASE")]
    pub(crate) database: Option<String>,
    /// A TOML file with the same words as the flags; docs/configuration.md lists them.
    #[arg(long, env = "VESTNIK_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Browsers reach this service by HTTPS (through a proxy): cookies are marked Secure.
    #[arg(long, env = "VESTNIK_HTTPS", num_args = 0..=1, default_missing_value = "true")]
    pub(crate) https: Option<bool>,
    /// Where clients and phones reach this service, like https://sms.salon.example
    /// [default: http:// and the address it listens on].
    #[arg(long, env = "VESTNIK_PUBLIC_ADDRESS")]
    pub(crate) public_address: Option<String>,
    /// A proxy before this service, like 10.0.0.1 or 10.0.0.0/8: its `X-Forwarded-For` says who calls.
    /// May be given several times.
    #[arg(long = "trusted-proxy", env = "VESTNIK_TRUSTED_PROXIES", value_delimiter = ',')]
    pub(crate) trusted_proxies: Vec<AddressRange>,
    /// The file with the installation's key; every node has the same
    /// [default: beside an `SQLite` database, else vestnik.key].
    #[arg(long, env = "VESTNIK_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// What this process remembers outside the database; each node has its own
    /// [default: beside an `SQLite` database, else vestnik-ADDRESS-PORT.sidecar].
    #[arg(long, env = "VESTNIK_SIDECAR")]
    pub(crate) sidecar: Option<PathBuf>,
    /// The file that senders of the channel `log` write to, for trials
    /// [default: beside an `SQLite` database, else vestnik.messages.jsonl].
    #[arg(long, env = "VESTNIK_MESSAGE_LOG")]
    pub(crate) message_log: Option<PathBuf>,
    /// For how many seconds a node that falls silent keeps its senders, 3 to 60 [default: 15].
    #[arg(long, env = "VESTNIK_LEASE_S")]
    pub(crate) lease_s: Option<i64>,
    /// Log lines as `json` or `text` [default: text on a terminal, else json].
    #[arg(long, env = "VESTNIK_LOG_FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    Json,
    Text,
}

/// The same words in a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    database: Option<String>,
    https: Option<bool>,
    public_address: Option<String>,
    #[serde(default)]
    trusted_proxies: Vec<String>,
    key_file: Option<PathBuf>,
    sidecar: Option<PathBuf>,
    message_log: Option<PathBuf>,
    lease_s: Option<i64>,
    log_format: Option<LogFormat>,
}

/// Settings with every default filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Configuration {
    pub(crate) listen: SocketAddr,
    pub(crate) database: Database,
    pub(crate) https: bool,
    pub(crate) public_address: Option<String>,
    pub(crate) trusted_proxies: Vec<AddressRange>,
    pub(crate) key_file: PathBuf,
    pub(crate) sidecar: PathBuf,
    pub(crate) message_log: PathBuf,
    pub(crate) lease_s: i64,
    pub(crate) log_format: Option<LogFormat>,
}

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Database {
    /// Beside an SQLite file, under its name with `ending`; with PostgreSQL in the working folder, `elsewhere`.
    fn standard_file(&self, ending: &str, elsewhere: &str) -> PathBuf {
        match self {
            Database::Sqlite(path) => {
                let mut name = path.as_os_str().to_owned();
                name.push(ending);
                PathBuf::from(name)
            }
            Database::Postgres(_) => PathBuf::from(elsewhere),
        }
    }

    /// Reads `sqlite:PATH` or a PostgreSQL address.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Database> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            if path.is_empty() {
                bail!("--database sqlite: needs a path, like sqlite:vestnik.db");
            }
            return Ok(Database::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Database::Postgres(text.to_owned()));
        }
        bail!("--database must be sqlite:PATH or postgres://user@host/database, not `{text}`")
    }
}

impl Settings {
    /// Puts flags, environment and file together.
    pub(crate) fn resolve(&self) -> anyhow::Result<Configuration> {
        self.resolve_with(DATABASE)
    }

    /// The same where the data lives elsewhere when nothing is said.
    pub(crate) fn resolve_with(&self, standard_database: &str) -> anyhow::Result<Configuration> {
        let file = match &self.config {
            Some(path) => read_file(path)?,
            None => File::default(),
        };
        let database =
            self.database.clone().or(file.database).unwrap_or_else(|| standard_database.to_owned());
        let database = Database::parse(&database)?;
        let key_file = self.key_file.clone().or(file.key_file);
        let public_address = self.public_address.clone().or(file.public_address);
        if let Some(address) = &public_address
            && !address.starts_with("http://")
            && !address.starts_with("https://")
        {
            bail!("--public-address must begin with https:// or http://, not `{address}`");
        }
        let of_file = || {
            let ranges = file.trusted_proxies.iter().map(|text| text.parse::<AddressRange>());
            ranges.collect::<Result<Vec<_>, _>>()
        };
        let trusted_proxies = match self.trusted_proxies.as_slice() {
            [] => of_file().map_err(|words| anyhow::anyhow!("trusted_proxies: {words}"))?,
            given => given.to_vec(),
        };
        let listen: SocketAddr = match self.listen.or(file.listen) {
            Some(listen) => listen,
            None => LISTEN.parse().context("the standard address")?,
        };
        let lease_s = self.lease_s.or(file.lease_s).unwrap_or(LEASE_S);
        if !(3..=60).contains(&lease_s) {
            bail!("--lease-s must be 3 to 60 seconds, not {lease_s}");
        }
        let own = format!("vestnik-{}-{}.sidecar", listen.ip(), listen.port()).replace(':', "-");
        let message_log = self.message_log.clone().or(file.message_log);
        Ok(Configuration {
            trusted_proxies,
            key_file: key_file.unwrap_or_else(|| database.standard_file(".key", "vestnik.key")),
            sidecar: self
                .sidecar
                .clone()
                .or(file.sidecar)
                .unwrap_or_else(|| database.standard_file(".sidecar", &own)),
            message_log: message_log.unwrap_or_else(|| {
                database.standard_file(".messages.jsonl", "vestnik.messages.jsonl")
            }),
            lease_s,
            public_address,
            listen,
            database,
            https: self.https.or(file.https).unwrap_or(false),
            log_format: self.log_format.or(file.log_format),
        })
    }
}

fn read_file(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the configuration file {} cannot be read", path.display()))?;
    toml::from_str(&text)
        .with_context(|| format!("the configuration file {} is not understood", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_databases() {
        let sqlite = Database::parse("sqlite:data/salon.db").unwrap();
        assert_eq!(sqlite, Database::Sqlite(PathBuf::from("data/salon.db")));
        assert!(matches!(Database::parse("postgres://v@localhost/v"), Ok(Database::Postgres(_))));
        for wrong in ["", "sqlite:", "mysql://x", "vestnik.db"] {
            assert!(Database::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn trusted_proxies_come_by_flags_or_by_the_file() {
        let folder = vestnik_testkit::tempdir().unwrap();
        let path = folder.path().join("vestnik.toml");
        let resolve = |text: &str, flags: &[&str]| {
            std::fs::write(&path, text).unwrap();
            let trusted_proxies = flags.iter().map(|flag| flag.parse().unwrap()).collect();
            let config = Some(path.clone());
            Settings { config, trusted_proxies, ..Settings::default() }.resolve()
        };
        let proxies = |text: &str, flags: &[&str]| resolve(text, flags).unwrap().trusted_proxies;
        let range = |text: &str| text.parse::<AddressRange>().unwrap();
        assert!(proxies("", &[]).is_empty());
        let file = "trusted_proxies = [\"10.0.0.0/8\", \"::1\"]";
        assert_eq!(proxies(file, &[]), [range("10.0.0.0/8"), range("::1")]);
        assert_eq!(proxies(file, &["127.0.0.1"]), [range("127.0.0.1")], "flags win");
        let refusal = resolve("trusted_proxies = [\"proxy\"]", &[]).unwrap_err().to_string();
        assert!(refusal.contains("trusted_proxies") && refusal.contains("`proxy`"), "{refusal}");
    }

    #[test]
    fn a_word_that_is_not_known_is_refused() {
        let error = toml::from_str::<File>("lisen = \"127.0.0.1:1\"").unwrap_err();
        assert!(error.to_string().contains("lisen"), "{error}");
    }
}
