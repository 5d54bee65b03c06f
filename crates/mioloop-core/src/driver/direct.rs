//! The calls that answer at once. Those about a stream's bytes apply what was submitted before them, so that
//! order always holds; opening and asking have no order to keep.

use super::apply::errno;
use super::{Driver, Source};
use crate::accept::{ListenOptions, Listener};
use crate::rings::Shared;
use crate::stream::{ReadOutcome, Stream};
use crate::tokens::Key;
use std::io::{self, IoSlice};
use std::net::{IpAddr, SocketAddr, SocketAddrV6};

/// The two ends of a connection, or a listener's one.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    pub local: SocketAddr,
    pub peer: Option<SocketAddr>,
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
    pub fn bind(&mut self, address: SocketAddr, options: ListenOptions) -> io::Result<Key> {
        let listener = Listener::bind(address, options)?;
        Ok(self.sources.insert(Source::Listener(listener)))
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

    /// Lets a listener that ran out of resources try again, in the next turn.
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

    /// Begins to connect; CONNECTED or CONNECT_FAILED tells the end.
    ///
    /// # Errors
    /// The operating system's, where it knows at once (`ENETUNREACH`, …).
    pub fn connect(&mut self, address: SocketAddr) -> io::Result<Key> {
        let mut stream = Stream::connect(address)?;
        stream.set_nodelay()?;
        stream.register(&self.selector, self.sources.next_key())?;
        Ok(self.sources.insert(Source::Stream(stream)))
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
            Some(Source::Stream(stream)) => {
                let socket = stream.socket();
                Ok(Addresses {
                    local: socket.local_addr()?,
                    peer: stream.peer.or_else(|| socket.peer_addr().ok()),
                })
            }
            Some(Source::Listener(listener)) => {
                Ok(Addresses { local: listener.socket().local_addr()?, peer: None })
            }
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The descriptor of a source.
    #[cfg(unix)]
    #[must_use]
    pub fn descriptor_of(&self, key: Key) -> Option<std::os::fd::RawFd> {
        use std::os::fd::AsRawFd;
        match self.sources.get(key)? {
            Source::Stream(stream) => Some(stream.socket().as_raw_fd()),
            Source::Listener(listener) => Some(listener.socket().as_raw_fd()),
        }
    }

    /// Bytes that wait to be sent on a stream.
    pub fn queued(&mut self, shared: &mut Shared<'_>, key: Key) -> usize {
        self.apply(shared);
        self.stream(key).map_or(0, |stream| stream.queued())
    }

    /// Resolves a name on another thread; the answer comes as a post.
    ///
    /// # Errors
    /// The operating system's, when no thread can be started.
    pub fn resolve(&self, request: u32, host: &str, port: u16, flags: i32) -> io::Result<()> {
        self.resolver.resolve(request, host.to_owned(), port, flags)
    }
}

/// `host` as an address, when it is a literal one. An IPv6 address may have a numeric scope (`fe80::1%2`).
#[must_use]
pub fn literal(host: &str, port: u16) -> Option<SocketAddr> {
    if let Some((address, scope)) = host.split_once('%') {
        let address = address.parse().ok()?;
        return Some(SocketAddrV6::new(address, port, 0, scope.parse().ok()?).into());
    }
    host.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_belongs_to_an_ipv6_literal_only() {
        assert_eq!(literal("fe80::1%2", 9).unwrap().to_string(), "[fe80::1%2]:9");
        assert_eq!(literal("127.0.0.1", 80).unwrap().to_string(), "127.0.0.1:80");
        for host in ["127.0.0.1%2", "fe80::1%lo", "localhost", ""] {
            assert_eq!(literal(host, 1), None);
        }
    }
}
