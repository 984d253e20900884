//! The state diagram of the docs, drawn from the table that decides.

use super::DeliveryState;
use super::event::EventKind;
use super::table::{Phase, decide};
use std::fmt::Write;

/// The lifecycle as a Mermaid state diagram. An edge lists the events that take it; where only some
/// phases of a state do, they stand in brackets.
pub fn mermaid() -> String {
    let mut drawing = String::from("stateDiagram-v2\n    [*] --> processing: intent committed\n");
    for from in DeliveryState::ALL {
        for to in DeliveryState::ALL {
            let labels: Vec<String> =
                EventKind::ALL.into_iter().filter_map(|event| label(from, to, event)).collect();
            if from != to && !labels.is_empty() {
                let (from, to) = (from.name(), to.name());
                // Writing to a String cannot fail.
                let _ = writeln!(drawing, "    {from} --> {to}: {}", labels.join(", "));
            }
        }
    }
    drawing
}

fn label(from: DeliveryState, to: DeliveryState, event: EventKind) -> Option<String> {
    let phases: Vec<Phase> = Phase::ALL.into_iter().filter(|phase| phase.state() == from).collect();
    let taking: Vec<&str> = phases
        .iter()
        .filter(|phase| decide(**phase, event).to.state() == to)
        .map(|phase| phase.name())
        .collect();
    match taking.len() {
        0 => None,
        all if all == phases.len() => Some(event.name().to_owned()),
        _ => Some(format!("{} ({})", event.name(), taking.join(" or "))),
    }
}
