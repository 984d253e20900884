//! Tests that look at the whole project: who may know whom, what every file must keep to, and the
//! built binary from outside. One binary for all of them, since linking is what costs time.
#![allow(clippy::unwrap_used)] // a helper of a test panics as well as the test

mod api_document;
mod arrows;
mod databases;
mod graceful_stop;
mod http;
mod independent_phone;
mod kill_nine;
mod load;
mod main_job;
mod process;
mod project_files;
mod recall;
mod salon;
mod setup_list;
mod ten_days;
mod tidy;
mod waiting;
