//! One datagram endpoint: which datagrams wait to be sent, which could not be, and how ready its socket is. It knows
//! nothing of rings or other sources; `driver` moves datagrams between those and this.

use crate::address::Address;
use crate::batch::{self, Outgoing};
use crate::limits::{DATAGRAM_OVERHEAD_BYTES, SEND_BATCH};
use crate::outlet::{Marks, Outlet};
use crate::selector::{Ready, Selector};
use crate::socket::Socket;
use crate::tokens::Key;
use mio::Interest;
use mio::unix::SourceFd;
use rustix::net::SocketAddrAny;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};

/// A datagram that could not be sent.
#[derive(Debug)]
pub struct Unsent {
    pub error: io::Error,
    /// None where the socket is connected.
    pub to: Option<Address>,
}

/// A datagram that the kernel did not take yet.
#[derive(Debug)]
struct Waiting {
    data: Vec<u8>,
    to: Option<SocketAddrAny>,
}

/// A datagram socket.
#[derive(Debug)]
pub struct Endpoint {
    socket: Socket,
    family: i32,
    queue: VecDeque<Waiting>,
    queued: usize,
    /// Those that failed and were not told of yet.
    unsent: Vec<Unsent>,
    /// The user wants datagrams.
    pub reading: bool,
    /// Not everything was received since the socket was last reported readable.
    pub unread: bool,
    /// In the driver's line of sources that wait to be served.
    pub in_line: bool,
    /// What waits is to be tried again, though the selector has said nothing.
    pub send_again: bool,
    /// The facade knows that it has to ask for that.
    told_stalled: bool,
    /// Datagrams of this turn that were not sent yet: first and last index in the driver's list.
    pub pending: Option<(u32, u32)>,
    marks: Marks,
    /// The selector tells when it can be sent. Only while something waits: every datagram that leaves would be told.
    watches_writes: bool,
}

impl Endpoint {
    /// Takes `socket` over.
    ///
    /// # Errors
    /// The operating system's.
    pub fn new(socket: Socket) -> io::Result<Self> {
        let family = i32::from(socket.get()?.domain()?);
        Ok(Self {
            socket,
            family,
            queue: VecDeque::new(),
            queued: 0,
            unsent: Vec::new(),
            reading: false,
            unread: false,
            in_line: false,
            send_again: false,
            told_stalled: false,
            pending: None,
            marks: Marks::default(),
            watches_writes: false,
        })
    }

    /// Watches the socket under `key` from now on.
    ///
    /// # Errors
    /// The operating system's.
    pub fn register(&mut self, selector: &Selector, key: Key) -> io::Result<()> {
        selector.register(&mut SourceFd(&self.socket.descriptor()), key, Interest::READABLE)
    }

    /// Watches whether it can be sent, if something waits; after every attempt to send.
    ///
    /// # Errors
    /// The operating system's; what waits is dropped then.
    pub fn watch_writes(&mut self, selector: &Selector, key: Key) -> io::Result<()> {
        let wanted = !self.queue.is_empty();
        if wanted == self.watches_writes {
            return Ok(());
        }
        self.watches_writes = wanted;
        let interest = if wanted { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        let watched = selector.reregister(&mut SourceFd(&self.socket.descriptor()), key, interest);
        if watched.is_err() {
            self.drop_queue();
        }
        watched
    }

    /// Ends watching, and closes the socket.
    pub fn close(&mut self, selector: &Selector) {
        selector.close(&self.socket);
    }

    /// The socket, to ask it for its addresses or descriptor.
    #[must_use]
    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    /// The family, as `AF_…`.
    #[must_use]
    pub fn family(&self) -> i32 {
        self.family
    }

    /// Slots that a datagram takes at most: one for the internet's 64 KiB, four for the Unix family.
    #[must_use]
    pub fn slots_each(&self) -> usize {
        if matches!(self.family, libc::AF_INET | libc::AF_INET6) { 1 } else { 4 }
    }

    /// Whether there may be something to receive, and somebody wants it.
    #[must_use]
    pub fn wants_read(&self) -> bool {
        self.reading && self.unread
    }

    /// Notes what the selector said.
    pub fn note(&mut self, ready: Ready) {
        // An error of the network is received, too.
        self.unread |= ready.readable || ready.closing;
    }

    /// Sends `datagrams` now, or queues (copies of) what the kernel does not take. What fails is left to `take_unsent`.
    pub fn send(&mut self, datagrams: &[Outgoing<'_>]) {
        let mut rest = datagrams;
        if self.queue.is_empty() {
            while !rest.is_empty() {
                let batch = &rest[..rest.len().min(SEND_BATCH)];
                match self.socket.get().and_then(|socket| batch::send(&socket, batch)) {
                    Ok(count) => rest = &rest[count..],
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => {
                        self.fail(error, batch[0].to.as_ref());
                        rest = &rest[1..];
                    }
                }
            }
        }
        for Outgoing { data, to } in rest {
            self.queued += data.len() + DATAGRAM_OVERHEAD_BYTES;
            self.queue.push_back(Waiting { data: data.to_vec(), to: to.clone() });
        }
    }

    /// Notes that a datagram could not be sent.
    pub fn fail(&mut self, error: io::Error, to: Option<&SocketAddrAny>) {
        self.unsent.push(Unsent { error, to: to.map(Address::from) });
    }

    /// Whether there are datagrams that failed and were not told of.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// The datagrams that could not be sent, in order.
    pub fn take_unsent(&mut self) -> Vec<Unsent> {
        std::mem::take(&mut self.unsent)
    }

    /// Whether the facade has to be told that the selector may be silent on what waits: the queue of a receiver to whom
    /// the socket is not connected is full, of the datagrams of others. Once, until it asks to send again.
    pub fn tell_stalled(&mut self) -> bool {
        let unheard =
            self.family == libc::AF_UNIX && self.queue.front().is_some_and(|first| first.to.is_some());
        unheard && !std::mem::replace(&mut self.told_stalled, true)
    }

    /// Whether what waits is to be tried again; once.
    pub fn take_send_again(&mut self) -> bool {
        self.told_stalled &= !self.send_again;
        std::mem::take(&mut self.send_again)
    }

    fn send_queued(&mut self) {
        while !self.queue.is_empty() {
            let batch: Vec<_> = self
                .queue
                .iter()
                .take(SEND_BATCH)
                .map(|Waiting { data, to }| Outgoing { data: IoSlice::new(data), to: to.clone() })
                .collect();
            let result = self.socket.get().and_then(|socket| batch::send(&socket, &batch));
            match result {
                Ok(count) => self.drop_first(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => {
                    let to = batch[0].to.clone();
                    self.fail(error, to.as_ref());
                    self.drop_first(1);
                }
            }
        }
    }

    fn drop_first(&mut self, count: usize) {
        for waiting in self.queue.drain(..count) {
            self.queued -= waiting.data.len() + DATAGRAM_OVERHEAD_BYTES;
        }
    }
}

impl Outlet for Endpoint {
    fn queued(&self) -> usize {
        self.queued
    }

    fn marks(&mut self) -> &mut Marks {
        &mut self.marks
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send_queued();
        Ok(())
    }

    fn drop_queue(&mut self) {
        self.queue.clear();
        self.queued = 0;
        self.marks = Marks::default();
    }

    fn stop_reading(&mut self) {
        self.reading = false;
    }
}
