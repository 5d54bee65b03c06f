//! A listening socket: bound first, serving when asked, and accepting in portions.

use crate::selector::Selector;
use crate::tokens::Key;
use mio::Interest;
use mio::net::{TcpListener, TcpStream};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use std::io;
use std::net::SocketAddr;

/// Options of a listening socket.
#[derive(Clone, Copy, Debug)]
pub struct ListenOptions {
    /// Length of the kernel's queue of connections, and how many one turn accepts at most.
    pub backlog: u32,
    pub reuse_address: bool,
    pub reuse_port: bool,
}

/// What one attempt to accept gave.
#[derive(Debug)]
pub enum AcceptOutcome {
    Accepted(TcpStream, SocketAddr),
    /// Nothing now; the selector will tell.
    Blocked,
    /// As a rule: the process or the system has no descriptor or memory left for a connection.
    Failed(io::Error),
}

/// A TCP listener.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    options: ListenOptions,
    serving: bool,
    /// The kernel's queue was not emptied since it was last reported.
    pub unfinished: bool,
    /// Out of resources: accepts nothing before it is told to try again.
    pub resting: bool,
    /// In the driver's line of sources that wait for their next turn.
    pub in_line: bool,
}

impl Listener {
    /// Binds to `address`; port 0 lets the system choose. Nothing is accepted before `serve`.
    ///
    /// # Errors
    /// The operating system's (`EADDRINUSE`, `EACCES`, …).
    pub fn bind(address: SocketAddr, options: ListenOptions) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        if options.reuse_address {
            socket.set_reuse_address(true)?;
        }
        #[cfg(unix)]
        if options.reuse_port {
            socket.set_reuse_port(true)?;
        }
        if address.is_ipv6() {
            // As asyncio: a server on `::` must leave the port free for one on `0.0.0.0`.
            socket.set_only_v6(true)?;
        }
        socket.bind(&address.into())?;
        let socket = TcpListener::from_std(socket.into());
        Ok(Self { socket, options, serving: false, unfinished: false, resting: false, in_line: false })
    }

    /// Listens and watches the socket under `key`.
    ///
    /// # Errors
    /// The operating system's (`EADDRINUSE` when another socket serves the port by now).
    pub fn serve(&mut self, selector: &Selector, key: Key) -> io::Result<()> {
        if self.serving {
            return Ok(());
        }
        let backlog = i32::try_from(self.options.backlog).unwrap_or(i32::MAX);
        SockRef::from(&self.socket).listen(backlog)?;
        selector.register(&mut self.socket, key, Interest::READABLE)?;
        self.serving = true;
        Ok(())
    }

    /// Ends watching; the socket closes with the listener.
    pub fn deregister(&mut self, selector: &Selector) {
        if self.serving {
            // It fails only for a socket that is not registered; then there is nothing to end.
            let _ = selector.deregister(&mut self.socket);
        }
    }

    /// How many connections one turn accepts at most.
    #[must_use]
    pub fn portion(&self) -> u32 {
        self.options.backlog.max(1)
    }

    /// The socket, to ask it for its address or descriptor.
    #[must_use]
    pub fn socket(&self) -> &TcpListener {
        &self.socket
    }

    /// Accepts one connection.
    pub fn accept(&mut self) -> AcceptOutcome {
        loop {
            match self.socket.accept() {
                Ok((stream, peer)) => return AcceptOutcome::Accepted(stream, peer),
                Err(error) => match error.kind() {
                    // The peer gave up while it waited, or a signal came: the next one.
                    io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted => {}
                    io::ErrorKind::WouldBlock => {
                        self.unfinished = false;
                        return AcceptOutcome::Blocked;
                    }
                    _ => return AcceptOutcome::Failed(error),
                },
            }
        }
    }
}
