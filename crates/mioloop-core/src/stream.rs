//! One byte stream: what was read and not yet taken, what is written and not yet sent, and how ready its
//! socket is. It knows nothing of rings or other connections; `driver` moves bytes between those and this.

mod sending;

use crate::address::Address;
use crate::channel::Channel;
use crate::file::FilePart;
use crate::outlet::Marks;
use crate::selector::{Ready, Selector};
use crate::socket::Socket;
use crate::tokens::Key;
use crate::write_call::WriteCall;
use crate::write_queue::WriteQueue;
use mio::Interest;
use mio::unix::SourceFd;
use rustix::io::Errno;
use std::collections::VecDeque;
use std::io::{self, ErrorKind};

pub use sending::FileOutcome;

/// What one read gave.
#[derive(Debug)]
pub enum ReadOutcome {
    Data(usize),
    Eof,
    /// Nothing now; the selector will tell.
    Blocked,
    Failed(io::Error),
}

/// How far an outgoing connection is.
#[derive(Debug)]
pub enum ConnectOutcome {
    Pending,
    Connected,
    Failed(io::Error),
}

/// A connected (or connecting) stream socket, or one end of a pipe.
#[derive(Debug)]
pub struct Stream {
    channel: Channel,
    queue: WriteQueue,
    /// A file that goes out behind the queue, kept until `end_file`. Boxed: few connections ever have one.
    file: Option<Box<FilePart>>,
    /// The next portion (of the queue or the file) may go without the selector's word: the stream is in the driver's line
    /// for it.
    pub write_in_line: bool,
    /// Bytes that were read, then refused by a paused protocol: they are read again before the socket.
    held: VecDeque<u8>,
    /// The peer as `accept` named it: known even when the peer has gone again.
    pub peer: Option<Address>,
    /// An outgoing connection that does not stand yet.
    pub connecting: bool,
    /// The user wants data.
    pub reading: bool,
    /// Readability is reported, and the user's own buffer is read into.
    pub buffered: bool,
    /// The channel was not read to its end since it was last reported readable.
    pub unread: bool,
    /// In the driver's line of streams that wait to be read.
    pub in_line: bool,
    /// The driver's turn that read it last: one read a turn, so that the end of a stream comes a turn after
    /// its last bytes.
    pub read_in_turn: u64,
    /// When to tell of the queue.
    pub marks: Marks,
    /// Writes of this turn that were not sent yet: first and last index in the driver's list.
    pub pending: Option<(u32, u32)>,
    write_call: WriteCall,
    /// A short read is not the last one: the peer has finished, or urgent data cuts reads.
    inconclusive: bool,
    at_eof: bool,
    write_failed: bool,
    shut_down_when_drained: bool,
}

impl Stream {
    /// Takes `channel` over.
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        // Of what is always ready, nothing will tell that there is something.
        let unread = channel.always_ready() && !channel.only_sends();
        Self {
            channel,
            queue: WriteQueue::default(),
            file: None,
            write_in_line: false,
            held: VecDeque::new(),
            peer: None,
            connecting: false,
            reading: false,
            buffered: false,
            unread,
            in_line: false,
            read_in_turn: 0,
            marks: Marks::default(),
            pending: None,
            write_call: WriteCall::default(),
            inconclusive: false,
            at_eof: false,
            write_failed: false,
            shut_down_when_drained: false,
        }
    }

    /// A stream on `socket`, which begins to connect to `address`.
    ///
    /// # Errors
    /// The operating system's, where it knows at once. The socket is still open then.
    pub fn connect(socket: Socket, address: &Address) -> io::Result<Self> {
        let connected = match socket.get()?.connect(&address.to_system()?) {
            Ok(()) => true,
            Err(error) if is_in_progress(&error) => false,
            Err(error) => return Err(error),
        };
        let mut stream = Self::new(Channel::Socket(socket));
        stream.connecting = !connected;
        Ok(stream)
    }

    /// Watches a socket under `key` from now on.
    ///
    /// # Errors
    /// The operating system's.
    pub fn register(&mut self, selector: &Selector, key: Key) -> io::Result<()> {
        let interest = Interest::READABLE | Interest::WRITABLE;
        // Urgent data has to be known of, because the kernel ends a read at its mark.
        #[cfg(target_os = "linux")]
        let interest = interest | Interest::PRIORITY;
        selector.register(&mut SourceFd(&self.channel.descriptor()), key, interest)
    }

    /// Ends watching, and closes the channel.
    pub fn close(&mut self, selector: &Selector) {
        self.channel.close(selector);
    }

    /// What it reads and writes, to ask it for its addresses or descriptor.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Bytes that wait to be sent.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.queue.len()
    }

    /// Whether there may be something to read, and somebody wants it.
    #[must_use]
    pub fn wants_read(&self) -> bool {
        self.reading && !self.at_eof && (self.unread || !self.held.is_empty())
    }

    /// Notes what the selector said.
    pub fn note(&mut self, ready: Ready) {
        self.unread |= self.channel.is_readable(ready);
        self.inconclusive |= ready.closing || ready.urgent;
    }

    /// Asks how the connection attempt ended.
    pub fn connect_outcome(&mut self) -> ConnectOutcome {
        let Some(socket) = self.channel.socket() else { return ConnectOutcome::Connected };
        match socket.is_connected() {
            Ok(true) => {
                self.connecting = false;
                ConnectOutcome::Connected
            }
            Ok(false) => ConnectOutcome::Pending,
            Err(error) => ConnectOutcome::Failed(error),
        }
    }

    /// Reads into `buffer` once. A short read ends what the selector reported (epoll(7)), except at the end
    /// of the stream, which only a further read can show.
    pub fn read(&mut self, buffer: &mut [u8]) -> ReadOutcome {
        if !self.held.is_empty() {
            return ReadOutcome::Data(self.read_held(buffer));
        }
        loop {
            return match self.channel.read(buffer) {
                Ok(0) if buffer.is_empty() => ReadOutcome::Data(0),
                Ok(0) => {
                    self.at_eof = true;
                    self.unread = false;
                    ReadOutcome::Eof
                }
                Ok(count) => {
                    self.unread = self.inconclusive || self.channel.has_more(count, buffer.len());
                    ReadOutcome::Data(count)
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.unread = false;
                    ReadOutcome::Blocked
                }
                Err(error) => {
                    self.unread = false;
                    self.at_eof = true;
                    ReadOutcome::Failed(error)
                }
            };
        }
    }

    fn read_held(&mut self, buffer: &mut [u8]) -> usize {
        let count = buffer.len().min(self.held.len());
        for (to, from) in buffer.iter_mut().zip(self.held.drain(..count)) {
            *to = from;
        }
        if self.held.is_empty() {
            // Holding is rare; an idle connection keeps no memory for it.
            self.held = VecDeque::new();
        }
        count
    }

    /// Takes back bytes that were read but not delivered: the next read gives them again, first.
    pub fn hand_back(&mut self, bytes: &[u8]) {
        // They were read before everything that is still held.
        if self.held.is_empty() {
            self.held.extend(bytes);
            return;
        }
        for &byte in bytes.iter().rev() {
            self.held.push_front(byte);
        }
    }

    /// Sends small writes at once instead of collecting them (TCP_NODELAY).
    pub fn set_nodelay(&self) {
        // It fails where the protocol is not TCP, and has nothing to turn off then; or where the connection is gone
        // already, and reading will tell.
        if let Some(socket) = self.channel.socket() {
            let _ = socket.get().map(|socket| socket.set_tcp_nodelay(true));
        }
    }
}

/// Whether a `connect` that does not wait has begun. (A full queue of a Unix server is `EAGAIN`, an error.)
fn is_in_progress(error: &io::Error) -> bool {
    let errno = error.raw_os_error();
    errno == Some(Errno::INPROGRESS.raw_os_error()) || errno == Some(Errno::INTR.raw_os_error())
}
