//! A listening socket: bound first, serving when asked, and accepting in portions.

use crate::address::Address;
use crate::selector::Selector;
use crate::socket::Socket;
use crate::tokens::Key;
use mio::Interest;
use mio::unix::SourceFd;
use socket2::{Domain, Type};
use std::cell::Cell;
use std::io;
use std::rc::Rc;

/// Options of a listening socket.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListenOptions {
    pub reuse_address: bool,
    pub reuse_port: bool,
    /// Connections are probed while they are idle.
    pub keep_alive: bool,
}

/// What one attempt to accept gave.
#[derive(Debug)]
pub enum AcceptOutcome {
    Accepted(Socket, Address),
    /// Nothing now; the selector will tell.
    Blocked,
    /// As a rule: the process or the system has no descriptor or memory left for a connection.
    Failed(io::Error),
}

/// How many connections several listeners may still accept together.
#[derive(Debug)]
pub struct Room {
    pub left: Cell<u32>,
    pub listeners: Box<[Key]>,
}

/// A listener.
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    /// Length of the kernel's queue of connections, and how many one turn accepts at most.
    backlog: u32,
    serving: bool,
    /// The kernel's queue was not emptied since it was last reported.
    pub unfinished: bool,
    /// Out of resources, or paused: accepts nothing before it is told to go on.
    pub resting: bool,
    /// In the driver's line of sources that wait for their next turn.
    pub in_line: bool,
    /// Without one it accepts as many as come.
    pub room: Option<Rc<Room>>,
}

/// A socket bound to `address`, to listen on; port 0 lets the system choose.
///
/// # Errors
/// The operating system's (`EADDRINUSE`, `EACCES`, …).
pub fn bind(address: &Address, options: ListenOptions) -> io::Result<Socket> {
    let socket = Socket::open(Domain::from(address.family()), Type::STREAM, None)?;
    {
        let socket = socket.get()?;
        if options.reuse_address {
            socket.set_reuse_address(true)?;
        }
        if options.reuse_port {
            socket.set_reuse_port(true)?;
        }
        if options.keep_alive {
            socket.set_keepalive(true)?;
        }
        if let Address::Internet(internet) = address
            && internet.is_ipv6()
        {
            // As asyncio: a server on `::` must leave the port free for one on `0.0.0.0`.
            socket.set_only_v6(true)?;
        }
        socket.bind(&address.to_system()?)?;
    }
    Ok(socket)
}

impl Listener {
    /// A listener on a bound `socket`. Nothing is accepted before `serve`.
    #[must_use]
    pub fn new(socket: Socket, backlog: u32) -> Self {
        Self {
            socket,
            backlog,
            serving: false,
            unfinished: false,
            resting: false,
            in_line: false,
            room: None,
        }
    }

    /// Listens and watches the socket under `key`.
    ///
    /// # Errors
    /// The operating system's (`EADDRINUSE` when another socket serves the port by now).
    pub fn serve(&mut self, selector: &Selector, key: Key) -> io::Result<()> {
        if self.serving {
            return Ok(());
        }
        let backlog = i32::try_from(self.backlog).unwrap_or(i32::MAX);
        let socket = self.socket.get()?;
        socket.listen(backlog)?;
        #[cfg(target_os = "linux")]
        if matches!(self.socket.local()?, Address::Internet(_)) {
            // Accepted connections inherit it, so that they need no call of their own.
            socket.set_tcp_nodelay(true)?;
        }
        drop(socket);
        selector.register(&mut SourceFd(&self.socket.descriptor()), key, Interest::READABLE)?;
        self.serving = true;
        Ok(())
    }

    /// Ends watching, and closes the socket.
    pub fn close(&mut self, selector: &Selector) {
        selector.close(&self.socket);
    }

    /// Whether it has begun to listen.
    #[must_use]
    pub fn serving(&self) -> bool {
        self.serving
    }

    /// Whether one more connection may be accepted.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.room.as_ref().is_none_or(|room| room.left.get() > 0)
    }

    /// One more connection has been accepted.
    pub fn take_room(&self) {
        if let Some(room) = &self.room {
            room.left.set(room.left.get().saturating_sub(1));
        }
    }

    /// How many connections one turn accepts at most.
    #[must_use]
    pub fn portion(&self) -> u32 {
        self.backlog.max(1)
    }

    /// The socket, to ask it for its address or descriptor.
    #[must_use]
    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    /// Accepts one connection.
    pub fn accept(&mut self) -> AcceptOutcome {
        loop {
            match self.socket.get().and_then(|socket| accept(&socket)) {
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

/// Accepts a connection that does not block and is not inherited by children: one call where the system has it.
///
/// # Errors
/// The operating system's.
pub fn accept(socket: &socket2::Socket) -> io::Result<(Socket, Address)> {
    #[cfg(target_os = "linux")]
    {
        use rustix::net::{SocketFlags, acceptfrom_with};
        let (descriptor, peer) = acceptfrom_with(socket, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC)?;
        let peer = peer.map_or(Address::Unix([].into()), |peer| Address::from(&peer));
        Ok((socket2::Socket::from(descriptor).into(), peer))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let (accepted, peer) = socket.accept()?;
        accepted.set_nonblocking(true)?;
        Ok((accepted.into(), Address::from(&peer)))
    }
}
