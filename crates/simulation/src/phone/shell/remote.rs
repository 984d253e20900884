//! A hand on the phone: what its owner, or somebody who writes to it, does.

use tokio::sync::mpsc;

use crate::phone::model::IncomingSms;

#[derive(Debug)]
pub(super) enum Command {
    Receive(IncomingSms),
    Restart,
}

#[derive(Debug, Clone)]
pub struct PhoneRemote(mpsc::UnboundedSender<Command>);

impl PhoneRemote {
    pub(super) fn new(sender: mpsc::UnboundedSender<Command>) -> PhoneRemote {
        PhoneRemote(sender)
    }

    /// An SMS comes in. What happens while the app does not run waits for its next start; nothing
    /// happens any more to a phone that is gone.
    pub fn receive_sms(&self, from: &str, text: &str) {
        self.order(Command::Receive(IncomingSms { from: from.to_owned(), text: text.to_owned() }));
    }

    /// The owner taps stop and start.
    pub fn restart(&self) {
        self.order(Command::Restart);
    }

    fn order(&self, command: Command) {
        // Without a phone there is nobody to tell.
        let _ = self.0.send(command);
    }
}
