//! A descriptor of the user's that is only watched: what it is ready for is told, and the user reads and writes.
//!
//! The selector tells an edge once. Who wants to hear of a level (`addReader`) asks again by `arm` after each
//! time that it was told; who goes on until `EAGAIN` (`sock*`) does not need to.

use crate::selector::{Ready, Selector};
use crate::tokens::Key;
use mio::Interest;
use mio::unix::SourceFd;
use std::io;
use std::os::fd::RawFd;

/// A watched descriptor. It stays the user's, who may close it at any time.
#[derive(Debug)]
pub struct Watch {
    descriptor: RawFd,
}

impl Watch {
    /// Watches `descriptor` under `key`.
    ///
    /// # Errors
    /// The operating system's: `EPERM` for what can't be polled (a regular file), `EBADF`.
    pub fn new(selector: &Selector, key: Key, descriptor: RawFd, interest: Interest) -> io::Result<Self> {
        selector.register(&mut SourceFd(&descriptor), key, interest)?;
        Ok(Self { descriptor })
    }

    /// Tells again, now or later, what the descriptor is ready for of `interest`.
    ///
    /// # Errors
    /// The operating system's; `ENOENT` when the descriptor was closed meanwhile.
    pub fn arm(&self, selector: &Selector, key: Key, interest: Interest) -> io::Result<()> {
        selector.reregister(&mut SourceFd(&self.descriptor), key, interest)
    }

    /// Ends watching.
    pub fn deregister(&self, selector: &Selector) {
        // It fails for a descriptor that the user has closed; then there is nothing to end.
        let _ = selector.deregister(&mut SourceFd(&self.descriptor));
    }

    /// The descriptor.
    #[must_use]
    pub fn descriptor(&self) -> RawFd {
        self.descriptor
    }
}

/// What `ready` says, as bits of `READY_…`.
#[must_use]
pub fn readiness(ready: Ready) -> u32 {
    use crate::layout::{READY_READ, READY_WRITE};
    let mut bits = 0;
    if ready.readable || ready.closing || ready.urgent {
        bits |= READY_READ;
    }
    if ready.writable || ready.hung_up {
        bits |= READY_WRITE;
    }
    bits
}

/// The interest that bits of `READY_…` ask for; reading when they ask for nothing.
#[must_use]
pub fn interest(bits: u32) -> Interest {
    use crate::layout::{READY_READ, READY_WRITE};
    match (bits & READY_READ != 0, bits & READY_WRITE != 0) {
        (true, true) => Interest::READABLE | Interest::WRITABLE,
        (false, true) => Interest::WRITABLE,
        _ => Interest::READABLE,
    }
}
