//! What streams and datagram endpoints have in common: a queue of what waits to be sent, and marks at which the facade
//! wants to be told.

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
