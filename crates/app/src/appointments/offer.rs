//! What a salon offers, and by which settings it speaks: read anew only after something was saved.
//!
//! Every read asks for the organization's stamp, which grows with every save of any of it; only where
//! the stamp is not the one that is remembered are the rows read. So nobody ever decides by less than
//! what a plain read would have shown, whichever node the save was made on.

use crate::context::{App, Caller};
use crate::error::AppError;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{BranchId, OrganizationId};
use vestnik_domain::service::Service;
use vestnik_domain::settings::{BranchNotificationSettings, SettingsVersion};
use vestnik_domain::staff::StaffMember;
use vestnik_store::{Answers, Asked, Batch, OfferStamp};

/// So many organizations are remembered; then remembering begins anew.
const REMEMBERED_MOST: usize = 4_096;

/// What the salon offers, as of one read; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) branches: Arc<Vec<Branch>>,
    pub(crate) staff: Arc<Vec<StaffMember>>,
    pub(crate) services: Arc<Vec<Service>>,
    /// `None` where an organization is only half set up.
    settings: Option<Arc<SettingsVersion>>,
    branch_rules: Arc<[(Branch, BranchNotificationSettings)]>,
    stamp: OfferStamp,
}

/// The offers that were read last, by organization.
#[derive(Default)]
pub(crate) struct Offers {
    remembered: Mutex<HashMap<OrganizationId, Offer>>,
}

impl Offers {
    fn of(&self, organization: OrganizationId, stamp: OfferStamp) -> Option<Offer> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.get(&organization).filter(|offer| offer.stamp == stamp).cloned()
    }

    fn keep(&self, organization: OrganizationId, offer: &Offer) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MOST {
            remembered.clear();
        }
        remembered.insert(organization, offer.clone());
    }

    /// After the database went back in time stamps may come again that stood for something else.
    pub(crate) fn forget(&self) {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Offer {
    pub(crate) async fn read(app: &App, caller: &Caller) -> Result<Offer, AppError> {
        let mut batch = app.store.batch();
        let stamp = batch.offer_stamp(caller.organization_id);
        let mut answers = batch.read().await?;
        Offer::by_stamp(app, caller, answers.take(stamp)?).await
    }

    /// The offer that `stamp`, just read, stands for.
    pub(crate) async fn by_stamp(
        app: &App,
        caller: &Caller,
        stamp: OfferStamp,
    ) -> Result<Offer, AppError> {
        let organization = caller.organization_id;
        if let Some(offer) = app.offers().of(organization, stamp) {
            return Ok(offer);
        }
        let mut batch = app.store.batch();
        // Before the rows: what is saved in between is kept under a stamp that nobody reads any more.
        let rows = OfferAsked::ask(&mut batch, organization);
        let mut answers = batch.read().await?;
        let offer = rows.take(&mut answers)?;
        app.offers().keep(organization, &offer);
        Ok(offer)
    }

    /// This offer if `stamp`, just read, still stands for it; else the one that it stands for.
    pub(crate) async fn as_of(
        &self,
        app: &App,
        caller: &Caller,
        stamp: OfferStamp,
    ) -> Result<Offer, AppError> {
        if self.stamp == stamp {
            Ok(self.clone())
        } else {
            Offer::by_stamp(app, caller, stamp).await
        }
    }

    pub(crate) fn branch(&self, id: BranchId) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.id == id)
    }

    /// # Errors
    /// 404 where the organization has none.
    pub(crate) fn settings(&self) -> Result<&Arc<SettingsVersion>, AppError> {
        self.settings.as_ref().ok_or(AppError::NotFound("settings"))
    }

    /// The branches, each with its own settings.
    pub(crate) fn branch_rules(&self) -> &Arc<[(Branch, BranchNotificationSettings)]> {
        &self.branch_rules
    }
}

struct OfferAsked {
    stamp: Asked<OfferStamp>,
    branches: Asked<Vec<Branch>>,
    staff: Asked<Vec<StaffMember>>,
    services: Asked<Vec<Service>>,
    settings: Asked<Option<SettingsVersion>>,
}

impl OfferAsked {
    fn ask(batch: &mut Batch<'_>, organization: OrganizationId) -> OfferAsked {
        OfferAsked {
            stamp: batch.offer_stamp(organization),
            branches: batch.branches(organization),
            staff: batch.staff(organization),
            services: batch.services(organization),
            settings: batch.settings(organization),
        }
    }

    fn take(self, answers: &mut Answers) -> Result<Offer, AppError> {
        let branches = answers.take(self.branches)?;
        let settings = answers.take(self.settings)?;
        let own = |branch: &Branch| {
            settings.as_ref().and_then(|settings| settings.branches.get(&branch.id).cloned())
        };
        let with_own = |branch: &Branch| (branch.clone(), own(branch).unwrap_or_default());
        Ok(Offer {
            stamp: answers.take(self.stamp)?,
            branch_rules: branches.iter().map(with_own).collect(),
            branches: Arc::new(branches),
            staff: Arc::new(answers.take(self.staff)?),
            services: Arc::new(answers.take(self.services)?),
            settings: settings.map(Arc::new),
        })
    }
}
