//! Children whose loop was closed while they ran. Nobody waits for them any more, but somebody has to reap them: each later
//! spawn of the process does, and each loop that closes, as CPython's `subprocess` does with those that it has lost.
//!
//! Where there is no pidfd, the thread that waits for a child reaps it in any case.

use crate::pidfd::Pidfd;
use std::sync::{Mutex, PoisonError};

static ORPHANS: Mutex<Vec<Pidfd>> = Mutex::new(Vec::new());

/// Takes over a child that nobody waits for.
pub fn adopt(child: Pidfd) {
    if child.reap().is_none() {
        // No code panics while it holds the lock.
        ORPHANS.lock().unwrap_or_else(PoisonError::into_inner).push(child);
    }
}

/// Reaps those that have ended.
pub fn look_after() {
    // Another thread that has the lock looks just now.
    if let Ok(mut orphans) = ORPHANS.try_lock() {
        orphans.retain(|child| child.reap().is_none());
    }
}
