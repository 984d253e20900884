//! What a text costs as an SMS: how many parts the phone network cuts it into, and how to say the same
//! in fewer.

mod gsm;
mod normalise;
mod size;
mod transliterate;

pub use normalise::normalise;
pub use size::{Encoding, SmsSize, size, split};
pub use transliterate::{Transliteration, transliterate};
