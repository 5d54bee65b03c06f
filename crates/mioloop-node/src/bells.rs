//! The bells of all executors of the process, by number: the workers of one ring it for every loop that has given it
//! jobs, whichever of these runs at the time. A worker leaves its answer in a port first; the ring says no more than
//! whose port to look into. The end of a worker's environment rings, too: nothing else tells a loop that blocks.

use crate::mailboxes;
use mioloop_core::mailbox::{Mailbox, Post};
use napi::{Env, Result};
use napi_derive::napi;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

#[derive(Default)]
struct Table {
    next: u32,
    /// Who hears each bell.
    bells: HashMap<u32, Vec<Weak<Mailbox>>>,
}

static TABLE: Mutex<Option<Table>> = Mutex::new(None);

// Nothing panics while the lock is held; if it ever did, the table would still be sound.
fn lock() -> MutexGuard<'static, Option<Table>> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A new bell, that nobody hears yet.
#[napi]
pub fn make_bell() -> u32 {
    let mut guard = lock();
    let table = guard.get_or_insert_with(Table::default);
    table.next += 1;
    table.bells.insert(table.next, Vec::new());
    table.next
}

/// The loop of `mailbox` hears `bell` from now on, once it is told so, until it is closed.
#[napi]
pub fn hear_bell(bell: u32, mailbox: u32) {
    let Some(mailbox) = mailboxes::find(mailbox) else { return };
    if let Some(hearers) = lock().as_mut().and_then(|table| table.bells.get_mut(&bell)) {
        hearers.push(Arc::downgrade(&mailbox));
    }
}

/// Ends a bell; who rings it then is heard by nobody.
#[napi]
pub fn remove_bell(bell: u32) {
    if let Some(table) = lock().as_mut() {
        table.bells.remove(&bell);
    }
}

/// Rings `bell`, from any thread.
#[napi]
pub fn ring_bell(bell: u32, ringer: u32) {
    ring(bell, ringer, false);
}

/// Rings `bell` when this thread's environment ends, for whatever reason.
#[napi]
pub fn ring_bell_at_end(env: Env, bell: u32, ringer: u32) -> Result<()> {
    env.add_env_cleanup_hook((), move |()| ring(bell, ringer, true)).map(|_| ())
}

fn ring(bell: u32, ringer: u32, ended: bool) {
    if let Some(hearers) = lock().as_mut().and_then(|table| table.bells.get_mut(&bell)) {
        // Those that are closed hear nothing more, ever.
        hearers.retain(|hearer| {
            hearer.upgrade().is_some_and(|mailbox| mailbox.post(Post::Rung { bell, ringer, ended }).is_ok())
        });
    }
}
