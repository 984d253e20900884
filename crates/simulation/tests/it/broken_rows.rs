//! A row that cannot be read concerns nobody but its own client.

use crate::salon::Salon;
use jiff::SignedDuration;
use vestnik_domain::message::Message;
use vestnik_simulation::carrier::CarrierBehaviour;
use vestnik_store::{ChangeSet, Columns, Operation, Record, Value};

#[tokio::test]
async fn a_message_that_cannot_be_read_holds_up_no_other() {
    for is_in_a_lane in [false, true] {
        let salon = Salon::open(CarrierBehaviour::default()).await;
        let (node, _) = salon.node(None).await;
        for _ in 0..3 {
            salon.book(&node).await;
        }
        let (organization, now) = (salon.caller.organization_id, node.now());
        let store = salon.store();
        let soon = now + SignedDuration::from_secs(1);
        let due = store.planned_messages_between(organization, now, soon, 10).await.unwrap();
        let mut first = due[0].clone();
        if is_in_a_lane {
            vestnik_app::sending::route::run_once(&node).await.unwrap();
            first = store.message(organization, first.id).await.unwrap().unwrap();
            assert_eq!(first.sender_id, Some(salon.sender));
        }
        spoil(&salon, &first).await;
        salon.turn(&node).await;
        let taken = [0, 1, 2].map(|number| salon.taken_for(number).len());
        assert_eq!(taken, [0, 1, 1], "in a lane: {is_in_a_lane}");
    }
}

/// Overwrites what the message is about, as other hands may.
async fn spoil(salon: &Salon, message: &Message) {
    let table = Message::table();
    let mut row = message.to_row();
    row[table.position("covers").unwrap()] = Value::Text("no list".to_owned());
    let version = message.version;
    let mut change_set = ChangeSet::new();
    change_set.operations.push(Operation::Update { table, row, version, columns: Columns::ALL });
    salon.store().commit(change_set).await.unwrap();
}
