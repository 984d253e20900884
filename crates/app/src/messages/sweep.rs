//! After a change of settings every client with visits ahead is planned anew. Killed half-way it
//! begins again: planning a client twice changes nothing the second time.

use super::replan::look;
use crate::appointments::change::{Offer, decide_and_commit};
use crate::context::{App, Caller};
use crate::error::AppError;
use crate::round::{land_unless_lost, went_well};
use jiff::Timestamp;
use std::collections::BTreeSet;
use vestnik_domain::organization::Organization;
use vestnik_store::{ChangeSet, Urgency};

/// Organizations of one round.
const ROUND_MOST: i64 = 4;
/// Appointments of one branch that lie ahead.
const APPOINTMENTS_MOST: i64 = 100_000;

/// Sweeps; says how many organizations it finished.
pub async fn run_once(app: &App) -> Result<usize, AppError> {
    let waiting = app.store.organizations_to_sweep(ROUND_MOST).await?;
    let mut count = 0;
    for organization in waiting {
        if went_well(sweep(app, &organization).await, &organization.id)? {
            count += 1;
        }
    }
    Ok(count)
}

async fn sweep(app: &App, organization: &Organization) -> Result<(), AppError> {
    let caller = Caller::system(organization.id);
    let Some(settings) = app.store.settings(organization.id).await? else { return Ok(()) };
    let offer = Offer::read(app, &caller).await?;
    // What fell due while a restored installation was held stays skipped, also where the save is older.
    let let_go_at = app.store.instance().await?.and_then(|instance| instance.let_go_at);
    let since = let_go_at.map_or(settings.at, |let_go_at| settings.at.max(let_go_at));
    let mut clients = BTreeSet::new();
    for branch in offer.branches.iter() {
        let ahead = app
            .store
            .appointments_between(
                organization.id,
                branch.id,
                app.now(),
                Timestamp::MAX,
                APPOINTMENTS_MOST,
            )
            .await?;
        clients.extend(ahead.into_iter().map(|appointment| appointment.client_id));
    }
    for client in clients {
        // Whoever was faster may have planned this client by the settings of before: once more, then.
        decide_and_commit(app, || async {
            let client = crate::clients::get(app, &caller, client).await?;
            let look = look(app, &caller, &client, &offer).await?.since(since);
            Ok((look.otherwise(app, Urgency::Bulk), ()))
        })
        .await?;
    }
    let Some(current) = app.store.organization(organization.id).await? else { return Ok(()) };
    let swept = Organization {
        version: current.version + 1,
        // Not further than what was planned by: a save meanwhile is swept in the next round.
        swept_generation: settings.generation.max(organization.plan_generation),
        ..current.clone()
    };
    let mut change_set = ChangeSet::with_urgency(Urgency::Bulk);
    change_set.update(&swept, current.version);
    land_unless_lost(app, change_set).await?;
    Ok(())
}
