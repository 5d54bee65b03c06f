//! The standard descriptors of a child, and our ends of its pipes.

use super::{Command, SpawnError, Stdio};
#[cfg(target_os = "linux")]
use rustix::fs::{Mode, OFlags};
use rustix::io::{Errno, fcntl_dupfd_cloexec, fcntl_getfd};
use rustix::stdio::{stderr, stdin, stdout};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

/// The first number that is no standard descriptor's.
const FIRST_FREE: RawFd = 3;

/// What is given to the child as one of its standard descriptors.
#[derive(Debug)]
pub(super) enum End<'a> {
    /// It has none.
    Closed,
    Lent(BorrowedFd<'a>),
    Own(OwnedFd),
    /// What it has as standard output.
    Stdout(RawFd),
}

impl End<'_> {
    /// Its number here. No number is 0, 1 or 2 but of what is inherited in its place (and standard output as standard
    /// error, which is duplicated last), so that no one overwrites another's.
    pub fn number(&self) -> Option<RawFd> {
        match self {
            Self::Closed => None,
            Self::Lent(lent) => Some(lent.as_raw_fd()),
            Self::Own(own) => Some(own.as_raw_fd()),
            Self::Stdout(number) => Some(*number),
        }
    }
}

/// Both sides of the standard descriptors; the child's have to stay open until it is started.
#[derive(Debug)]
pub(super) struct Ends<'a> {
    pub child: [End<'a>; 3],
    pub ours: [Option<OwnedFd>; 3],
}

/// Opens what `command` asks for.
///
/// # Errors
/// The operating system's; what was opened is closed.
pub(super) fn open<'a>(command: &'a Command<'_>) -> Result<Ends<'a>, SpawnError> {
    let mut ours = [None, None, None];
    let mut end = |place: usize, inherited: BorrowedFd<'a>| {
        Ok(match &command.stdio[place] {
            // In Node they are closed on exec: what is inherited has to be said.
            Stdio::Inherit if fcntl_getfd(inherited).is_ok() => End::Lent(inherited),
            Stdio::Inherit => End::Closed,
            Stdio::Pipe => {
                let (own, theirs) = pipe(place == 0, command.pipe_bytes)?;
                ours[place] = Some(own);
                End::Own(theirs)
            }
            Stdio::Null => End::Own(null()?),
            Stdio::Descriptor(given) if given.as_raw_fd() >= FIRST_FREE => End::Lent(given.as_fd()),
            Stdio::Descriptor(given) => End::Own(failing("dup", fcntl_dupfd_cloexec(given, FIRST_FREE))?),
            Stdio::Stdout => return Err(SpawnError::of("dup2", Errno::INVAL)),
        })
    };
    let input = end(0, stdin())?;
    let output = end(1, stdout())?;
    let error = match (&command.stdio[2], output.number()) {
        (Stdio::Stdout, Some(number)) => End::Stdout(number),
        (Stdio::Stdout, None) => return Err(SpawnError::of("dup2", Errno::BADF)),
        _ => end(2, stderr())?,
    };
    Ok(Ends { child: [input, output, error], ours })
}

/// Our end and the child's.
fn pipe(child_reads: bool, bytes: Option<usize>) -> Result<(OwnedFd, OwnedFd), SpawnError> {
    let (reading, writing) = failing("pipe2", new_pipe())?;
    resize(&writing, bytes)?;
    let (ours, theirs) = if child_reads { (writing, reading) } else { (reading, writing) };
    Ok((ours, failing("fcntl", above_standard(theirs))?))
}

/// The reading and the writing end of a new pipe, which no child inherits by accident.
#[cfg(target_os = "linux")]
pub fn new_pipe() -> rustix::io::Result<(OwnedFd, OwnedFd)> {
    rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)
}

#[cfg(not(target_os = "linux"))]
pub fn new_pipe() -> rustix::io::Result<(OwnedFd, OwnedFd)> {
    use rustix::io::{FdFlags, fcntl_setfd};
    let (reading, writing) = rustix::pipe::pipe()?;
    fcntl_setfd(&reading, FdFlags::CLOEXEC)?;
    fcntl_setfd(&writing, FdFlags::CLOEXEC)?;
    Ok((reading, writing))
}

#[cfg(target_os = "linux")]
fn resize(pipe: &OwnedFd, bytes: Option<usize>) -> Result<(), SpawnError> {
    let Some(bytes) = bytes else { return Ok(()) };
    failing("fcntl", rustix::pipe::fcntl_setpipe_size(pipe, bytes))?;
    Ok(())
}

/// Pipes have a size of their own elsewhere, as asyncio has it.
#[cfg(not(target_os = "linux"))]
fn resize(_pipe: &OwnedFd, _bytes: Option<usize>) -> Result<(), SpawnError> {
    Ok(())
}

fn null() -> Result<OwnedFd, SpawnError> {
    let path = c"/dev/null";
    rustix::fs::open(path, OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())
        .and_then(above_standard)
        .map_err(|error| SpawnError::about("open", path, error))
}

/// The same under a number that is no standard descriptor's, which it has where this process has closed one.
fn above_standard(descriptor: OwnedFd) -> rustix::io::Result<OwnedFd> {
    if descriptor.as_raw_fd() >= FIRST_FREE {
        return Ok(descriptor);
    }
    fcntl_dupfd_cloexec(&descriptor, FIRST_FREE)
}

fn failing<T>(call: &'static str, result: rustix::io::Result<T>) -> Result<T, SpawnError> {
    result.map_err(|error| SpawnError::of(call, error))
}
