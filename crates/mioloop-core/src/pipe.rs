//! One end of a pipe, or of what is used as one: a FIFO, a socket, a terminal, another character device. It is read and
//! written by the calls that every descriptor has, and never blocks. Used by `channel`.

use crate::limits::FULL_PIPE_BYTES;
use crate::selector::Selector;
use crate::tokens::Key;
use mio::Interest;
use mio::unix::SourceFd;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FileType, OFlags, Stat, fcntl_getfl, fcntl_setfl, fstat};
use rustix::io::{Errno, retry_on_intr};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, IoSlice, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::rc::Rc;

/// What an end is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Read,
    Write,
}

/// A descriptor that can't be an end, or that could not be watched. It is the caller's still.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Refused {
    pub error: io::Error,
    pub descriptor: OwnedFd,
}

impl From<Refused> for io::Error {
    /// Closes the descriptor.
    fn from(refused: Refused) -> Self {
        refused.error
    }
}

/// What tells one open file from others: not quite, but two that are alike in this are closed together at the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: i128,
    inode: i128,
    access: OFlags,
}

/// One end, which the loop owns.
#[derive(Debug)]
pub struct Pipe {
    /// None when it is closed.
    file: Option<File>,
    end: End,
    kind: FileType,
    /// Each read takes what there is: after a short one there is no more.
    is_bytes: bool,
    /// The selector can't watch it, because it is always ready.
    always_ready: bool,
    identity: Identity,
    /// It is made larger when it is found full, once.
    grows: Cell<bool>,
    /// The open file blocked before, as others who have it may expect: the last of ours that closes sets that again.
    blocked: Option<Rc<()>>,
}

impl Pipe {
    /// An end on `descriptor`, which does not block from now on and is watched under `key`.
    ///
    /// # Errors
    /// The operating system's; `EINVAL` for a file or a directory, `EBADF` for what was not opened for this end.
    pub fn new(descriptor: OwnedFd, end: End, selector: &Selector, key: Key) -> Result<Self, Refused> {
        let begun = look(&descriptor, end).and_then(|(stat, flags)| {
            let kind = FileType::from_raw_mode(stat.st_mode);
            Ok((stat, flags, watch(&descriptor, flags, selector, key, interest(end, kind))?))
        });
        let (stat, flags, is_watched) = match begun {
            Ok(begun) => begun,
            Err(error) => return Err(Refused { error, descriptor }),
        };
        let kind = FileType::from_raw_mode(stat.st_mode);
        let access = flags & OFlags::ACCMODE;
        Ok(Self {
            file: Some(descriptor.into()),
            end,
            kind,
            is_bytes: kind.is_fifo() && !is_in_packets(flags),
            always_ready: !is_watched,
            grows: Cell::new(false),
            identity: Identity { device: i128::from(stat.st_dev), inode: i128::from(stat.st_ino), access },
            blocked: (!flags.contains(OFlags::NONBLOCK)).then(Rc::default),
        })
    }

    /// Whether this loop may have set `O_NONBLOCK` for another descriptor of the same open file.
    #[must_use]
    pub fn found_nonblocking(&self) -> bool {
        self.blocked.is_none()
    }

    /// Lets the last of both to close make the open file block again, where they have the same.
    ///
    /// Standard input and output of a terminal are one open file.
    pub fn share(&mut self, other: &Self) -> bool {
        let same = other.blocked.is_some() && other.identity == self.identity;
        if same {
            self.blocked.clone_from(&other.blocked);
        }
        same
    }

    /// Whether the selector tells nothing of it, because it is always ready.
    #[must_use]
    pub fn always_ready(&self) -> bool {
        self.always_ready
    }

    /// Whether it is read from.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.end == End::Read
    }

    /// Whether a hang-up is the end of it: not of what is written to a terminal or device, as in asyncio.
    #[must_use]
    pub fn tells_end(&self) -> bool {
        self.is_read() || !self.kind.is_char_device()
    }

    /// Whether there may be more to read behind `count` bytes that were read into room for `room`.
    ///
    /// A terminal gives a line at a time, and some sockets a packet, so they are asked.
    #[must_use]
    pub fn has_more(&self, count: usize, room: usize) -> bool {
        if self.is_bytes {
            return count == room;
        }
        let Some(file) = &self.file else { return false };
        let mut wanted = [PollFd::new(file, PollFlags::IN)];
        // Where it can't be asked, reading will tell.
        retry_on_intr(|| poll(&mut wanted, Some(&Timespec::default())))
            .map_or(count == room, |ready| ready > 0)
    }

    /// Reads once; of a writing end, the end of the stream: its reader has gone.
    ///
    /// # Errors
    /// The operating system's; `EBADF` when it is closed.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.end == End::Write {
            return Ok(0);
        }
        let count = self.file()?.read(buffer)?;
        if count >= FULL_PIPE_BYTES {
            self.found_full();
        }
        Ok(count)
    }

    /// Writes once.
    ///
    /// # Errors
    /// The operating system's; `EBADF` when it is closed.
    pub fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut file = self.file()?;
        let written = match slices {
            [one] => file.write(one),
            many => file.write_vectored(many),
        };
        let offered = slices.iter().map(|slice| slice.len()).sum();
        if *written.as_ref().unwrap_or(&0) < offered {
            self.found_full();
        }
        written
    }

    /// Has it made larger when it is found full: few pipes ever are, and what all of a user's may hold is limited.
    pub fn grow_when_full(&self) {
        self.grows.set(true);
    }

    fn found_full(&self) {
        if self.grows.replace(false) {
            self.grow();
        }
    }

    #[cfg(target_os = "linux")]
    fn grow(&self) {
        if let Some(file) = &self.file {
            // A user whose pipes hold much already may not; then it stays as it is.
            let _ = rustix::pipe::fcntl_setpipe_size(file, crate::limits::GROWN_PIPE_BYTES);
        }
    }

    /// Elsewhere pipes grow by themselves.
    #[cfg(not(target_os = "linux"))]
    fn grow(&self) {}

    /// The descriptor; -1 when it is closed.
    #[must_use]
    pub fn descriptor(&self) -> RawFd {
        self.file.as_ref().map_or(-1, AsRawFd::as_raw_fd)
    }

    /// Closes it.
    pub fn close(&mut self) {
        if let Some(file) = self.file.take() {
            self.block_again(&file);
        }
    }

    fn block_again(&mut self, file: &File) {
        let Some(blocked) = self.blocked.take() else { return };
        if Rc::strong_count(&blocked) == 1
            && let Ok(flags) = fcntl_getfl(file)
        {
            // A descriptor that is open takes it.
            let _ = fcntl_setfl(file, flags - OFlags::NONBLOCK);
        }
    }

    fn file(&self) -> io::Result<&File> {
        self.file.as_ref().ok_or_else(|| Errno::BADF.into())
    }
}

/// What `descriptor` is, and how it was opened.
fn look(descriptor: &OwnedFd, end: End) -> io::Result<(Stat, OFlags)> {
    let stat = fstat(descriptor)?;
    let kind = FileType::from_raw_mode(stat.st_mode);
    if !(kind.is_fifo() || kind.is_socket() || kind.is_char_device()) {
        return Err(Errno::INVAL.into());
    }
    let flags = fcntl_getfl(descriptor)?;
    let wrong = if end == End::Read { OFlags::WRONLY } else { OFlags::RDONLY };
    if flags & OFlags::ACCMODE == wrong {
        return Err(Errno::BADF.into());
    }
    Ok((stat, flags))
}

/// Watches `descriptor`, and lets it not block. False when the selector can't watch it.
fn watch(
    descriptor: &OwnedFd,
    flags: OFlags,
    selector: &Selector,
    key: Key,
    interest: Interest,
) -> io::Result<bool> {
    let is_watched = match selector.register(&mut SourceFd(&descriptor.as_raw_fd()), key, interest) {
        Ok(()) => true,
        Err(error) if error.raw_os_error() == Some(Errno::PERM.raw_os_error()) => false,
        Err(error) => return Err(error),
    };
    if !flags.contains(OFlags::NONBLOCK)
        && let Err(error) = fcntl_setfl(descriptor, flags | OFlags::NONBLOCK)
    {
        // What was watched a moment ago can be let go of.
        let _ = selector.deregister(&mut SourceFd(&descriptor.as_raw_fd()));
        return Err(error.into());
    }
    Ok(is_watched)
}

/// What the selector is to tell of.
fn interest(end: End, kind: FileType) -> Interest {
    let interest = match end {
        End::Read => Interest::READABLE,
        // The end of the other direction tells that the reader has gone. Of a pipe that is told in any case.
        End::Write if kind.is_socket() => Interest::READABLE | Interest::WRITABLE,
        End::Write => Interest::WRITABLE,
    };
    // Urgent data has to be known of, because the kernel ends a read at its mark.
    #[cfg(target_os = "linux")]
    let interest = if kind.is_socket() { interest | Interest::PRIORITY } else { interest };
    interest
}

/// Whether a pipe keeps what was written apart, and gives it piece by piece.
fn is_in_packets(flags: OFlags) -> bool {
    #[cfg(target_os = "linux")]
    return flags.contains(OFlags::DIRECT);
    #[cfg(not(target_os = "linux"))]
    return false;
}
