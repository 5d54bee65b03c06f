//! The calls that answer at once. Those about a stream's bytes apply what was submitted before them, so that
//! order always holds; opening and asking have no order to keep.

use super::apply::errno;
use super::{Driver, Source};
use crate::accept::{ListenOptions, Listener, bind};
use crate::address::Address;
use crate::resolver::Query;
use crate::rings::Shared;
use crate::socket::Socket;
use crate::stream::{ReadOutcome, Stream};
use crate::tokens::Key;
use crate::watch::{Watch, interest};
use socket2::{Domain, Type};
use std::io::{self, IoSlice};

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
        if let Err(error) = result {
            self.write_failed(key, &error, true);
        }
        queued
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
        if let Some(Source::Listener(listener)) = self.sources.get_mut(key)
            && !listener.in_line
        {
            listener.resting = false;
            listener.unfinished = true;
            listener.in_line = true;
            self.line.push_back(key);
        }
    }

    /// Begins to connect a new socket to `address`, from `local` if there is one; CONNECTED or CONNECT_FAILED tells
    /// the end.
    ///
    /// # Errors
    /// The operating system's, where it knows at once (`ENETUNREACH`, …), and which call had it.
    pub fn connect(&mut self, address: &Address, local: Option<&Address>) -> Result<Key, ConnectError> {
        let open = |error| ConnectError { call: "socket", error };
        let socket = Socket::open(Domain::from(address.family()), Type::STREAM, None).map_err(open)?;
        if let Some(local) = local {
            let bound = local.to_system().and_then(|local| socket.get()?.bind(&local));
            bound.map_err(|error| ConnectError { call: "bind", error })?;
        }
        let connect = |error| ConnectError { call: "connect", error };
        self.keep_stream(Stream::connect(socket, address).map_err(connect)?).map_err(open)
    }

    /// Takes a connected socket over. It is the caller's still when this fails.
    ///
    /// # Errors
    /// The operating system's.
    pub fn adopt_stream(&mut self, socket: &Socket) -> io::Result<Key> {
        self.keep_stream(Stream::new(socket.clone()))
    }

    fn keep_stream(&mut self, mut stream: Stream) -> io::Result<Key> {
        if matches!(stream.socket().local()?, Address::Internet(_)) {
            stream.set_nodelay()?;
        }
        stream.register(&self.selector, self.sources.next_key())?;
        Ok(self.sources.insert(Source::Stream(stream)))
    }

    /// Watches a descriptor of the user's for `bits` of READY_….
    ///
    /// # Errors
    /// The operating system's: `EPERM` for a regular file, `EBADF`, `EEXIST`.
    pub fn watch(&mut self, descriptor: std::os::fd::RawFd, bits: u32) -> io::Result<Key> {
        let watch = Watch::new(&self.selector, self.sources.next_key(), descriptor, interest(bits))?;
        Ok(self.sources.insert(Source::Watch(watch)))
    }

    /// The socket of a source, for one more holder.
    #[must_use]
    pub fn socket_of(&self, key: Key) -> Option<Socket> {
        match self.sources.get(key)? {
            Source::Stream(stream) => Some(stream.socket().clone()),
            Source::Listener(listener) => Some(listener.socket().clone()),
            Source::Watch(_) => None,
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
    /// The operating system's (`ENOTCONN` when the peer is gone); `NotFound` when `key` is nothing.
    pub fn addresses(&self, key: Key) -> io::Result<Addresses> {
        match self.sources.get(key) {
            Some(Source::Stream(stream)) => Ok(Addresses {
                local: stream.socket().local()?,
                peer: stream.peer.clone().or_else(|| stream.socket().peer().ok()),
            }),
            Some(Source::Listener(listener)) => {
                Ok(Addresses { local: listener.socket().local()?, peer: None })
            }
            Some(Source::Watch(_)) | None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The descriptor of a source.
    #[must_use]
    pub fn descriptor_of(&self, key: Key) -> Option<std::os::fd::RawFd> {
        match self.sources.get(key)? {
            Source::Stream(stream) => Some(stream.socket().descriptor()),
            Source::Listener(listener) => Some(listener.socket().descriptor()),
            Source::Watch(watch) => Some(watch.descriptor()),
        }
    }

    /// Bytes that wait to be sent on a stream.
    pub fn queued(&mut self, shared: &mut Shared<'_>, key: Key) -> usize {
        self.apply(shared);
        self.stream(key).map_or(0, |stream| stream.queued())
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
