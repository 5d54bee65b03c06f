//! Files on their way into a socket: by the system's sendfile where there is one; and the reads for where there is
//! none. Used by `stream`, and by the addon for the user's own sockets.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::SeekFrom;
use rustix::io::{Errno, retry_on_intr};
use std::io;
use std::os::fd::{AsFd, OwnedFd};

/// A part of a file that is being sent. However far it came, the file's position is behind it when this is dropped.
#[derive(Debug)]
pub struct FilePart {
    file: OwnedFd,
    start: u64,
    position: u64,
    end: u64,
    /// Tells this one from others of the same stream.
    pub number: u32,
    /// Nothing more is to be sent of it.
    pub is_over: bool,
}

impl FilePart {
    /// `count` bytes from `offset` on, or all that there are.
    #[must_use]
    pub fn new(file: OwnedFd, offset: u64, count: Option<u64>) -> Self {
        let end = count.map_or(u64::MAX, |count| offset.saturating_add(count));
        Self { file, start: offset, position: offset, end, number: 0, is_over: false }
    }

    /// Sends by one call, at most `most` bytes; 0 at the end.
    ///
    /// # Errors
    /// As `send`.
    pub fn send(&mut self, socket: impl AsFd, most: usize) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.position).unwrap_or(usize::MAX);
        if left == 0 {
            return Ok(0);
        }
        let count = send(socket, &self.file, self.position, most.min(left))?;
        self.position += count as u64;
        Ok(count)
    }

    /// Bytes that were sent.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.position - self.start
    }
}

impl Drop for FilePart {
    fn drop(&mut self) {
        if self.sent() > 0 {
            // It fails for no file that bytes were sent of at an offset.
            let _ = move_to(&self.file, self.position);
        }
    }
}

/// Sends from a regular file by one call: at most `most` bytes from `offset` on; 0 at the file's end. The file's
/// position does not count and does not move.
///
/// # Errors
/// The operating system's; `EINVAL` for what is no regular file, `ENOSYS` on a system that has no such call.
pub fn send(socket: impl AsFd, file: impl AsFd, offset: u64, most: usize) -> io::Result<usize> {
    if !is_regular(&file)? {
        return Err(Errno::INVAL.into());
    }
    send_regular(socket, file, offset, most)
}

#[cfg(target_os = "linux")]
fn send_regular(socket: impl AsFd, file: impl AsFd, offset: u64, most: usize) -> io::Result<usize> {
    let mut at = offset;
    match retry_on_intr(|| rustix::fs::sendfile(&socket, &file, Some(&mut at), most)) {
        // Farther than any file of this file system: behind the end.
        Err(Errno::OVERFLOW) => Ok(0),
        result => Ok(result?),
    }
}

#[cfg(not(target_os = "linux"))]
fn send_regular(_: impl AsFd, _: impl AsFd, _: u64, _: usize) -> io::Result<usize> {
    Err(Errno::NOSYS.into())
}

fn is_regular(file: impl AsFd) -> io::Result<bool> {
    let mode = rustix::fs::fstat(file)?.st_mode;
    Ok(rustix::fs::FileType::from_raw_mode(mode).is_file())
}

/// Reads at `position`, or, where there is none (a pipe), what comes next.
///
/// # Errors
/// The operating system's: `ESPIPE` for a position where there is none; `EAGAIN` when nothing has come yet, also from
/// a descriptor that would block.
pub fn read(file: impl AsFd, position: Option<u64>, buffer: &mut [u8]) -> io::Result<usize> {
    if let Some(position) = position {
        return Ok(retry_on_intr(|| rustix::io::pread(&file, &mut *buffer, position))?);
    }
    let mut wanted = [PollFd::new(&file, PollFlags::IN)];
    if retry_on_intr(|| poll(&mut wanted, Some(&Timespec::default())))? == 0 {
        return Err(Errno::AGAIN.into());
    }
    Ok(retry_on_intr(|| rustix::io::read(&file, &mut *buffer))?)
}

/// Sets the file's position.
///
/// # Errors
/// The operating system's; `ESPIPE` for what has none.
pub fn move_to(file: impl AsFd, position: u64) -> io::Result<()> {
    rustix::fs::seek(file, SeekFrom::Start(position))?;
    Ok(())
}
