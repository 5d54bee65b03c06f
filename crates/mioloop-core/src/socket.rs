//! A socket with several holders: the user's object, the view that a transport gives of it, and the source
//! that serves it. It is open until one of them closes it, and closed for all of them then.

use crate::address::Address;
use socket2::{Domain, Protocol, Type};
use std::cell::{Ref, RefCell};
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::rc::Rc;

/// A handle of a shared socket.
#[derive(Clone, Debug)]
pub struct Socket {
    shared: Rc<RefCell<Option<socket2::Socket>>>,
}

impl From<socket2::Socket> for Socket {
    fn from(socket: socket2::Socket) -> Self {
        Self { shared: Rc::new(RefCell::new(Some(socket))) }
    }
}

impl Socket {
    /// A socket that is closed already.
    #[must_use]
    pub fn closed() -> Self {
        Self { shared: Rc::default() }
    }

    /// A new socket that does not block and is not inherited by children.
    ///
    /// # Errors
    /// The operating system's.
    pub fn open(domain: Domain, kind: Type, protocol: Option<Protocol>) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        {
            // One call instead of three.
            Ok(socket2::Socket::new(domain, kind.nonblocking(), protocol)?.into())
        }
        #[cfg(not(target_os = "linux"))]
        {
            let socket = socket2::Socket::new(domain, kind, protocol)?;
            socket.set_nonblocking(true)?;
            Ok(socket.into())
        }
    }

    /// The socket, for the length of one call.
    ///
    /// # Errors
    /// `EBADF` when it is closed.
    pub fn get(&self) -> io::Result<Ref<'_, socket2::Socket>> {
        Ref::filter_map(self.shared.borrow(), Option::as_ref).map_err(|_| rustix::io::Errno::BADF.into())
    }

    /// The descriptor; -1 when the socket is closed.
    #[must_use]
    pub fn descriptor(&self) -> RawFd {
        self.shared.borrow().as_ref().map_or(-1, AsRawFd::as_raw_fd)
    }

    /// Whether a connection that was begun stands by now.
    ///
    /// # Errors
    /// Why it does not: the operating system's (`ECONNREFUSED`, `ETIMEDOUT`, …).
    pub fn is_connected(&self) -> io::Result<bool> {
        let socket = self.get()?;
        if let Some(error) = socket.take_error()? {
            return Err(error);
        }
        match socket.peer_addr() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Closes the socket for all who hold it.
    pub fn close(&self) {
        drop(self.take());
    }

    /// Takes the socket out: closed for all who hold it, and open for the caller.
    #[must_use]
    pub fn take(&self) -> Option<socket2::Socket> {
        self.shared.borrow_mut().take()
    }

    /// The address of this end.
    ///
    /// # Errors
    /// The operating system's.
    pub fn local(&self) -> io::Result<Address> {
        Ok(Address::from(&self.get()?.local_addr()?))
    }

    /// The address of the other end.
    ///
    /// # Errors
    /// The operating system's (`ENOTCONN` when there is none).
    pub fn peer(&self) -> io::Result<Address> {
        Ok(Address::from(&self.get()?.peer_addr()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_by_one_is_closed_for_all() {
        let socket = Socket::open(Domain::IPV4, Type::STREAM, None).unwrap();
        let other = socket.clone();
        assert!(other.descriptor() >= 0);
        socket.close();
        assert_eq!(other.descriptor(), -1);
        assert_eq!(other.local().unwrap_err().raw_os_error(), Some(rustix::io::Errno::BADF.raw_os_error()));
    }

    #[test]
    fn what_is_taken_out_stays_open() {
        let socket = Socket::open(Domain::IPV4, Type::DGRAM, None).unwrap();
        let taken = socket.take().unwrap();
        assert_eq!(socket.descriptor(), -1);
        taken.local_addr().unwrap();
    }
}
