//! The contract of an external journal, played through: the use cases, the loops and the plan are the
//! product's, the journal is the simulated one.

mod echoes;
mod life;
mod linked_again;
mod messages;
mod polling;
mod rig;
mod taking_in;
mod webhooks;
mod whose_record;
mod writing_back;
