//! Tests that look at the whole project: who may know whom, what every file must keep to, and the
//! built binary from outside. One binary for all of them, since linking is what costs time.
#![allow(clippy::unwrap_used)] // a helper of a test panics as well as the test

mod api_document;
mod arrows;
mod balancer;
mod behind_a_proxy;
mod bookings_at_once;
mod databases;
mod demo_days;
mod demo_restart;
mod doctor;
mod fleet;
mod graceful_stop;
mod hand_phone;
mod http;
mod independent_phone;
mod kill_nine;
mod load;
mod main_job;
mod message_log;
mod outages;
mod own_postgres;
mod postgres_programs;
mod process;
mod project_files;
mod quiet_logs;
mod recall;
mod restore;
mod restore_on_postgres;
mod salon;
mod setup_list;
mod several_nodes;
mod simulate;
mod stop_race;
mod ten_days;
mod tidy;
mod waiting;
