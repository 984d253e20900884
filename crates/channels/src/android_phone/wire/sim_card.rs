//! A SIM card of the phone. Numbers are cut to their last four characters as they are read, since one
//! of the app's events carries them whole and nobody here needs them.

use serde::Serialize;
use serde_json::Value;

use crate::android_phone::fields::{Fields, WireError};

const KEPT_CHARACTERS: usize = 4;
/// A name that a mobile operator may give itself.
const MAX_CARRIER_NAME_CHARACTERS: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SimCard {
    /// From 0.
    pub slot_index: i64,
    /// From 1; the number by which a message chooses its card.
    pub sim_number: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iccid: Option<String>,
}

impl SimCard {
    pub(crate) fn read_list(list: Vec<(String, &Value)>) -> Result<Vec<SimCard>, WireError> {
        list.into_iter().map(|(path, value)| SimCard::read(value, &path)).collect()
    }

    fn read(value: &Value, path: &str) -> Result<SimCard, WireError> {
        let fields = Fields::of(value, path)?;
        let slot = fields.optional_number("slotIndex")?;
        let number = fields.optional_number("simNumber")?;
        // Either says the other.
        let sim_number = number
            .or(slot.and_then(|slot| slot.checked_add(1)))
            .ok_or_else(|| fields.error("simNumber", "a whole number from 1"))?;
        Ok(SimCard {
            slot_index: slot.unwrap_or(sim_number.saturating_sub(1)),
            sim_number,
            phone_number: fields.optional_text("phoneNumber")?.map(last_four),
            carrier_name: fields
                .optional_text("carrierName")?
                .map(|name| name.chars().take(MAX_CARRIER_NAME_CHARACTERS).collect()),
            iccid: fields.optional_text("iccid")?.map(last_four),
        })
    }
}

/// `****1234`, also of what was already cut.
fn last_four(text: &str) -> String {
    let skipped = text.chars().count().saturating_sub(KEPT_CHARACTERS);
    let kept: String = text.chars().skip(skipped).collect();
    format!("****{kept}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cut_once_and_again() {
        for text in ["+79161234567", "****4567", "4567"] {
            assert_eq!(last_four(text), "****4567");
        }
        assert_eq!(last_four("7"), "****7");
    }
}
