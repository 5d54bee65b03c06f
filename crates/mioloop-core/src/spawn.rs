//! Starts child processes. `posix_spawn` does it, on Linux by a `vfork`, so that the size of this process does not matter.
//!
//! `stdio` makes what the child has as its standard descriptors, `inheritance` finds what it must not have besides them,
//! `program` looks the program up, and `dressing` lends the child what `posix_spawn` has no attribute for.

mod dressing;
mod inheritance;
mod names;
mod program;
mod stdio;

use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawn};
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::Pid;
use rustix::io::{Errno, FdFlags};
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{OwnedFd, RawFd};

pub use dressing::Identity;
pub use names::{group_id, user_id};
pub(crate) use stdio::new_pipe;

/// The flags of a descriptor by its number, which only unsafe code can ask for; `EBADF` when it is not open.
pub type FlagsOf = fn(RawFd) -> io::Result<FdFlags>;

/// What a child has as one of its standard descriptors.
#[derive(Debug, Default)]
pub enum Stdio {
    /// What this process has.
    #[default]
    Inherit,
    /// A pipe to this process.
    Pipe,
    /// `/dev/null`.
    Null,
    /// What it has as standard output; of standard error only.
    Stdout,
    /// A duplicate of a descriptor of the user's.
    Descriptor(OwnedFd),
}

/// What to start, and how.
#[derive(Debug)]
pub struct Command<'a> {
    /// A path when there is a slash in it, else a name that `PATH` of `environment` is looked through for.
    pub program: &'a CStr,
    /// With the program as it sees itself in front.
    pub arguments: Vec<&'a CStr>,
    /// Each one `name=value`.
    pub environment: Vec<&'a CStr>,
    pub directory: Option<&'a CStr>,
    /// Standard input, output and error.
    pub stdio: [Stdio; 3],
    /// Descriptors that the child has, too, under their numbers.
    pub pass: Vec<RawFd>,
    /// Whether it has no others.
    pub close: bool,
    /// Whether the signals that Node ignores have their default action.
    pub restore_signals: bool,
    /// Bytes that its pipes hold.
    pub pipe_bytes: Option<usize>,
    pub new_session: bool,
    /// The process group to join; 0 for one of its own.
    pub process_group: Option<i32>,
    pub umask: Option<u32>,
    pub identity: Identity,
}

impl<'a> Command<'a> {
    /// `program` with these arguments, and otherwise nothing asked for.
    #[must_use]
    pub fn new(program: &'a CStr, arguments: Vec<&'a CStr>) -> Self {
        Self {
            program,
            arguments,
            environment: Vec::new(),
            directory: None,
            stdio: Default::default(),
            pass: Vec::new(),
            close: true,
            restore_signals: true,
            pipe_bytes: None,
            new_session: false,
            process_group: None,
            umask: None,
            identity: Identity::default(),
        }
    }
}

/// Why there is no child.
#[derive(Debug, thiserror::Error)]
#[error("{call}: {error}")]
pub struct SpawnError {
    /// The system call that failed.
    pub call: &'static str,
    /// The program as it was given, or the directory: what the error is about.
    pub path: Option<CString>,
    pub error: io::Error,
}

impl SpawnError {
    /// A failure that is about no path.
    pub fn of(call: &'static str, error: impl Into<io::Error>) -> Self {
        Self { call, path: None, error: error.into() }
    }

    fn about(call: &'static str, path: &CStr, error: impl Into<io::Error>) -> Self {
        Self { call, path: Some(path.to_owned()), error: error.into() }
    }
}

/// A child that runs, and our ends of its pipes.
#[derive(Debug)]
pub struct Started {
    pub pid: i32,
    pub pipes: [Option<OwnedFd>; 3],
}

/// What becomes of descriptors in the child, in this order.
#[derive(Debug, Default)]
struct Wiring {
    /// From, to. Onto itself: it is inherited.
    duplicated: Vec<(RawFd, RawFd)>,
    closed: Vec<RawFd>,
}

/// Starts `command`. `may_unshare` is false in tests of systems that refuse it.
///
/// # Errors
/// The operating system's; nothing is left of the attempt.
pub fn start(command: &Command<'_>, flags_of: FlagsOf, may_unshare: bool) -> Result<Started, SpawnError> {
    // Asked before anything is opened, which may get the number of one that is closed.
    for &number in command.pass.iter().filter(|number| **number > 2) {
        flags_of(number).map_err(|error| SpawnError::of("dup2", error))?;
    }
    let mut ends = stdio::open(command)?;
    let mut wiring = Wiring::default();
    for (target, end) in ends.child.iter().enumerate() {
        wiring.duplicated.extend(end.number().map(|number| (number, target as RawFd)));
    }
    wiring
        .duplicated
        .extend(command.pass.iter().filter(|number| **number > 2).map(|number| (*number, *number)));
    if command.close && !inheritance::IS_OFF_BY_DEFAULT {
        wiring.closed = inheritance::inheritable(&command.pass, flags_of);
    }
    let pid = if dressing::is_needed(command) {
        dressing::launch(command, &wiring, may_unshare)?
    } else {
        let exec = |path: &CStr| exec(command, &wiring, path, &command.arguments);
        program::launch(command, None, exec)?
    };
    Ok(Started { pid: pid.as_raw(), pipes: std::mem::take(&mut ends.ours) })
}

/// The spawn itself.
fn exec(command: &Command<'_>, wiring: &Wiring, path: &CStr, arguments: &[&CStr]) -> Result<Pid, Errno> {
    let spawned = || {
        let mut actions = PosixSpawnFileActions::init()?;
        for &(from, to) in &wiring.duplicated {
            actions.add_dup2(from, to)?;
        }
        for &number in &wiring.closed {
            actions.add_close(number)?;
        }
        posix_spawn(path, &actions, &attributes(command)?, arguments, &command.environment)
    };
    spawned().map_err(|error| Errno::from_raw_os_error(error as i32))
}

fn attributes(command: &Command<'_>) -> nix::Result<PosixSpawnAttr> {
    let mut attributes = PosixSpawnAttr::init()?;
    // The thread may block signals; a child that did could not be terminated.
    let mut flags = PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK;
    attributes.set_sigmask(&SigSet::empty())?;
    if command.restore_signals {
        flags |= PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF;
        attributes.set_sigdefault(&[Signal::SIGPIPE, Signal::SIGXFSZ].into_iter().collect())?;
    }
    if let Some(group) = command.process_group {
        flags |= PosixSpawnFlags::POSIX_SPAWN_SETPGROUP;
        attributes.set_pgroup(Pid::from_raw(group))?;
    }
    if command.new_session {
        flags |= PosixSpawnFlags::from_bits_retain(SETSID);
    }
    if command.close {
        flags |= PosixSpawnFlags::from_bits_retain(inheritance::OFF_BY_DEFAULT);
    }
    attributes.set_flags(flags)?;
    Ok(attributes)
}

/// `POSIX_SPAWN_SETSID`, which is not in POSIX yet and so not in nix; Apple's is missing in libc.
#[cfg(target_vendor = "apple")]
const SETSID: i32 = 0x0400;
#[cfg(not(target_vendor = "apple"))]
const SETSID: i32 = libc::POSIX_SPAWN_SETSID as i32;
