//! What a stream reads and writes: a connected socket, or one end of a pipe. Used by `stream`.

use crate::pipe::Pipe;
use crate::selector::{Ready, Selector};
use crate::socket::Socket;
use mio::unix::SourceFd;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::Shutdown;
use std::os::fd::RawFd;

/// A descriptor that bytes come from and go to.
#[derive(Debug)]
pub enum Channel {
    Socket(Socket),
    Pipe(Pipe),
}

impl Channel {
    /// Whether what the selector said means that there is something to read, if only an end.
    #[must_use]
    pub fn is_readable(&self, ready: Ready) -> bool {
        match self {
            Self::Socket(_) => ready.readable || ready.closing,
            Self::Pipe(pipe) if pipe.is_read() => ready.readable || ready.closing,
            Self::Pipe(pipe) => pipe.tells_end() && (ready.closing || ready.hung_up),
        }
    }

    /// Whether it only sends: what there is to read is the end alone, of one whose reader has gone.
    #[must_use]
    pub fn only_sends(&self) -> bool {
        matches!(self, Self::Pipe(pipe) if !pipe.is_read())
    }

    /// Whether there may be more to read behind `count` bytes that were read into room for `room`.
    #[must_use]
    pub fn has_more(&self, count: usize, room: usize) -> bool {
        match self {
            Self::Socket(_) => count == room,
            Self::Pipe(pipe) => pipe.has_more(count, room),
        }
    }

    /// Reads once.
    ///
    /// # Errors
    /// The operating system's.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Socket(socket) => (&*socket.get()?).read(buffer),
            Self::Pipe(pipe) => pipe.read(buffer),
        }
    }

    /// Writes once.
    ///
    /// # Errors
    /// The operating system's.
    pub fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match (self, slices) {
            (Self::Socket(socket), [one]) => (&*socket.get()?).write(one),
            (Self::Socket(socket), many) => (&*socket.get()?).write_vectored(many),
            (Self::Pipe(pipe), slices) => pipe.write(slices),
        }
    }

    /// Whether it is always ready, and the selector tells nothing of it.
    #[must_use]
    pub fn always_ready(&self) -> bool {
        matches!(self, Self::Pipe(pipe) if pipe.always_ready())
    }

    /// The bytes of one segment, where there are such.
    #[must_use]
    pub fn segment(&self) -> u32 {
        match self {
            Self::Socket(socket) => socket.get().and_then(|socket| socket.tcp_mss()).unwrap_or(0),
            Self::Pipe(_) => 0,
        }
    }

    /// Tells the peer that nothing more will be sent. A pipe tells by its close.
    ///
    /// # Errors
    /// The operating system's.
    pub fn shut_down_write(&self) -> io::Result<()> {
        let Self::Socket(socket) = self else { return Ok(()) };
        match socket.get()?.shutdown(Shutdown::Write) {
            // The peer has reset the connection meanwhile: reading will say so.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            result => result,
        }
    }

    /// The socket, to ask it for its addresses; none of a pipe.
    #[must_use]
    pub fn socket(&self) -> Option<&Socket> {
        match self {
            Self::Socket(socket) => Some(socket),
            Self::Pipe(_) => None,
        }
    }

    /// The end of a pipe; none of a socket.
    #[must_use]
    pub fn pipe(&self) -> Option<&Pipe> {
        match self {
            Self::Socket(_) => None,
            Self::Pipe(pipe) => Some(pipe),
        }
    }

    /// The descriptor; -1 when it is closed.
    #[must_use]
    pub fn descriptor(&self) -> RawFd {
        match self {
            Self::Socket(socket) => socket.descriptor(),
            Self::Pipe(pipe) => pipe.descriptor(),
        }
    }

    /// Ends watching, and closes it.
    pub fn close(&mut self, selector: &Selector) {
        match self {
            Self::Socket(socket) => selector.close(socket),
            Self::Pipe(pipe) => {
                // It fails where it was never watched; then there is nothing to end.
                let _ = selector.deregister(&mut SourceFd(&pipe.descriptor()));
                pipe.close();
            }
        }
    }
}
