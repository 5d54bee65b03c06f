//! What streams and datagram endpoints have in common: a queue of what waits to be sent, and marks at which the facade
//! wants to be told.

use crate::stream::Stream;
use std::io;

/// When to tell the facade of the queue, once each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    /// When it falls to this many bytes.
    pub low: Option<usize>,
    /// When it is empty.
    pub drained: bool,
}

/// A source that sends.
pub trait Outlet {
    /// Bytes that wait to be sent.
    fn queued(&self) -> usize;

    /// When to tell of them.
    fn marks(&mut self) -> &mut Marks;

    /// Sends from the queue what the kernel takes.
    ///
    /// # Errors
    /// The operating system's, where it ends all sending.
    fn flush(&mut self) -> io::Result<()>;

    /// Drops everything that waits to be sent, and the marks.
    fn drop_queue(&mut self);

    /// Receives no more.
    fn stop_reading(&mut self);
}

impl Outlet for Stream {
    fn queued(&self) -> usize {
        Stream::queued(self)
    }

    fn marks(&mut self) -> &mut Marks {
        &mut self.marks
    }

    fn flush(&mut self) -> io::Result<()> {
        Stream::flush(self)
    }

    fn drop_queue(&mut self) {
        Stream::drop_queue(self);
    }

    fn stop_reading(&mut self) {
        self.reading = false;
    }
}
