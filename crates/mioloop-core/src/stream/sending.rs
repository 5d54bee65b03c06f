//! The sending half of a stream: what leaves at once, what waits in the queue, a file behind that, and the end.

use super::Stream;
use crate::file::FilePart;
use crate::layout::SENDFILE_BYTES;
use crate::limits::{WRITE_CALL_BYTES, WRITE_SLICES};
use crate::outlet::Marks;
use rustix::io::Errno;
use std::io::{self, ErrorKind, IoSlice};

/// What sending a portion of a file came to.
#[derive(Debug)]
pub enum FileOutcome {
    /// The portion is sent; the next one may go at once.
    More,
    /// Nothing more now; the selector will tell.
    Blocked,
    /// The file of this number is at its end, or has failed.
    Over(u32, io::Result<()>),
}

impl Stream {
    /// Sends `slices` now, or queues (copies of) what the kernel does not take.
    ///
    /// # Errors
    /// The operating system's; the queue is dropped then, and later calls do nothing.
    pub fn send(&mut self, slices: &mut [IoSlice<'_>]) -> io::Result<()> {
        if self.write_failed {
            return Ok(());
        }
        let mut rest = slices;
        if self.queue.is_empty() {
            while !rest.is_empty() {
                let batch = rest.len().min(WRITE_SLICES);
                let (count, is_all) = match self.write_call.offer(&self.channel, &rest[..batch]) {
                    Ok(taken) => taken,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(self.fail(error)),
                };
                IoSlice::advance_slices(&mut rest, count);
                if !is_all && !self.channel.always_ready() {
                    break;
                }
            }
        }
        for slice in rest.iter() {
            self.queue.push(slice);
        }
        Ok(())
    }

    /// Whether a write has failed: no more is sent.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.write_failed
    }

    /// Sends a portion of the queue, or what the kernel takes of it.
    ///
    /// # Errors
    /// The operating system's; the queue is dropped then, and later calls do nothing.
    pub fn flush(&mut self) -> io::Result<()> {
        let mut sent = 0;
        while !self.queue.is_empty() {
            if sent >= WRITE_CALL_BYTES {
                self.write_in_line = true;
                return Ok(());
            }
            let slices = self.queue.slices();
            match self.write_call.offer(&self.channel, &slices) {
                Ok((count, is_all)) => {
                    drop(slices);
                    self.queue.advance(count);
                    sent += count;
                    if !is_all && !self.channel.always_ready() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => {
                    drop(slices);
                    return Err(self.fail(error));
                }
            }
        }
        self.shut_down_if_drained()
    }

    /// Begins to send a file, by one call. False when there was nothing to send.
    ///
    /// # Errors
    /// The operating system's, and as `file::send`; nothing has begun then.
    pub fn begin_file(&mut self, mut part: FilePart) -> io::Result<bool> {
        if self.file.is_some() {
            return Err(Errno::BUSY.into());
        }
        let Some(socket) = self.channel.socket() else { return Err(Errno::NOSYS.into()) };
        if self.queue.is_empty() {
            match part.send(&*socket.get()?, SENDFILE_BYTES as usize) {
                Ok(0) => return Ok(false),
                Ok(_) => self.write_in_line = true,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        self.file = Some(Box::new(part));
        Ok(true)
    }

    /// Whether a file is all that waits to be sent.
    #[must_use]
    pub fn has_file(&self) -> bool {
        self.queue.is_empty() && self.file.as_ref().is_some_and(|part| !part.is_over)
    }

    /// Sends the next portion of the file.
    pub fn send_file(&mut self) -> FileOutcome {
        let (Some(part), Some(socket)) = (&mut self.file, self.channel.socket()) else {
            return FileOutcome::Blocked;
        };
        let mut left = SENDFILE_BYTES as usize;
        let result = loop {
            match socket.get().and_then(|socket| part.send(&*socket, left)) {
                Ok(0) => break Ok(()),
                Ok(count) if count == left => return FileOutcome::More,
                Ok(count) => left -= count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return FileOutcome::Blocked,
                Err(error) => break Err(error),
            }
        };
        part.is_over = true;
        FileOutcome::Over(part.number, result)
    }

    /// Lets go of the file, wherever it is; gives the bytes that were sent of it.
    ///
    /// # Errors
    /// The operating system's, of a `write_eof` that had to wait for the file.
    pub fn end_file(&mut self) -> io::Result<u64> {
        let sent = self.file.take().map_or(0, |part| part.sent());
        self.shut_down_if_drained()?;
        Ok(sent)
    }

    /// Shuts the writing side down, now or when everything is sent.
    ///
    /// # Errors
    /// The operating system's.
    pub fn write_eof(&mut self) -> io::Result<()> {
        self.shut_down_when_drained = true;
        self.shut_down_if_drained()
    }

    fn shut_down_if_drained(&mut self) -> io::Result<()> {
        if !self.shut_down_when_drained || !self.queue.is_empty() || self.file.is_some() {
            return Ok(());
        }
        self.shut_down_when_drained = false;
        self.channel.shut_down_write()
    }

    /// Drops everything that waits to be sent.
    pub fn drop_queue(&mut self) {
        self.queue.clear();
        self.file = None;
        self.marks = Marks::default();
    }

    fn fail(&mut self, error: io::Error) -> io::Error {
        self.write_failed = true;
        self.queue.clear();
        error
    }
}
