//! The calls that answer at once. Those about a stream's bytes apply what was submitted before them, so that
//! order always holds; opening and asking have no order to keep.

use super::apply::errno;
use super::{Driver, Source};
use crate::accept::{ListenOptions, Listener, Room, bind};
use crate::address::Address;
use crate::channel::Channel;
use crate::file::FilePart;
use crate::resolver::Query;
use crate::rings::Shared;
use crate::socket::Socket;
use crate::stream::{ReadOutcome, Stream};
use crate::tokens::Key;
use crate::watch::{Watch, interest};
use rustix::io::Errno;
use socket2::{Domain, Protocol, Type};
use std::cell::Cell;
use std::io::{self, IoSlice};
use std::os::fd::RawFd;
use std::rc::Rc;

/// The two ends of a connection, or a listener's one.
#[derive(Clone, Debug)]
pub struct Addresses {
    pub local: Address,
    pub peer: Option<Address>,
}

/// Why a connection could not even begin.
#[derive(Debug, thiserror::Error)]
#[error("{call}: {error}")]
pub struct ConnectError {
    /// The system call that failed.
    pub call: &'static str,
    pub error: io::Error,
}

/// What `recv_into` gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    Data(usize),
    Eof,
    /// Nothing now.
    Blocked,
    Failed(u32),
}

impl Driver {
    /// Sends `slices` on a stream at once; what the kernel does not take is copied. Returns the bytes that
    /// wait then. A failure comes as a completion.
    pub fn write(&mut self, shared: &mut Shared<'_>, key: Key, slices: &mut [IoSlice<'_>]) -> usize {
        self.apply(shared);
        let Some(stream) = self.stream(key) else { return 0 };
        let result = stream.send(slices);
        let queued = stream.queued();
        shared.publish_buffered(key.slot, queued);
        if stream.has_failed() {
            shared.publish_failed(key.slot);
        }
        if let Err(error) = result {
            self.write_failed(key, &error, true);
        }
        queued
    }

    /// Begins to send a part of a file behind what was written. Gives its number, with which FILE_SENT tells the end; or
    /// nothing, when there was nothing to send.
    ///
    /// # Errors
    /// The operating system's; `EINVAL` for what is no regular file, `ENOSYS` where the system has no such call,
    /// `EBUSY` when another file is on its way, `EBADF` when `key` is no stream.
    pub fn send_file(
        &mut self,
        shared: &mut Shared<'_>,
        key: Key,
        mut part: FilePart,
    ) -> io::Result<Option<u32>> {
        self.apply(shared);
        // Positive in JavaScript, and never 0.
        self.file_number = self.file_number % 0x7fff_ffff + 1;
        part.number = self.file_number;
        let number = part.number;
        let Some(stream) = self.stream(key) else { return Err(Errno::BADF.into()) };
        let begun = stream.begin_file(part)?;
        if stream.write_in_line {
            self.enqueue(key);
        }
        Ok(begun.then_some(number))
    }

    /// Ends sending a file, also one that is sent: no more of its bytes leave. Gives how many have left.
    pub fn end_file(&mut self, shared: &mut Shared<'_>, key: Key) -> u64 {
        self.apply(shared);
        let Some(stream) = self.stream(key) else { return 0 };
        match stream.end_file() {
            Ok(sent) => sent,
            Err(error) => {
                self.write_failed(key, &error, false);
                0
            }
        }
    }

    /// Reads into the user's own buffer: the second half of READABLE.
    pub fn recv_into(&mut self, shared: &mut Shared<'_>, key: Key, buffer: &mut [u8]) -> Received {
        self.apply(shared);
        let Some(stream) = self.stream(key) else { return Received::Blocked };
        let outcome = stream.read(buffer);
        if stream.wants_read() {
            self.enqueue(key);
        }
        match outcome {
            ReadOutcome::Data(count) => Received::Data(count),
            ReadOutcome::Eof => Received::Eof,
            ReadOutcome::Blocked => Received::Blocked,
            ReadOutcome::Failed(error) => Received::Failed(errno(&error)),
        }
    }

    /// A listener bound to `address`; it accepts nothing before `serve`.
    ///
    /// # Errors
    /// The operating system's (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, …).
    pub fn bind(&mut self, address: &Address, options: ListenOptions, backlog: u32) -> io::Result<Key> {
        Ok(self.adopt_listener(bind(address, options)?, backlog))
    }

    /// A listener on a socket that is bound already; it accepts nothing before `serve`.
    pub fn adopt_listener(&mut self, socket: Socket, backlog: u32) -> Key {
        self.sources.insert(Source::Listener(Listener::new(socket, backlog)))
    }

    /// Makes the listener accept.
    ///
    /// # Errors
    /// The operating system's; `NotFound` when `key` is no listener.
    pub fn serve(&mut self, key: Key) -> io::Result<()> {
        match self.sources.get_mut(key) {
            Some(Source::Listener(listener)) => listener.serve(&self.selector, key),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Lets a listener accept nothing until `accept_again`; the kernel queues what comes.
    pub fn rest(&mut self, key: Key) {
        if let Some(Source::Listener(listener)) = self.sources.get_mut(key) {
            listener.resting = true;
        }
    }

    /// Lets a listener that rests try again, in the next turn.
    pub fn accept_again(&mut self, key: Key) {
        let Some(Source::Listener(listener)) = self.sources.get_mut(key) else { return };
        listener.resting = false;
        listener.unfinished |= listener.serving();
        self.serve_later(key);
    }

    /// Lets `listeners` accept no more than `room` connections together, until there is room again.
    pub fn share_room(&mut self, listeners: &[Key], room: u32) {
        let room = Rc::new(Room { left: Cell::new(room), listeners: listeners.into() });
        for &key in listeners {
            if let Some(Source::Listener(listener)) = self.sources.get_mut(key) {
                listener.room = Some(Rc::clone(&room));
            }
        }
    }

    /// A connection of this listener, or of one that shares its room, has left.
    pub fn give_room(&mut self, key: Key) {
        let Some(Source::Listener(listener)) = self.sources.get(key) else { return };
        let Some(room) = listener.room.clone() else { return };
        room.left.set(room.left.get() + 1);
        for &listener in &room.listeners {
            self.serve_later(listener);
        }
    }

    /// Puts a listener in line that may have connections to accept.
    fn serve_later(&mut self, key: Key) {
        let Some(Source::Listener(listener)) = self.sources.get(key) else { return };
        if listener.unfinished && !listener.resting {
            self.enqueue(key);
        }
    }

    /// Begins to connect a new socket to `address`, from `local` if there is one. Where that can't be done at once,
    /// as the second value says, CONNECTED or CONNECT_FAILED tells the end.
    ///
    /// # Errors
    /// The operating system's, where it knows at once (`ENETUNREACH`, …), and which call had it.
    pub fn connect(
        &mut self,
        address: &Address,
        local: Option<&Address>,
        protocol: i32,
    ) -> Result<(Key, bool), ConnectError> {
        let open = |error| ConnectError { call: "socket", error };
        let (domain, protocol) = (Domain::from(address.family()), Protocol::from(protocol));
        let socket = Socket::open(domain, Type::STREAM, Some(protocol)).map_err(open)?;
        if let Some(local) = local {
            let bound = local.to_system().and_then(|local| socket.get()?.bind(&local));
            bound.map_err(|error| ConnectError { call: "bind", error })?;
        }
        let connect = |error| ConnectError { call: "connect", error };
        let stream = Stream::connect(socket, address).map_err(connect)?;
        if matches!(address, Address::Internet(_)) {
            stream.set_nodelay();
        }
        let connected = !stream.connecting;
        Ok((self.keep_stream(stream).map_err(open)?, connected))
    }

    /// Takes a connected socket over. It is the caller's still when this fails.
    ///
    /// # Errors
    /// The operating system's.
    pub fn adopt_stream(&mut self, socket: &Socket) -> io::Result<Key> {
        let stream = Stream::new(Channel::Socket(socket.clone()));
        if matches!(socket.local()?, Address::Internet(_)) {
            stream.set_nodelay();
        }
        self.keep_stream(stream)
    }

    fn keep_stream(&mut self, mut stream: Stream) -> io::Result<Key> {
        stream.register(&self.selector, self.sources.next_key())?;
        Ok(self.sources.insert(Source::Stream(stream)))
    }

    /// Watches a descriptor of the user's for `bits` of READY_….
    ///
    /// # Errors
    /// The operating system's: `EPERM` for a regular file, `EBADF`; `EEXIST` when a transport or a server has it.
    pub fn watch(&mut self, descriptor: RawFd, bits: u32) -> io::Result<Key> {
        let holder = self.sources.holder(descriptor).and_then(|key| self.sources.get(key));
        if matches!(
            holder,
            Some(Source::Stream(_) | Source::Listener(_) | Source::Endpoint(_) | Source::Child(_))
        ) {
            return Err(Errno::EXIST.into());
        }
        let watch = Watch::new(&self.selector, self.sources.next_key(), descriptor, interest(bits))?;
        Ok(self.sources.insert(Source::Watch(watch)))
    }

    /// Tells again, now or later, what a watched descriptor is ready for of `bits`.
    ///
    /// # Errors
    /// The operating system's; `ENOENT` when the descriptor was closed and its number is another one's by now.
    pub fn rearm(&mut self, shared: &mut Shared<'_>, key: Key, bits: u32) -> io::Result<()> {
        self.apply(shared);
        match self.sources.get(key) {
            Some(Source::Watch(watch)) if !self.sources.has_lost_its_number(key) => {
                watch.arm(&self.selector, key, interest(bits))
            }
            _ => Err(Errno::NOENT.into()),
        }
    }

    /// The socket of a source, for one more holder. A pipe has none.
    #[must_use]
    pub fn socket_of(&self, key: Key) -> Option<Socket> {
        match self.sources.get(key)? {
            Source::Stream(stream) => stream.channel().socket().cloned(),
            Source::Listener(listener) => Some(listener.socket().clone()),
            Source::Endpoint(endpoint) => Some(endpoint.socket().clone()),
            Source::Watch(_) | Source::Child(_) => None,
        }
    }

    /// Closes a source at once.
    pub fn close_now(&mut self, shared: &mut Shared<'_>, key: Key) {
        self.apply(shared);
        self.close(shared, key);
    }

    /// The addresses of a source.
    ///
    /// # Errors
    /// The operating system's (`ENOTCONN` when the peer is gone); `ENOTSOCK` of a pipe, `NotFound` when `key` is nothing.
    pub fn addresses(&self, key: Key) -> io::Result<Addresses> {
        match self.sources.get(key) {
            Some(Source::Stream(stream)) => {
                let Some(socket) = stream.channel().socket() else { return Err(Errno::NOTSOCK.into()) };
                let peer = stream.peer.clone().or_else(|| socket.peer().ok());
                Ok(Addresses { local: socket.local()?, peer })
            }
            Some(Source::Listener(listener)) => {
                Ok(Addresses { local: listener.socket().local()?, peer: None })
            }
            Some(Source::Endpoint(endpoint)) => {
                Ok(Addresses { local: endpoint.socket().local()?, peer: endpoint.socket().peer().ok() })
            }
            Some(Source::Watch(_) | Source::Child(_)) | None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The descriptor of a source.
    #[must_use]
    pub fn descriptor_of(&self, key: Key) -> Option<RawFd> {
        Some(self.sources.get(key)?.descriptor())
    }

    /// The source that has `descriptor`: a transport's or a server's, or one that only watches.
    #[must_use]
    pub fn holder_of(&self, descriptor: RawFd) -> Option<Key> {
        self.sources.holder(descriptor)
    }

    /// Bytes that wait to be sent on a stream or a datagram endpoint.
    pub fn queued(&mut self, shared: &mut Shared<'_>, key: Key) -> usize {
        self.apply(shared);
        self.outlet(key).map_or(0, |outlet| outlet.queued())
    }

    /// Looks something up on another thread; the answer comes as a post.
    ///
    /// # Errors
    /// The operating system's, when no thread can be started.
    pub fn look_up(&self, request: u32, query: Query) -> io::Result<()> {
        self.resolver.ask(request, query)
    }

    /// Nobody waits for the answer to `request` any more.
    pub fn forget_look_up(&self, request: u32) {
        self.resolver.forget(request);
    }
}
