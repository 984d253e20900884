//! Names as files write them: found whatever their case and spaces, and cleaned before they are kept.

use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{BranchId, StaffId};
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

pub(super) fn branch<'a>(branches: &'a [Branch], name: &str) -> Option<&'a Branch> {
    let name = folded(name);
    let is_called = |branch: &&Branch| {
        let own = [Some(&branch.name), branch.commercial_name.as_ref()];
        own.into_iter().flatten().any(|own| folded(own) == name)
    };
    in_use_first(branches, |branch| branch.archived_at.is_none(), is_called)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_people_read_them() {
        assert_eq!(folded("  Алёна   ПЕТРОВА "), "алена петрова");
        assert_eq!(one_line("Анна\r\nПетрова\t Ильинична"), "Анна Петрова Ильинична");
        assert_eq!(plain_lines("раз\u{7}\nдва\r\n"), "раз\nдва");
    }
}
