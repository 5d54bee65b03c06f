//! The mailboxes of all loops of the process, by number, so that a worker thread can post to a loop of
//! another one: a number can be cloned to another thread, an object can't.

use mioloop_core::mailbox::Mailbox;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

#[derive(Default)]
struct Table {
    next: u32,
    mailboxes: HashMap<u32, Weak<Mailbox>>,
}

static TABLE: Mutex<Option<Table>> = Mutex::new(None);

// Nothing panics while the lock is held; if it ever did, the table would still be sound.
fn lock() -> MutexGuard<'static, Option<Table>> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives `mailbox` a number that no other one has had.
pub fn publish(mailbox: &Arc<Mailbox>) -> u32 {
    let mut guard = lock();
    let table = guard.get_or_insert_with(Table::default);
    table.next += 1;
    table.mailboxes.insert(table.next, Arc::downgrade(mailbox));
    table.next
}

/// The mailbox with this number, while its loop lives.
pub fn find(number: u32) -> Option<Arc<Mailbox>> {
    lock().as_ref()?.mailboxes.get(&number)?.upgrade()
}

/// Forgets a number.
pub fn withdraw(number: u32) {
    if let Some(table) = lock().as_mut() {
        table.mailboxes.remove(&number);
    }
}
