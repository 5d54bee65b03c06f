//! Many datagrams by one system call where the system has it (`recvmmsg`, `sendmmsg`: Linux, for the internet), by one
//! call each elsewhere.

use crate::address::Address;
use crate::address_block;
use crate::layout::ADDRESS_BYTES;
use rustix::net::{RecvFlags, SendFlags, SocketAddrAny};
use std::io::{self, ErrorKind, IoSlice};

/// A datagram that was received into a slot: its sender's address is at the slot's beginning, it is `ADDRESS_BYTES` behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub length: usize,
    /// It was longer than its slot.
    pub truncated: bool,
}

/// What a batch has received, in order, and the error that ended it, if one did. One that did not fill its slots has
/// found nothing more.
#[derive(Debug, Default)]
pub struct Batch {
    pub arrivals: Vec<Arrival>,
    pub error: Option<io::Error>,
}

/// A datagram to send. Without an address it goes where the socket is connected to.
#[derive(Debug)]
pub struct Outgoing<'a> {
    pub data: IoSlice<'a>,
    pub to: Option<SocketAddrAny>,
}

/// Receives batches. It keeps what the system call needs.
#[derive(Debug, Default)]
pub struct Receiver {
    batch: Batch,
    #[cfg(target_os = "linux")]
    headers: many::Headers,
}

impl Receiver {
    /// Receives into `slab`, one datagram into each `slot_bytes` of it. `family` is the socket's, as `AF_…`.
    pub fn receive(
        &mut self,
        socket: &socket2::Socket,
        family: i32,
        slab: &mut [u8],
        slot_bytes: usize,
    ) -> &Batch {
        self.batch.arrivals.clear();
        self.batch.error = None;
        #[cfg(target_os = "linux")]
        match family {
            libc::AF_INET => self.headers.receive_ipv4(socket, slab, slot_bytes, &mut self.batch),
            libc::AF_INET6 => self.headers.receive_ipv6(socket, slab, slot_bytes, &mut self.batch),
            // `recvmmsg` of nix does not tell a sender without a name from the one before it.
            _ => receive_singly(socket, slab, slot_bytes, &mut self.batch),
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = family;
            receive_singly(socket, slab, slot_bytes, &mut self.batch);
        }
        &self.batch
    }
}

fn receive_singly(socket: &socket2::Socket, slab: &mut [u8], slot_bytes: usize, batch: &mut Batch) {
    for slot in slab.chunks_exact_mut(slot_bytes) {
        let (block, room) = slot.split_at_mut(ADDRESS_BYTES as usize);
        let room_bytes = room.len();
        match rustix::net::recvfrom(socket, room, RecvFlags::TRUNC) {
            Ok((_, length, from)) => {
                address_block::write(&from.map_or(Address::Other(0), |from| (&from).into()), block);
                let truncated = length > room_bytes;
                batch.arrivals.push(Arrival { length: length.min(room_bytes), truncated });
            }
            Err(error) => return batch.error = Some(error.into()),
        }
    }
}

/// Sends `datagrams` in order; returns how many the system took, which is at least one.
///
/// # Errors
/// The operating system's for the first of them; nothing was sent then.
pub fn send(socket: &socket2::Socket, datagrams: &[Outgoing<'_>]) -> io::Result<usize> {
    #[cfg(target_os = "linux")]
    if datagrams.len() > 1 {
        return retried(|| many::send(socket, datagrams));
    }
    let mut sent = 0;
    for datagram in datagrams {
        match retried(|| send_one(socket, datagram)) {
            Ok(_) => sent += 1,
            Err(error) if sent == 0 => return Err(error),
            // It is told when its datagram is the first.
            Err(_) => break,
        }
    }
    Ok(sent)
}

fn send_one(socket: &socket2::Socket, datagram: &Outgoing<'_>) -> io::Result<usize> {
    let Outgoing { data, to } = datagram;
    Ok(match to {
        Some(to) => rustix::net::sendto(socket, data, SendFlags::empty(), to)?,
        None => rustix::net::send(socket, data, SendFlags::empty())?,
    })
}

fn retried<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(target_os = "linux")]
mod many {
    use super::{Arrival, Batch, Outgoing};
    use crate::address::Address;
    use crate::address_block;
    use crate::layout::{ADDRESS_BYTES, DATAGRAM_SLOTS};
    use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrIn, SockaddrIn6, SockaddrLike, recvmmsg};
    use rustix::net::{MMsgHdr, SendAncillaryBuffer, SendFlags, sendmmsg};
    use std::io::{self, IoSliceMut};
    use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
    use std::os::fd::AsRawFd;

    /// Headers for `recvmmsg`, with room for addresses of one family each: the system cuts the room to what it used.
    #[derive(Debug, Default)]
    pub struct Headers {
        ipv4: Option<MultiHeaders<SockaddrIn>>,
        ipv6: Option<MultiHeaders<SockaddrIn6>>,
    }

    impl Headers {
        pub fn receive_ipv4(
            &mut self,
            socket: &socket2::Socket,
            slab: &mut [u8],
            slot_bytes: usize,
            batch: &mut Batch,
        ) {
            let headers = self.ipv4.get_or_insert_with(new_headers);
            receive(socket, headers, slab, slot_bytes, batch, |from| SocketAddrV4::from(from).into());
        }

        pub fn receive_ipv6(
            &mut self,
            socket: &socket2::Socket,
            slab: &mut [u8],
            slot_bytes: usize,
            batch: &mut Batch,
        ) {
            let headers = self.ipv6.get_or_insert_with(new_headers);
            receive(socket, headers, slab, slot_bytes, batch, |from| SocketAddrV6::from(from).into());
        }
    }

    fn new_headers<S: Copy + SockaddrLike>() -> MultiHeaders<S> {
        MultiHeaders::preallocate(DATAGRAM_SLOTS as usize, None)
    }

    fn receive<S: Copy + SockaddrLike>(
        socket: &socket2::Socket,
        headers: &mut MultiHeaders<S>,
        slab: &mut [u8],
        slot_bytes: usize,
        batch: &mut Batch,
        name: impl Fn(S) -> SocketAddr,
    ) {
        let (mut blocks, mut rooms): (Vec<_>, Vec<_>) = slab
            .chunks_exact_mut(slot_bytes)
            .map(|slot| slot.split_at_mut(ADDRESS_BYTES as usize))
            .map(|(block, room)| (block, [IoSliceMut::new(room)]))
            .unzip();
        match recvmmsg(socket.as_raw_fd(), headers, rooms.iter_mut(), MsgFlags::empty(), None) {
            Ok(received) => {
                for (message, block) in received.zip(&mut blocks) {
                    let from = message.address.map_or(Address::Other(0), |from| name(from).into());
                    address_block::write(&from, block);
                    let truncated = message.flags.contains(MsgFlags::MSG_TRUNC);
                    batch.arrivals.push(Arrival { length: message.bytes, truncated });
                }
            }
            Err(error) => batch.error = Some(error.into()),
        }
    }

    /// As many as the system takes by one call.
    pub fn send(socket: &socket2::Socket, datagrams: &[Outgoing<'_>]) -> io::Result<usize> {
        let mut controls: Vec<_> = datagrams.iter().map(|_| SendAncillaryBuffer::default()).collect();
        let mut messages: Vec<_> = datagrams
            .iter()
            .zip(&mut controls)
            .map(|(Outgoing { data, to }, control)| {
                let data = std::slice::from_ref(data);
                match to {
                    Some(to) => MMsgHdr::new_with_addr(to, data, control),
                    None => MMsgHdr::new(data, control),
                }
            })
            .collect();
        Ok(sendmmsg(socket, &mut messages, SendFlags::empty())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;

    const SLOT_BYTES: usize = ADDRESS_BYTES as usize + 70_000;

    fn sockets() -> (socket2::Socket, UdpSocket) {
        let ours = UdpSocket::bind("127.0.0.1:0").unwrap();
        ours.set_nonblocking(true).unwrap();
        let theirs = UdpSocket::bind("127.0.0.1:0").unwrap();
        theirs.connect(ours.local_addr().unwrap()).unwrap();
        (ours.into(), theirs)
    }

    fn contents(batch: &Batch, slab: &[u8]) -> Vec<(Option<Address>, Vec<u8>)> {
        let slots = slab.chunks(SLOT_BYTES).zip(&batch.arrivals);
        slots
            .map(|(slot, arrival)| {
                let (block, room) = slot.split_at(ADDRESS_BYTES as usize);
                (address_block::read(block), room[..arrival.length].to_vec())
            })
            .collect()
    }

    #[test]
    fn both_ways_receive_the_same() {
        let (ours, theirs) = sockets();
        let sent = [vec![1; 10], Vec::new(), vec![2; 65_507], vec![3; 1]];
        let from = Some(Address::from(theirs.local_addr().unwrap()));
        let expected: Vec<_> = sent.iter().map(|data| (from.clone(), data.clone())).collect();
        let mut slab = vec![0; 6 * SLOT_BYTES];
        let mut receiver = Receiver::default();
        for data in &sent {
            theirs.send(data).unwrap();
        }
        let batch = receiver.receive(&ours, libc::AF_INET, &mut slab, SLOT_BYTES);
        assert!(contents(batch, &slab) == expected);
        for data in &sent {
            theirs.send(data).unwrap();
        }
        let mut batch = Batch::default();
        receive_singly(&ours, &mut slab, SLOT_BYTES, &mut batch);
        assert!(contents(&batch, &slab) == expected);
        assert_eq!(batch.error.map(|error| error.kind()), Some(ErrorKind::WouldBlock));
    }

    #[test]
    fn a_cut_datagram_is_marked_in_both_ways() {
        let (ours, theirs) = sockets();
        let slot_bytes = ADDRESS_BYTES as usize + 10;
        let mut slab = vec![0; 2 * slot_bytes];
        let cut = [Arrival { length: 10, truncated: true }, Arrival { length: 10, truncated: false }];
        for singly in [false, true] {
            theirs.send(&[1; 11]).unwrap();
            theirs.send(&[1; 10]).unwrap();
            let mut receiver = Receiver::default();
            if singly {
                receive_singly(&ours, &mut slab, slot_bytes, &mut receiver.batch);
            } else {
                receiver.receive(&ours, libc::AF_INET, &mut slab, slot_bytes);
            }
            let lengths: Vec<_> = receiver.batch.arrivals.iter().map(|arrival| arrival.truncated).collect();
            assert_eq!(lengths, cut.map(|arrival| arrival.truncated));
            assert_eq!(receiver.batch.arrivals[1], cut[1]);
        }
    }

    #[test]
    fn the_first_error_is_an_error_and_a_later_one_ends_the_batch() {
        let (ours, theirs) = sockets();
        let there = Some(SocketAddrAny::from(theirs.local_addr().unwrap()));
        let nowhere = Some(SocketAddrAny::from("[::1]:9".parse::<std::net::SocketAddr>().unwrap()));
        let datagram = |to: &Option<SocketAddrAny>| Outgoing { data: IoSlice::new(b"x"), to: to.clone() };
        let good = [datagram(&there), datagram(&there)];
        let late = [datagram(&there), datagram(&nowhere), datagram(&there)];
        assert_eq!(send(&ours, &good).unwrap(), 2);
        assert_eq!(send(&ours, &late).unwrap(), 1);
        assert!(send(&ours, &late[1..]).is_err());
    }
}
