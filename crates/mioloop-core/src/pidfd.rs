//! A child by a descriptor of its own (Linux): readable when it has ended, and never another process's.

use crate::reaper::{Ending, is_running, reap, wait};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, WaitId, pidfd_open, pidfd_send_signal};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

/// The pidfd of a child.
#[derive(Debug)]
pub struct Pidfd(OwnedFd);

impl Pidfd {
    /// Of a child that is not reaped.
    ///
    /// # Errors
    /// The operating system's: `ENOSYS` or `EPERM` where there are none, `ESRCH` when somebody else has reaped it.
    pub fn open(pid: Pid) -> Result<Self, Errno> {
        pidfd_open(pid, PidfdFlags::empty()).map(Self)
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    /// Reaps the child if it has ended.
    #[must_use]
    pub fn reap(&self) -> Option<Ending> {
        reap(self.id())
    }

    /// Waits for the child's end, and reaps it.
    pub fn wait(&self) {
        wait(&self.id());
        let _ = self.reap();
    }

    /// Sends a signal; without one it only asks whether the child runs.
    ///
    /// # Errors
    /// The operating system's; `ESRCH` when the child is reaped; without a signal, when it has ended.
    pub fn signal(&self, signal: Option<Signal>) -> io::Result<()> {
        match signal {
            Some(signal) => Ok(pidfd_send_signal(&self.0, signal)?),
            None if is_running(self.id()) => Ok(()),
            None => Err(Errno::SRCH.into()),
        }
    }

    fn id(&self) -> WaitId<'_> {
        WaitId::PidFd(self.0.as_fd())
    }
}
