//! The demo's salon: «Стиль де Виль» with its people, and the life that they lead. Everything is done
//! through the use cases that a person's clicks would call, so the demo can show nothing that the
//! product does not do; what is left to chance follows from a seed.
//!
//! Three layers: [`offer`] and [`people`] are what the salon is, [`calendar`] and [`fate`] decide
//! purely who comes when and what becomes of it, [`seed`] and [`life`] carry it out.

mod calendar;
mod fate;
mod life;
mod offer;
mod people;
mod salon;
mod scene;
mod seed;
mod speed_clock;
#[cfg(test)]
mod tests;

pub use life::{Deeds, Life};
pub use salon::{DemoError, DemoSalon, EMAIL, PASSWORD};
pub use seed::{Seeding, open, start_token};
pub use speed_clock::SpeedClock;
