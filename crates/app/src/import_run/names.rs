//! Names as files write them: found whatever their case and spaces, and cleaned before they are kept.

use crate::appointments::change::Offer;
use std::collections::HashMap;
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{BranchId, ServiceId, StaffId};
use vestnik_domain::service::Service;
use vestnik_domain::staff::StaffMember;

/// The form in which two names are the same: lower case, `ё` as `е`, single spaces.
pub(super) fn folded(name: &str) -> String {
    let lower = name.to_lowercase().replace('ё', "е");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line without control characters, with single spaces.
pub(crate) fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines without control characters.
pub(crate) fn plain_lines(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect::<String>().trim().to_owned()
}

/// Staff members of `branch` with this name.
pub(crate) fn staff(staff: &[StaffMember], branch: BranchId, name: &str) -> Vec<StaffId> {
    let name = folded(name);
    let called: Vec<&StaffMember> = staff
        .iter()
        .filter(|member| member.branch_id == branch && folded(&member.name) == name)
        .collect();
    let in_use: Vec<StaffId> = called
        .iter()
        .filter(|member| member.archived_at.is_none())
        .map(|member| member.id)
        .collect();
    // Past visits name people who have left.
    if in_use.is_empty() { called.iter().map(|member| member.id).take(1).collect() } else { in_use }
}

pub(crate) fn service<'a>(services: &'a [Service], title: &str) -> Option<&'a Service> {
    let title = folded(title);
    let is_called = |service: &&Service| folded(&service.title) == title;
    in_use_first(services, |service| service.archived_at.is_none(), is_called)
}

fn in_use_first<T>(
    things: &[T],
    in_use: impl Fn(&T) -> bool,
    is_called: impl Fn(&&T) -> bool,
) -> Option<&T> {
    let active = things.iter().filter(|thing| in_use(thing)).find(&is_called);
    active.or_else(|| things.iter().find(is_called))
}

/// The names of all that a salon offers, folded once for every line that names them.
#[derive(Debug, Default)]
pub(super) struct OfferNames {
    branches: HashMap<String, BranchId>,
    staff: HashMap<(BranchId, String), Vec<StaffId>>,
    services: HashMap<String, ServiceId>,
}

impl OfferNames {
    pub(super) fn of(offer: &Offer) -> OfferNames {
        OfferNames::of_rows(&offer.branches, &offer.staff, &offer.services)
    }

    fn of_rows(branches: &[Branch], staff: &[StaffMember], services: &[Service]) -> OfferNames {
        let mut names = OfferNames::default();
        // Where several bear one name, it means those in use.
        for in_use in [true, false] {
            for branch in branches.iter().filter(|one| one.archived_at.is_none() == in_use) {
                for own in [Some(&branch.name), branch.commercial_name.as_ref()] {
                    let Some(own) = own else { continue };
                    names.branches.entry(folded(own)).or_insert(branch.id);
                }
            }
            for one in services.iter().filter(|one| one.archived_at.is_none() == in_use) {
                names.services.entry(folded(&one.title)).or_insert(one.id);
            }
            for one in staff.iter().filter(|one| one.archived_at.is_none() == in_use) {
                let called = names.staff.entry((one.branch_id, folded(&one.name))).or_default();
                // Past visits name people who have left: one of them, where nobody else is meant.
                if in_use || called.is_empty() {
                    called.push(one.id);
                }
            }
        }
        names
    }

    pub(super) fn branch(&self, name: &str) -> Option<BranchId> {
        self.branches.get(&folded(name)).copied()
    }

    /// Staff members of `branch` with this name.
    pub(super) fn staff(&self, branch: BranchId, name: &str) -> &[StaffId] {
        self.staff.get(&(branch, folded(name))).map_or(&[], Vec::as_slice)
    }

    pub(super) fn service(&self, title: &str) -> Option<ServiceId> {
        self.services.get(&folded(title)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use vestnik_domain::ids::OrganizationId;
    use vestnik_domain::money::Kopecks;
    use vestnik_domain::schedule::Schedule;

    /// What is found at once is what is found by looking at one after another.
    #[test]
    fn folded_names_find_what_a_search_finds() {
        let branch = BranchId(1);
        let masters = [
            member(1, "Ольга", true),
            member(2, "ольга", false),
            member(3, "ОЛЬГА", false),
            member(4, "Алёна", true),
            member(5, "алена", true),
        ];
        let services = [one(1, "Стрижка", true), one(2, "стрижка", false), one(3, "Укладка", true)];
        let names = OfferNames::of_rows(&[], &masters, &services);
        for name in ["Ольга", "АЛЕНА ", "Ирина"] {
            assert_eq!(names.staff(branch, name), super::staff(&masters, branch, name));
        }
        for title in ["СТРИЖКА", "укладка", "Маникюр"] {
            let found = super::service(&services, title).map(|service| service.id);
            assert_eq!(names.service(title), found);
        }
    }

    fn member(id: i64, name: &str, left: bool) -> StaffMember {
        StaffMember {
            organization_id: OrganizationId(1),
            id: StaffId(id),
            version: 1,
            branch_id: BranchId(1),
            name: name.to_owned(),
            position: String::new(),
            schedule: Schedule::default(),
            service_ids: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
            archived_at: left.then_some(Timestamp::UNIX_EPOCH),
        }
    }

    fn one(id: i64, title: &str, gone: bool) -> Service {
        Service {
            organization_id: OrganizationId(1),
            id: ServiceId(id),
            version: 1,
            title: title.to_owned(),
            duration_min: 60,
            buffer_min: 0,
            price: Kopecks(0),
            created_at: Timestamp::UNIX_EPOCH,
            archived_at: gone.then_some(Timestamp::UNIX_EPOCH),
        }
    }

    #[test]
    fn names_are_compared_as_people_read_them() {
        assert_eq!(folded("  Алёна   ПЕТРОВА "), "алена петрова");
        assert_eq!(one_line("Анна\r\nПетрова\t Ильинична"), "Анна Петрова Ильинична");
        assert_eq!(plain_lines("раз\u{7}\nдва\r\n"), "раз\nдва");
    }
}
