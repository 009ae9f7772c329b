//! Noticing a daemon that no longer answers. libvirt's client asks the daemon from time to time, and closes the connection if
//! no answer comes. It does so in an event loop, which runs on a thread of its own.

use std::sync::Once;
use std::thread;
use std::time::Duration;
use virt::connect::Connect;
use virt::event::{event_register_default_impl, event_run_default_impl};

/// How many questions may stay without an answer.
const COUNT: u32 = 4;

/// Starts the event loop. Connections that are opened earlier have no part in it.
pub fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        if event_register_default_impl().is_ok() {
            // The loop ends with the process. After an event that fails, the next one may succeed.
            thread::spawn(|| {
                loop {
                    let _ = event_run_default_impl();
                }
            });
        }
    });
}

/// Closes the connection if the daemon is silent for so long. Drivers within libvirt's library have no daemon.
pub fn watch(connect: &Connect, timeout: Duration) {
    // The connection is closed one interval after the last question.
    let interval = timeout.as_secs() / u64::from(COUNT + 1);
    let _ = connect.set_keep_alive(interval.clamp(1, 60) as i32, COUNT);
}
