//! The salon's phone with the SMS gateway app (version 1.68), played by a program: `demo`, `phone` and
//! tests send through it as through a real one.
//!
//! Three layers. [`model`] is the app itself, a pure state machine. [`network`] is the mobile network
//! and the people behind it, who lose, refuse and answer by seeded chance. [`handset`] joins the two,
//! and [`shell`] gives the handset a clock and the server's HTTP.

pub mod air;
pub mod behaviour;
pub mod clock;
pub mod handset;
pub mod model;
pub mod moment;
pub mod network;
pub mod shell;
mod sse;
pub mod wire;

pub use air::{AirLog, AirRecord};
pub use behaviour::PhoneBehaviour;
pub use clock::{BusinessClock, DevClock, PhoneClock, SystemClock};
pub use shell::{PhoneError, PhoneNews, PhoneOptions, PhoneRemote, SimulatedPhone};
