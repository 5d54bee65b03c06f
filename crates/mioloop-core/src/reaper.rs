//! Reaps one child: at once, or by a thread that waits for it where the system has no pidfd.
//!
//! Always that child and no other: Node's own children are libuv's to reap.

use crate::limits::REAPER_STACK_BYTES;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, test_kill_process, waitid};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How a child has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The exit status, or minus the signal that ended it.
    Code(i32),
    /// Somebody else has reaped it.
    Unknown,
}

/// Reaps the child if it has ended.
#[must_use]
pub fn reap(child: WaitId<'_>) -> Option<Ending> {
    match waitid(child, WaitIdOptions::EXITED | WaitIdOptions::NOHANG) {
        Ok(None) => None,
        Ok(Some(status)) => {
            let code = status.exit_status().or_else(|| status.terminating_signal().map(|signal| -signal));
            Some(code.map_or(Ending::Unknown, Ending::Code))
        }
        Err(_) => Some(Ending::Unknown),
    }
}

/// Whether the child runs: it has not ended, reaped or not.
#[must_use]
pub fn is_running(child: WaitId<'_>) -> bool {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    matches!(waitid(child, look), Ok(None))
}

/// Waits until the child has ended, and leaves it to be reaped.
pub fn wait(child: &WaitId<'_>) {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while matches!(waitid(child.clone(), look), Err(Errno::INTR)) {}
}

/// A thread that waits for one child. Its descriptor becomes readable when the child is reaped, as a pidfd would.
#[derive(Debug)]
pub struct Reaper {
    pid: Pid,
    /// The reading end of a pipe whose other end the thread holds.
    descriptor: OwnedFd,
    /// Held while the child is reaped or signalled, so that no signal meets who has its number next.
    ending: Arc<Mutex<Option<Ending>>>,
}

impl Reaper {
    /// Begins to wait for `pid`.
    ///
    /// # Errors
    /// The operating system's, when it has no descriptor or no thread left.
    pub fn new(pid: Pid) -> io::Result<Self> {
        let (descriptor, held) = crate::spawn::new_pipe()?;
        let ending = Arc::new(Mutex::new(None));
        let theirs = Arc::clone(&ending);
        thread::Builder::new().name("mioloop-reaper".into()).stack_size(REAPER_STACK_BYTES).spawn(
            move || {
                let child = WaitId::Pid(pid);
                wait(&child);
                let mut ending = lock(&theirs);
                // Nothing to reap: somebody else was faster.
                *ending = reap(child).or(Some(Ending::Unknown));
                drop(ending);
                drop(held);
            },
        )?;
        Ok(Self { pid, descriptor, ending })
    }

    /// What becomes readable.
    #[must_use]
    pub fn descriptor(&self) -> RawFd {
        self.descriptor.as_raw_fd()
    }

    /// How the child has ended, if it has.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        *lock(&self.ending)
    }

    /// Sends a signal; without one it only asks whether the child runs.
    ///
    /// # Errors
    /// The operating system's; `ESRCH` when the child has ended.
    pub fn signal(&self, signal: Option<Signal>) -> io::Result<()> {
        let ending = lock(&self.ending);
        if ending.is_some() || !is_running(WaitId::Pid(self.pid)) {
            return Err(Errno::SRCH.into());
        }
        let sent = match signal {
            Some(signal) => kill_process(self.pid, signal),
            None => test_kill_process(self.pid),
        };
        drop(ending);
        Ok(sent?)
    }
}

// No code panics while it holds the lock.
fn lock(ending: &Mutex<Option<Ending>>) -> MutexGuard<'_, Option<Ending>> {
    ending.lock().unwrap_or_else(PoisonError::into_inner)
}
