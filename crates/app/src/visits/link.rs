//! Links of visits' pages. A link is made when the first text that carries it is written, stays the
//! same when the visit moves, and dies with the visit's end or cancellation.

use crate::context::App;
use vestnik_domain::ids::{ClientId, OrganizationId, VisitId};
use vestnik_domain::task::VisitLink;

/// Crockford's letters: nobody mistakes one for another when reading a link aloud.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new link of a visit, which has none yet.
pub(crate) fn make(
    app: &App,
    organization: OrganizationId,
    client: ClientId,
    visit: VisitId,
) -> VisitLink {
    let token =
        app.random::<12>().iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    VisitLink {
        token,
        organization_id: organization,
        client_id: client,
        visit_id: visit,
        created_at: app.now(),
    }
}
