//! One byte stream: what was read and not yet taken, what is written and not yet sent, and how ready its
//! socket is. It knows nothing of rings or other connections; `driver` moves bytes between those and this.

use crate::address::Address;
use crate::file::FilePart;
use crate::layout::SENDFILE_BYTES;
use crate::limits::{WRITE_CALL_BYTES, WRITE_SLICES};
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
use std::io::{self, ErrorKind, IoSlice, Read};
use std::net::Shutdown;

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

/// A connected (or connecting) stream socket.
#[derive(Debug)]
pub struct Stream {
    socket: Socket,
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
    /// The socket was not read to its end since it was last reported readable.
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
    /// Takes `socket` over.
    #[must_use]
    pub fn new(socket: Socket) -> Self {
        Self {
            socket,
            queue: WriteQueue::default(),
            file: None,
            write_in_line: false,
            held: VecDeque::new(),
            peer: None,
            connecting: false,
            reading: false,
            buffered: false,
            unread: false,
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
        let mut stream = Self::new(socket);
        stream.connecting = !connected;
        Ok(stream)
    }

    /// Watches the socket under `key` from now on.
    ///
    /// # Errors
    /// The operating system's.
    pub fn register(&mut self, selector: &Selector, key: Key) -> io::Result<()> {
        let interest = Interest::READABLE | Interest::WRITABLE;
        // Urgent data has to be known of, because the kernel ends a read at its mark.
        #[cfg(target_os = "linux")]
        let interest = interest | Interest::PRIORITY;
        selector.register(&mut SourceFd(&self.socket.descriptor()), key, interest)
    }

    /// Ends watching, and closes the socket.
    pub fn close(&mut self, selector: &Selector) {
        // It fails only for a socket that is not registered; then there is nothing to end.
        let _ = selector.deregister(&mut SourceFd(&self.socket.descriptor()));
        self.socket.close();
    }

    /// The socket, to ask it for its addresses or descriptor.
    #[must_use]
    pub fn socket(&self) -> &Socket {
        &self.socket
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
        if ready.readable || ready.closing {
            self.unread = true;
        }
        self.inconclusive |= ready.closing || ready.urgent;
    }

    /// Asks how the connection attempt ended.
    pub fn connect_outcome(&mut self) -> ConnectOutcome {
        match self.socket.is_connected() {
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
            return match self.socket.get().and_then(|socket| (&*socket).read(buffer)) {
                Ok(0) if buffer.is_empty() => ReadOutcome::Data(0),
                Ok(0) => {
                    self.at_eof = true;
                    self.unread = false;
                    ReadOutcome::Eof
                }
                Ok(count) => {
                    self.unread = count == buffer.len() || self.inconclusive;
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
                let (count, is_all) = match self.write_call.offer(&self.socket, &rest[..batch]) {
                    Ok(taken) => taken,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(self.fail(error)),
                };
                IoSlice::advance_slices(&mut rest, count);
                if !is_all {
                    break;
                }
            }
        }
        for slice in rest.iter() {
            self.queue.push(slice);
        }
        Ok(())
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
            match self.write_call.offer(&self.socket, &slices) {
                Ok((count, is_all)) => {
                    drop(slices);
                    self.queue.advance(count);
                    sent += count;
                    if !is_all {
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
        if self.queue.is_empty() {
            match part.send(&*self.socket.get()?, SENDFILE_BYTES as usize) {
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
        let Some(part) = &mut self.file else { return FileOutcome::Blocked };
        let mut left = SENDFILE_BYTES as usize;
        let result = loop {
            match self.socket.get().and_then(|socket| part.send(&*socket, left)) {
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
        self.shut_down_write()
    }

    fn shut_down_write(&mut self) -> io::Result<()> {
        match self.socket.get()?.shutdown(Shutdown::Write) {
            // The peer has reset the connection meanwhile: reading will say so.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            result => result,
        }
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

    /// Sends small writes at once instead of collecting them (TCP_NODELAY).
    pub fn set_nodelay(&self) {
        // It fails where the protocol is not TCP, and has nothing to turn off then; or where the connection is gone
        // already, and reading will tell.
        let _ = self.socket.get().map(|socket| socket.set_tcp_nodelay(true));
    }
}

/// Whether a `connect` that does not wait has begun. (A full queue of a Unix server is `EAGAIN`, an error.)
fn is_in_progress(error: &io::Error) -> bool {
    let errno = error.raw_os_error();
    errno == Some(Errno::INPROGRESS.raw_os_error()) || errno == Some(Errno::INTR.raw_os_error())
}
