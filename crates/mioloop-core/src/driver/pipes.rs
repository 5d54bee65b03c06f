//! Ends of pipes as streams of the driver.

use super::{Driver, Source};
use crate::channel::Channel;
use crate::pipe::{End, Pipe, Refused};
use crate::stream::Stream;
use crate::tokens::Key;
use rustix::io::Errno;
use std::os::fd::{AsRawFd, OwnedFd};

impl Driver {
    /// Takes over a descriptor to read from: of a pipe, a FIFO, a socket, a terminal or another character device. It is
    /// not read before RESUME.
    ///
    /// # Errors
    /// The operating system's; `EINVAL` for what is none of these, `EBADF` for one that was not opened to be read, `EEXIST`
    /// when a transport or a server has it. The error holds the descriptor, and closes it when it becomes an `io::Error`.
    pub fn adopt_read_pipe(&mut self, descriptor: OwnedFd) -> Result<Key, Refused> {
        self.adopt_pipe(descriptor, End::Read)
    }

    /// Takes over a descriptor to write to. After RESUME it is told when its reader has gone: EOF when nothing waits to be
    /// sent, else WRITE_FAILED with `EPIPE`; not of a terminal or device.
    ///
    /// # Errors
    /// As `adopt_read_pipe`.
    pub fn adopt_write_pipe(&mut self, descriptor: OwnedFd) -> Result<Key, Refused> {
        self.adopt_pipe(descriptor, End::Write)
    }

    /// Has a pipe made larger when it is found full.
    pub(super) fn grow_when_full(&self, key: Key) {
        if let Some(pipe) = self.sources.get(key).and_then(Source::pipe) {
            pipe.grow_when_full();
        }
    }

    fn adopt_pipe(&mut self, descriptor: OwnedFd, end: End) -> Result<Key, Refused> {
        let holder = self.sources.holder(descriptor.as_raw_fd()).and_then(|key| self.sources.get(key));
        // A watch may be of a descriptor that was closed meanwhile, and this one has got its number.
        if !matches!(holder, None | Some(Source::Watch(_))) {
            return Err(Refused { error: Errno::EXIST.into(), descriptor });
        }
        let mut pipe = Pipe::new(descriptor, end, &self.selector, self.sources.next_key())?;
        if pipe.found_nonblocking() {
            self.sources.iter().filter_map(Source::pipe).any(|other| pipe.share(other));
        }
        Ok(self.sources.insert(Source::Stream(Stream::new(Channel::Pipe(pipe)))))
    }
}

impl Source {
    fn pipe(&self) -> Option<&Pipe> {
        match self {
            Self::Stream(stream) => stream.channel().pipe(),
            _ => None,
        }
    }
}
