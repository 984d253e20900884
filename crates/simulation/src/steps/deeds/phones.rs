//! What happens to phones: off, on, installed anew, linked anew.

use super::super::commands::{Answer, Command};
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, Violation};
use super::super::world::World;

impl World {
    fn any_phone(&mut self) -> usize {
        usize::try_from(self.chance.draw() % (self.phones.len().max(1) as u64)).unwrap_or(0)
    }

    pub(super) fn phone_off(&mut self) -> Checked {
        if !self.temper.phones_in_trouble {
            return Ok(());
        }
        let index = self.any_phone();
        if let Some(phone) = self.phones.get_mut(index).filter(|phone| phone.is_on) {
            phone.is_on = false;
            self.totals.phones_off += 1;
            self.note(|| format!("phone {index} is switched off"));
        }
        Ok(())
    }

    pub(super) fn phone_on(&mut self) -> Checked {
        let index = self.any_phone();
        self.wake(index)
    }

    fn wake(&mut self, index: usize) -> Checked {
        let now = self.now();
        if let Some(phone) = self.phones.get_mut(index).filter(|phone| !phone.is_on) {
            phone.is_on = true;
            phone.poll_at = now;
            self.note(|| format!("phone {index} is switched on"));
        }
        Ok(())
    }

    pub(super) fn reinstall(&mut self) -> Checked {
        if !self.temper.phones_in_trouble {
            return Ok(());
        }
        let index = self.any_phone();
        self.totals.reinstalls += 1;
        self.note(|| format!("phone {index} is installed anew"));
        if let Some(phone) = self.phones.get_mut(index) {
            phone.reinstall();
        }
        self.wake(index)?;
        self.register(index)
    }

    /// A new link token: the old registration ends at once, the new token is typed in sooner or later.
    pub(super) fn relink(&mut self) -> Checked {
        if !self.temper.phones_in_trouble {
            return Ok(());
        }
        let index = self.any_phone();
        self.totals.relinks += 1;
        let at_once = self.chance.percent(60);
        self.new_link_token(index, at_once)
    }

    fn new_link_token(&mut self, index: usize, at_once: bool) -> Checked {
        let Some(phone) = self.phones.get(index) else { return Ok(()) };
        let (organization, id) = (phone.organization, phone.sender);
        let Some(caller) = self.salon_of(organization).map(|salon| salon.caller) else {
            return Ok(());
        };
        for _ in 0..10 {
            let end = self.call(Some(organization), Command::Relink { caller, id })?;
            if let Tried::Answered(Ok(Answer::LinkToken(token))) = end {
                self.note(|| format!("phone {index} has a new link token"));
                if let Some(phone) = self.phones.get_mut(index) {
                    phone.link_token = token;
                    if at_once {
                        phone.device_token = None;
                    }
                }
                return if at_once { self.register(index) } else { Ok(()) };
            }
        }
        Err(Violation::new(Invariant::Rest, "a phone cannot be linked anew"))
    }

    /// The end of all trouble: on, linked, and nothing gets lost.
    pub(in crate::steps) fn make_whole(&mut self, index: usize) -> Checked {
        if let Some(phone) = self.phones.get_mut(index) {
            phone.calm_down();
        }
        if self.model.was_put_back() {
            // It may have been linked in a time that the database does not know any more.
            self.new_link_token(index, true)?;
        }
        self.wake(index)
    }
}
