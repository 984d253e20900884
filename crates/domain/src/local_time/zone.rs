//! The name of a place's clock, and the rules behind it.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};
use thiserror::Error;
use vestnik_template::Language;

/// Never the machine's own database: its version would differ from node to node.
static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The longest name in the database has 32 letters.
const NAME_BYTES_MAX: usize = 64;

/// A time zone of the IANA database, such as `Europe/Moscow`. Cheap to clone; equal by name.
#[derive(Clone)]
pub struct Zone {
    name: Arc<str>,
    rules: TimeZone,
}

impl Zone {
    /// Reads a name of the IANA database in any case; abbreviations and bare offsets are refused,
    /// since they know nothing of clock changes.
    pub fn parse(name: &str) -> Result<Zone, ZoneError> {
        let unknown = || ZoneError::Unknown { name: name.chars().take(NAME_BYTES_MAX).collect() };
        if name.len() > NAME_BYTES_MAX {
            return Err(unknown());
        }
        let rules = BUNDLED.get(name).map_err(|_| unknown())?;
        let canonical = rules.iana_name().ok_or_else(unknown)?.into();
        Ok(Zone { name: canonical, rules })
    }

    /// The name as the database spells it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules themselves, for calendar arithmetic that this module does not offer.
    pub fn time_zone(&self) -> &TimeZone {
        &self.rules
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Zone::parse(&name).map_err(serde::de::Error::custom)
    }
}

/// Why a text names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ZoneError {
    #[error("there is no time zone «{name}» in the IANA database")]
    Unknown { name: String },
}

impl ZoneError {
    /// For programs: never changes once published.
    pub fn code(&self) -> &'static str {
        "zone_unknown"
    }

    /// What is wrong and what would be right.
    pub fn message(&self, language: Language) -> String {
        let ZoneError::Unknown { name } = self;
        match language {
            Language::Russian => format!(
                "Часовой пояс «{name}» неизвестен. Нужно название из базы IANA, например \
                 Europe/Moscow или Asia/Yekaterinburg."
            ),
            Language::English => format!(
                "The time zone “{name}” is unknown. Give a name of the IANA database, for example \
                 Europe/Moscow or Asia/Yekaterinburg."
            ),
        }
    }
}
