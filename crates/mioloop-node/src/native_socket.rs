//! The user's sockets: one system call a method. What fails gives the negative errno, or throws nothing else.

use crate::convert::{NativeAddress, errno};
use crate::memory::{self, bytes_mut};
use mioloop_core::accept;
use mioloop_core::address::Address;
use mioloop_core::socket::Socket;
use napi::bindgen_prelude::{Buffer, Either, Uint8ArraySlice};
use napi_derive::napi;
use rustix::net::{RecvFlags, recvfrom};
use socket2::{Domain, Protocol, SockAddr, Type};
use std::io::{self, Read};
use std::net::Shutdown;

/// A socket, or a transport's view of its own.
#[napi]
pub struct NativeSocket {
    socket: Socket,
    /// The other end, of an accepted connection.
    peer: Option<Address>,
}

/// A received datagram: how many bytes, and from where.
#[napi(object, object_from_js = false)]
pub struct ReceivedFrom {
    pub count: u32,
    /// None on a connected stream, whose peer is known.
    pub address: Option<NativeAddress>,
}

impl NativeSocket {
    pub fn of(socket: Socket) -> Self {
        Self { socket, peer: None }
    }

    pub fn shared(&self) -> &Socket {
        &self.socket
    }

    fn with<T>(&self, call: impl FnOnce(&socket2::Socket) -> io::Result<T>) -> io::Result<T> {
        call(&*self.socket.get()?)
    }

    /// A signal that comes while the call waits is none of its business.
    fn uninterrupted<T>(&self, mut call: impl FnMut(&socket2::Socket) -> io::Result<T>) -> io::Result<T> {
        let socket = self.socket.get()?;
        loop {
            match call(&socket) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

/// A new socket that blocks and is not inherited by children, or an errno.
#[napi]
pub fn open_socket(family: i32, kind: i32, protocol: i32) -> Either<NativeSocket, i32> {
    match socket2::Socket::new(Domain::from(family), Type::from(kind), Some(Protocol::from(protocol))) {
        Ok(socket) => Either::A(NativeSocket::of(socket.into())),
        Err(error) => Either::B(-errno(&error)),
    }
}

/// A socket that is closed already, to look at.
#[napi]
pub fn closed_socket() -> NativeSocket {
    NativeSocket::of(Socket::closed())
}

/// Two sockets that are connected with each other, or an errno.
#[napi]
pub fn open_socket_pair(family: i32, kind: i32, protocol: i32) -> Either<Vec<NativeSocket>, i32> {
    match socket2::Socket::pair(Domain::from(family), Type::from(kind), Some(Protocol::from(protocol))) {
        Ok((one, other)) => Either::A(vec![NativeSocket::of(one.into()), NativeSocket::of(other.into())]),
        Err(error) => Either::B(-errno(&error)),
    }
}

/// The socket of a descriptor, which is the socket's from now on; or an errno, and the descriptor stays the caller's.
#[napi]
pub fn adopt_socket(descriptor: i32) -> Either<NativeSocket, i32> {
    match memory::adopt_socket(descriptor) {
        Ok(socket) => Either::A(NativeSocket::of(socket.into())),
        Err(error) => Either::B(-errno(&error)),
    }
}

#[napi]
impl NativeSocket {
    /// The descriptor; -1 when the socket is closed.
    #[napi]
    pub fn fileno(&self) -> i32 {
        self.socket.descriptor()
    }

    /// Closes the socket, for all who hold it.
    #[napi]
    pub fn close(&self) {
        self.socket.close();
    }

    /// Closes the socket for all who hold it and leaves its descriptor open, for the caller; -1 when it was closed.
    #[napi]
    pub fn detach(&self) -> i32 {
        self.socket.take().map_or(-1, std::os::fd::IntoRawFd::into_raw_fd)
    }

    /// Family, type and protocol.
    #[napi]
    pub fn kind(&self) -> Either<Vec<i32>, i32> {
        let kind = self.with(|socket| {
            let family = socket.domain()?;
            let protocol = socket.protocol()?.map_or(0, i32::from);
            Ok(vec![i32::from(family), i32::from(socket.r#type()?), protocol])
        });
        kind.map_or_else(|error| Either::B(-errno(&error)), Either::A)
    }

    #[napi]
    pub fn set_blocking(&self, blocking: bool) -> i32 {
        status(self.with(|socket| socket.set_nonblocking(!blocking)))
    }

    #[napi]
    pub fn is_blocking(&self) -> bool {
        !self.with(socket2::Socket::nonblocking).unwrap_or(false)
    }

    #[napi]
    pub fn bind(&self, address: NativeAddress) -> i32 {
        status(address.to_system().and_then(|address| self.with(|socket| socket.bind(&address))))
    }

    #[napi]
    pub fn listen(&self, backlog: i32) -> i32 {
        status(self.with(|socket| socket.listen(backlog)))
    }

    /// 0, or a negative errno (`EINPROGRESS` when the connection is on its way, `EINTR` too).
    #[napi]
    pub fn connect(&self, address: NativeAddress) -> i32 {
        status(address.to_system().and_then(|address| self.with(|socket| socket.connect(&address))))
    }

    /// Whether the connection that `connect` began stands: 0, `EINPROGRESS` while it does not, or why it failed; negative
    /// errnos.
    #[napi]
    pub fn connected(&self) -> i32 {
        match self.socket.is_connected() {
            Ok(true) => 0,
            Ok(false) => -libc::EINPROGRESS,
            Err(error) => -errno(&error),
        }
    }

    /// A connection that does not block, or a negative errno.
    #[napi]
    pub fn accept(&self) -> Either<NativeSocket, i32> {
        match self.uninterrupted(accept::accept) {
            Ok((socket, peer)) => Either::A(NativeSocket { socket, peer: Some(peer) }),
            Err(error) => Either::B(-errno(&error)),
        }
    }

    /// The other end as `accept` named it.
    #[napi]
    pub fn accepted_from(&self) -> Option<NativeAddress> {
        self.peer.as_ref().map(NativeAddress::from)
    }

    /// Receives up to `length` bytes to where `offset` is in `buffer`. The number of bytes (0 at the end), or a negative
    /// errno.
    #[napi]
    pub fn recv(&self, mut buffer: Uint8ArraySlice<'_>, offset: u32, length: u32) -> i32 {
        let target = part_mut(&mut buffer, offset, length);
        count(self.uninterrupted(|mut socket| Read::read(&mut socket, target)))
    }

    /// As `recv`, with the sender.
    #[napi]
    pub fn recv_from(
        &self,
        mut buffer: Uint8ArraySlice<'_>,
        offset: u32,
        length: u32,
    ) -> Either<ReceivedFrom, i32> {
        let target = part_mut(&mut buffer, offset, length);
        let received = self.uninterrupted(|socket| Ok(recvfrom(socket, &mut *target, RecvFlags::empty())?));
        match received {
            Ok((_, count, address)) => Either::A(ReceivedFrom {
                count: count as u32,
                address: address.map(|address| NativeAddress::from(&Address::from(&address))),
            }),
            Err(error) => Either::B(-errno(&error)),
        }
    }

    /// The number of bytes that the system took, or a negative errno.
    #[napi]
    pub fn send(&self, data: Uint8ArraySlice<'_>) -> i32 {
        count(self.uninterrupted(|socket| socket.send(&data)))
    }

    /// The number of bytes that the system took, or a negative errno.
    #[napi]
    pub fn send_to(&self, data: Uint8ArraySlice<'_>, address: NativeAddress) -> i32 {
        let sent = address
            .to_system()
            .and_then(|address| self.uninterrupted(|socket| socket.send_to(&data, &address)));
        count(sent)
    }

    /// Sends at most `most` bytes of a file from `offset` on, by one call; the number of bytes (0 at the file's end), or a
    /// negative errno.
    #[napi]
    pub fn send_file(&self, file: i32, offset: f64, most: u32) -> i32 {
        count(memory::lend(file, |file| {
            self.with(|socket| mioloop_core::file::send(socket, file, offset as u64, most as usize))
        }))
    }

    /// `how` is one of `SHUT_…`.
    #[napi]
    pub fn shutdown(&self, how: i32) -> i32 {
        let how = match how {
            libc::SHUT_RD => Shutdown::Read,
            libc::SHUT_WR => Shutdown::Write,
            _ => Shutdown::Both,
        };
        status(self.with(|socket| socket.shutdown(how)))
    }

    /// The address of this end, or a negative errno.
    #[napi]
    pub fn getsockname(&self) -> Either<NativeAddress, i32> {
        address_of(self.with(socket2::Socket::local_addr))
    }

    /// The address of the other end, or a negative errno.
    #[napi]
    pub fn getpeername(&self) -> Either<NativeAddress, i32> {
        address_of(self.with(socket2::Socket::peer_addr))
    }

    /// The value of an option as bytes, `size` of them at most; or a negative errno.
    #[napi]
    pub fn getsockopt(&self, level: i32, name: i32, size: u32) -> Either<Buffer, i32> {
        match self.with(|socket| memory::socket_option(socket, level, name, size as usize)) {
            Ok(value) => Either::A(value.into()),
            Err(error) => Either::B(-errno(&error)),
        }
    }

    /// Sets an option to a value in bytes; 0, or a negative errno.
    #[napi]
    pub fn setsockopt(&self, level: i32, name: i32, value: Uint8ArraySlice<'_>) -> i32 {
        status(self.with(|socket| memory::set_socket_option(socket, level, name, &value)))
    }
}

/// The part of a user's array that is to be filled; none of it where the array is shorter.
fn part_mut<'a>(array: &'a mut Uint8ArraySlice<'_>, offset: u32, length: u32) -> &'a mut [u8] {
    let start = offset as usize;
    bytes_mut(array).get_mut(start..start + length as usize).unwrap_or_default()
}

fn status(result: io::Result<()>) -> i32 {
    result.map_or_else(|error| -errno(&error), |()| 0)
}

fn count(result: io::Result<usize>) -> i32 {
    result.map_or_else(|error| -errno(&error), |count| count as i32)
}

fn address_of(result: io::Result<SockAddr>) -> Either<NativeAddress, i32> {
    match result {
        Ok(address) => Either::A(NativeAddress::from(&Address::from(&address))),
        Err(error) => Either::B(-errno(&error)),
    }
}
