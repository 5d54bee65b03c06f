//! Where connections come from: several addresses of 127/8, since one has too few ports for a million connections.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddrV4};

use socket2::{Domain, SockAddr, Socket, Type};

/// Ports below those that the system gives to others by itself.
const FIRST_PORT: u16 = 2_000;
const PORTS: u64 = 30_000;
/// Ports in a row that may be taken by others.
const TRIES: u64 = 1_000;
/// 127.0.0.1 is left to everyone else.
const FIRST_HOST: u8 = 2;

/// Takes addresses and ports in turn; each pair once in `addresses` × 30,000 connections.
#[derive(Debug)]
pub struct Sources {
    /// 0: the system chooses.
    addresses: u8,
    taken: u64,
}

impl Sources {
    pub fn new(addresses: u8) -> Self {
        // A run begins elsewhere than the last one, whose ports the system may still keep.
        Self { addresses, taken: u64::from(std::process::id()) * 7_919 }
    }

    /// Begins a connection to 127.0.0.1; a non-blocking one is still under way when this returns.
    pub fn connect(&mut self, port: u16, nonblocking: bool) -> io::Result<Socket> {
        let server = SockAddr::from(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port));
        for _ in 0..TRIES {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            socket.set_tcp_nodelay(true)?;
            socket.set_nonblocking(nonblocking)?;
            let connected = self.bind(&socket).and_then(|()| socket.connect(&server));
            match connected {
                Ok(()) => return Ok(socket),
                Err(error) if is_under_way(&error) => return Ok(socket),
                Err(error) if self.addresses > 0 && is_taken(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(ErrorKind::AddrInUse, format!("{TRIES} ports in a row are taken")))
    }

    fn bind(&mut self, socket: &Socket) -> io::Result<()> {
        if self.addresses == 0 {
            return Ok(());
        }
        socket.set_reuse_address(true)?;
        socket.bind(&SockAddr::from(self.next()))
    }

    fn next(&mut self) -> SocketAddrV4 {
        let addresses = u64::from(self.addresses);
        let host = FIRST_HOST.saturating_add((self.taken % addresses) as u8);
        let port = FIRST_PORT + ((self.taken / addresses) % PORTS) as u16;
        self.taken += 1;
        SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, host), port)
    }
}

fn is_under_way(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock
        || error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error())
}

/// By another program, or by a connection that ended a short while ago.
fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_pair_comes_twice_before_all_have_come() {
        let mut sources = Sources::new(3);
        let pairs: HashSet<SocketAddrV4> = (0..3 * PORTS).map(|_| sources.next()).collect();
        assert_eq!(pairs.len() as u64, 3 * PORTS);
        assert!(pairs.contains(&sources.next()));
    }
}
