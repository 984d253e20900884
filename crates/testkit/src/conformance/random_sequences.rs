//! Random change-sets over a few rows, so that keys, versions and unique values keep colliding;
//! after each one the engine must have answered and hold what the model does.

use super::model::Model;
use super::rows;
use crate::{Chance, Salon, a_monday_morning};
use jiff::ToSpan;
use jiff::civil::date;
use vestnik_domain::ids::{AppointmentId, ClientId, MessageId, UserId, VisitId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message::MessageState;
use vestnik_domain::planning::Subject;
use vestnik_store::{ChangeSet, Columns, Operation, Record, Store, Table, Value};

const STEPS: usize = 250;

type Candidate = (&'static Table, Vec<Value>);

/// Plays one sequence on an empty database.
pub async fn exercise(store: &Store, seed: u64) {
    let mut chance = Chance::new(seed);
    let salons = [Salon::new(1, a_monday_morning()), Salon::new(2, a_monday_morning())];
    let mut model = Model::default();
    let mut known: Vec<Candidate> = Vec::new();
    let mut landed = 0;
    for step in 0..STEPS {
        let change_set = change_set(&mut chance, &salons, &model);
        for operation in &change_set.operations {
            if let Operation::Insert { table, row } | Operation::Update { table, row, .. } =
                operation
                && !known
                    .iter()
                    .any(|(of, other)| of == table && table.key_of(other) == table.key_of(row))
            {
                known.push((table, row.clone()));
            }
        }
        let expected = model.commit(&change_set);
        landed += usize::from(expected.is_ok());
        let outcome = store.commit(change_set.clone()).await;
        assert_eq!(outcome, expected, "seed {seed}, step {step}: {change_set:#?}");
        for (table, row) in &known {
            let stored = rows::stored(store, table, row).await;
            let wanted = model.row(table, row).cloned();
            assert_eq!(stored, wanted, "seed {seed}, step {step}, {}: {change_set:#?}", table.name);
        }
    }
    // A generator that only loses, or only wins, would test little.
    assert!((STEPS / 10..STEPS * 9 / 10).contains(&landed), "{landed} of {STEPS} landed");
}

fn change_set(chance: &mut Chance, salons: &[Salon], model: &Model) -> ChangeSet {
    let mut change_set = ChangeSet::new();
    for _ in 0..=chance.below(3) {
        let salon = chance.one_of(salons).clone();
        let (table, row) = candidate(chance, salon);
        change_set.operations.push(operation(chance, model, table, row));
    }
    change_set
}

/// Mostly a verb that fits what is stored, sometimes one that must lose.
fn operation(
    chance: &mut Chance,
    model: &Model,
    table: &'static Table,
    mut row: Vec<Value>,
) -> Operation {
    let Some(position) = table.position("version") else {
        return Operation::Insert { table, row };
    };
    let stored = model.version(table, &row);
    let insert = if stored.is_some() { chance.percent(10) } else { chance.percent(85) };
    if insert {
        return Operation::Insert { table, row };
    }
    let right = stored.unwrap_or(1);
    let version = if chance.percent(85) { right } else { right - 1 };
    if chance.percent(30) {
        return Operation::Expect { table, key: table.key_of(&row), version };
    }
    row[position] = Value::Integer(version + 1);
    let columns = match model.row(table, &row) {
        // As `ChangeSet::change` does.
        Some(old) if chance.percent(50) => Columns::that_differ(&row, old).with(position),
        _ => Columns::ALL,
    };
    Operation::Update { table, row, version, columns }
}

/// A row with a key out of a few, and unique values out of a few.
fn candidate(chance: &mut Chance, mut salon: Salon) -> Candidate {
    let first = salon.id().0;
    let nth = i64::try_from(chance.below(3)).unwrap();
    let external_id = chance.one_of(&[None, Some("1".to_owned()), Some("ё-2".to_owned())]).clone();
    match chance.below(7) {
        0 => {
            salon.organization.plan_generation = nth;
            row(&salon.organization)
        }
        1 => {
            // Addresses are unique over all organizations.
            salon.owner.id = UserId(first + 100 + nth);
            salon.owner.email = format!("{}@salon.example", chance.below(4));
            row(&salon.owner)
        }
        2 => {
            salon.client.id = ClientId(first + 100 + nth);
            salon.client.name = format!("Алёна {}", chance.below(100));
            salon.client.external_id = external_id;
            row(&salon.client)
        }
        3 => {
            let mut appointment = salon.appointment(a_monday_morning());
            appointment.id = AppointmentId(first + 100 + nth);
            appointment.external_id = external_id;
            appointment.note = format!("{}", chance.below(100));
            row(&appointment)
        }
        4 => {
            let now = a_monday_morning();
            let appointment = salon.appointment(now);
            let due_at = now + 1.hour();
            let mut message = salon.message(&appointment, NotificationKind::Created, due_at);
            message.id = MessageId(first + 100 + nth + i64::try_from(chance.below(2)).unwrap());
            message.subject = Subject::Visit(VisitId(first + 200));
            message.occasion = format!("{}", chance.below(2));
            let reason = "changed".to_owned();
            message.state = chance
                .one_of(&[
                    MessageState::Planned,
                    MessageState::Submitted { at: now },
                    MessageState::Cancelled { at: now, reason: reason.clone() },
                    MessageState::Skipped { at: now, reason },
                ])
                .clone();
            row(&message)
        }
        5 => row(&salon.staff_day(date(2026, 3, 2 + i8::try_from(nth).unwrap()), 1)),
        _ => row(&salon.idempotency_key(&format!("key {nth}"), &format!("{}", chance.below(100)))),
    }
}

fn row<R: Record>(record: &R) -> Candidate {
    (R::table(), record.to_row())
}
