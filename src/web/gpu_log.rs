//! Errors that the GPU runtime only logs.
//!
//! In a browser a shader that fails validation is skipped and leaves stale numbers (cubecl#1641); nothing but a line in the log tells. So the log is listened to, and
//! any error in it makes the next answer a device failure, upon which the page goes on on the CPU.

use std::sync::Mutex;

use log::{LevelFilter, Log, Metadata, Record};

use crate::engine::Reply;
use crate::error::Error;

static PROBLEM: Mutex<Option<String>> = Mutex::new(None);

struct Listener;

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.level() <= log::Level::Error
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            let text = format!("[{}] {}", record.target(), record.args());
            web_sys::console::warn_1(&text.as_str().into());
            if let Ok(mut problem) = PROBLEM.lock() {
                problem.get_or_insert(text);
            }
        }
    }

    fn flush(&self) {}
}

/// Listens from now on.
pub fn install() {
    // A second worker's engine in the same module finds the logger set already, which is as good.
    if log::set_logger(&Listener).is_ok() {
        log::set_max_level(LevelFilter::Error);
    }
}

/// The reply, or the device's failure where one was logged since.
pub fn checked(reply: Reply) -> Reply {
    match PROBLEM.lock().ok().and_then(|mut problem| problem.take()) {
        Some(problem) => Reply::from(&Error::device("GPU", problem)),
        None => reply,
    }
}
