//! A child process that a loop has started: a source that is ready once, when the child has ended.

#[cfg(target_os = "linux")]
use crate::pidfd::Pidfd;
use crate::reaper::{Ending, Reaper, wait};
use crate::selector::Selector;
use crate::tokens::Key;
use mio::Interest;
use mio::unix::SourceFd;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, kill_process};
use std::io;
use std::os::fd::RawFd;

/// How its end is seen.
#[derive(Debug)]
enum Sight {
    #[cfg(target_os = "linux")]
    Pidfd(Pidfd),
    Thread(Reaper),
    /// It is reaped.
    Over,
}

/// A child.
#[derive(Debug)]
pub struct Child {
    sight: Sight,
}

impl Child {
    /// The child with this number, which has just been started. `may_open_pidfd` is false in tests of systems that have none.
    ///
    /// # Errors
    /// The operating system's; there is no child any more then.
    pub fn new(pid: i32, may_open_pidfd: bool) -> io::Result<Self> {
        let pid = Pid::from_raw(pid).ok_or(Errno::SRCH)?;
        match see(pid, may_open_pidfd) {
            Ok(sight) => Ok(Self { sight }),
            Err(error) => {
                end(pid);
                Err(error)
            }
        }
    }

    /// Watches for its end under `key`. One that is reaped already has nothing to watch.
    ///
    /// # Errors
    /// The operating system's.
    pub fn register(&self, selector: &Selector, key: Key) -> io::Result<()> {
        match self.descriptor() {
            -1 => Ok(()),
            descriptor => selector.register(&mut SourceFd(&descriptor), key, Interest::READABLE),
        }
    }

    /// What its end is seen by; -1 when it is reaped.
    #[must_use]
    pub fn descriptor(&self) -> RawFd {
        match &self.sight {
            #[cfg(target_os = "linux")]
            Sight::Pidfd(pidfd) => pidfd.number(),
            Sight::Thread(reaper) => reaper.descriptor(),
            Sight::Over => -1,
        }
    }

    /// Reaps it if it has ended, and tells so once.
    pub fn take_ending(&mut self) -> Option<Ending> {
        let ending = match &self.sight {
            #[cfg(target_os = "linux")]
            Sight::Pidfd(pidfd) => pidfd.reap()?,
            Sight::Thread(reaper) => reaper.ending()?,
            Sight::Over => return None,
        };
        // The descriptor is this one's alone: closing it ends the watch, too.
        self.sight = Sight::Over;
        Some(ending)
    }

    /// Whether it is reaped.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.sight, Sight::Over)
    }

    /// Sends a signal; without one it only asks whether the child runs.
    ///
    /// # Errors
    /// The operating system's; `ESRCH` when the child is reaped.
    pub fn signal(&self, signal: Option<Signal>) -> io::Result<()> {
        match &self.sight {
            #[cfg(target_os = "linux")]
            Sight::Pidfd(pidfd) => pidfd.signal(signal),
            Sight::Thread(reaper) => reaper.signal(signal),
            Sight::Over => Err(Errno::SRCH.into()),
        }
    }

    /// Nobody wants to know of its end any more. It goes on, and is reaped all the same.
    pub fn close(self, selector: &Selector) {
        self.deregister(selector);
        #[cfg(target_os = "linux")]
        if let Sight::Pidfd(pidfd) = self.sight {
            crate::orphans::adopt(pidfd);
        }
    }

    /// Ends it, because nothing can come of it.
    pub fn end(self, selector: &Selector) {
        // It fails for one that is reaped, which is as well.
        let _ = self.signal(Some(Signal::KILL));
        self.deregister(selector);
        #[cfg(target_os = "linux")]
        if let Sight::Pidfd(pidfd) = self.sight {
            pidfd.wait();
        }
    }

    fn deregister(&self, selector: &Selector) {
        if !self.is_over() {
            // It fails only for one that is not registered; then there is nothing to end.
            let _ = selector.deregister(&mut SourceFd(&self.descriptor()));
        }
    }
}

#[cfg(target_os = "linux")]
fn see(pid: Pid, may_open_pidfd: bool) -> io::Result<Sight> {
    if may_open_pidfd {
        match Pidfd::open(pid) {
            Ok(pidfd) => return Ok(Sight::Pidfd(pidfd)),
            // Reaped by somebody else, or by the system because SIGCHLD is ignored.
            Err(Errno::SRCH) => return Ok(Sight::Over),
            Err(Errno::NOSYS | Errno::PERM) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Reaper::new(pid).map(Sight::Thread)
}

#[cfg(not(target_os = "linux"))]
fn see(pid: Pid, _may_open_pidfd: bool) -> io::Result<Sight> {
    Reaper::new(pid).map(Sight::Thread)
}

/// Ends a child that nobody can watch. It is not reaped yet, so its number is its own.
fn end(pid: Pid) {
    if kill_process(pid, Signal::KILL).is_ok() {
        let child = WaitId::Pid(pid);
        wait(&child);
        let _ = crate::reaper::reap(child);
    }
}
