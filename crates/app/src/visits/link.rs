//! Links of visits' pages. A link is made when the first text that carries it is written, stays the
//! same when the visit moves, and dies with the visit's end or cancellation.

use crate::context::App;
use crate::error::AppError;
use vestnik_domain::ids::{ClientId, OrganizationId, VisitId};
use vestnik_domain::task::VisitLink;
use vestnik_store::ChangeSet;

/// Crockford's letters: nobody mistakes one for another when reading a link aloud.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The link of a visit; a new one is added to the change-set.
pub(crate) async fn find_or_add(
    app: &App,
    organization: OrganizationId,
    client: ClientId,
    visit: VisitId,
    change_set: &mut ChangeSet,
) -> Result<VisitLink, AppError> {
    if let Some(link) = app.store.link_of_visit(organization, visit).await? {
        return Ok(link);
    }
    let token =
        app.random::<12>().iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    let link = VisitLink {
        token,
        organization_id: organization,
        client_id: client,
        visit_id: visit,
        created_at: app.now(),
    };
    change_set.insert(&link);
    Ok(link)
}
