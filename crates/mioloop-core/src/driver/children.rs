//! Child processes: starts them, tells their ends, signals them.

use super::{Driver, Source};
use crate::child::Child;
use crate::layout::COMPLETE_EXITED;
use crate::reaper::Ending;
use crate::rings::{Completion, Shared};
use crate::spawn::{Command, FlagsOf, SpawnError, Started, start};
use crate::tokens::Key;
use rustix::io::Errno;
use rustix::process::Signal;
use std::io;

/// A child, and our ends of its pipes.
#[derive(Debug)]
pub struct Spawned {
    pub pid: i32,
    pub key: Key,
    pub pipes: [Option<Key>; 3],
}

/// What children are made with; less than the system allows in tests of others.
#[derive(Clone, Copy, Debug)]
pub struct ChildMeans {
    pub pidfd: bool,
    pub unshare: bool,
}

impl Default for ChildMeans {
    fn default() -> Self {
        Self { pidfd: true, unshare: true }
    }
}

impl Driver {
    /// Starts a child. Its end comes as EXITED, after which the source is to be closed as any other.
    ///
    /// # Errors
    /// The operating system's, and what it is about; then there is no child, and nothing is left open.
    pub fn spawn(&mut self, command: &Command<'_>, flags_of: FlagsOf) -> Result<Spawned, SpawnError> {
        #[cfg(target_os = "linux")]
        crate::orphans::look_after();
        let Started { pid, pipes } = start(command, flags_of, self.child_means.unshare)?;
        let watching = |error| SpawnError::of("pidfd_open", error);
        let child = Child::new(pid, self.child_means.pidfd).map_err(watching)?;
        let key = self.keep_child(child).map_err(watching)?;
        let mut spawned = Spawned { pid, key, pipes: [None; 3] };
        for (place, pipe) in pipes.into_iter().enumerate() {
            let Some(pipe) = pipe else { continue };
            let adopted = if place == 0 { self.adopt_write_pipe(pipe) } else { self.adopt_read_pipe(pipe) };
            match adopted {
                Ok(key) => {
                    if command.pipe_bytes.is_none() {
                        self.grow_when_full(key);
                    }
                    spawned.pipes[place] = Some(key);
                }
                Err(error) => {
                    self.undo(&spawned);
                    return Err(SpawnError::of("epoll_ctl", error));
                }
            }
        }
        Ok(spawned)
    }

    /// Sends a signal to a child; without one it only asks whether the child runs.
    ///
    /// # Errors
    /// The operating system's; `ESRCH` when the child is reaped, or `key` is no child.
    pub fn signal_child(&self, key: Key, signal: Option<Signal>) -> io::Result<()> {
        match self.sources.get(key) {
            Some(Source::Child(child)) => child.signal(signal),
            _ => Err(Errno::SRCH.into()),
        }
    }

    /// Makes children from now on with less than the system allows.
    pub fn limit_children(&mut self, means: ChildMeans) {
        self.child_means = means;
    }

    pub(super) fn serve_child(&mut self, shared: &mut Shared<'_>, key: Key) {
        let Some(Source::Child(child)) = self.sources.get_mut(key) else { return };
        if let Some(ending) = child.take_ending() {
            self.completions.push(shared.completions, exited(key, ending));
        }
    }

    fn keep_child(&mut self, child: Child) -> io::Result<Key> {
        if let Err(error) = child.register(&self.selector, self.sources.next_key()) {
            child.end(&self.selector);
            return Err(error);
        }
        let is_over = child.is_over();
        let key = self.sources.insert(Source::Child(child));
        if is_over {
            self.completions.defer(exited(key, Ending::Unknown));
        }
        Ok(key)
    }

    /// Ends a child that has just been started.
    fn undo(&mut self, spawned: &Spawned) {
        if let Some(Source::Child(child)) = self.sources.remove(spawned.key) {
            child.end(&self.selector);
        }
        for key in spawned.pipes.into_iter().flatten() {
            if let Some(pipe) = self.sources.remove(key) {
                pipe.close(&self.selector);
            }
        }
    }
}

fn exited(key: Key, ending: Ending) -> Completion {
    let mut completion = Completion::new(COMPLETE_EXITED, key);
    match ending {
        Ending::Code(code) => completion.offset = code as u32,
        Ending::Unknown => completion.detail = Errno::CHILD.raw_os_error() as u32,
    }
    completion
}
