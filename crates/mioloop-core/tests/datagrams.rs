//! Datagram endpoints with real sockets; the other end is the standard library's.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use mioloop_core::address::Address;
use mioloop_core::layout::*;
use mioloop_core::socket::Socket;
use mioloop_core::tokens::Key;
use rustix::io::Errno;
use socket2::{Domain, SockAddr, Type};
use std::net::{SocketAddr, UdpSocket};
use std::os::unix::net::UnixDatagram;
use support::{Bench, Told, kinds};

const ANY: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

fn adopt(bench: &mut Bench, socket: impl Into<socket2::Socket>) -> Key {
    let socket: socket2::Socket = socket.into();
    socket.set_nonblocking(true).unwrap();
    let key = bench.driver.adopt_endpoint(&Socket::from(socket)).unwrap();
    bench.submit(SUBMIT_RESUME, key, 0, 0);
    bench.apply();
    key
}

fn endpoint(bench: &mut Bench) -> (Key, SocketAddr) {
    let socket = UdpSocket::bind(SocketAddr::from(ANY)).unwrap();
    let address = socket.local_addr().unwrap();
    (adopt(bench, socket), address)
}

fn stranger() -> UdpSocket {
    UdpSocket::bind(SocketAddr::from(ANY)).unwrap()
}

fn unix_pair() -> (socket2::Socket, UnixDatagram) {
    let (ours, theirs) = UnixDatagram::pair().unwrap();
    theirs.set_nonblocking(true).unwrap();
    (ours.into(), theirs)
}

fn pattern(count: usize, seed: usize) -> Vec<u8> {
    (0..count).map(|n| ((n + seed) * 31 % 251) as u8).collect()
}

fn datagrams(told: &[Told]) -> Vec<Vec<u8>> {
    told.iter().filter(|told| told.kind == COMPLETE_DATAGRAM).map(|told| told.bytes.clone()).collect()
}

/// Turns until `count` datagrams have come.
fn receive(bench: &mut Bench, count: usize) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while all.len() < count {
        all.extend(datagrams(&bench.until(COMPLETE_DATAGRAM)));
    }
    all
}

#[test]
fn a_datagram_comes_with_its_sender_and_is_answered() {
    let mut bench = Bench::new();
    let (key, address) = endpoint(&mut bench);
    let stranger = stranger();
    stranger.send_to(b"hello", address).unwrap();
    let told = bench.until(COMPLETE_DATAGRAM);
    assert_eq!(datagrams(&told), [b"hello"]);
    let sender = bench.sender(&told[0]).unwrap();
    assert_eq!(sender, stranger.local_addr().unwrap().into());
    bench.submit_datagram(key, b"good", Some(&sender));
    bench.submit_datagram(key, b"", Some(&sender));
    bench.submit_datagram(key, b"bye", Some(&sender));
    bench.apply();
    let mut answer = [0; 100];
    for expected in [&b"good"[..], b"", b"bye"] {
        let count = stranger.recv(&mut answer).unwrap();
        assert_eq!(&answer[..count], expected);
    }
}

#[test]
fn ipv6_goes_both_ways() {
    let mut bench = Bench::new();
    let Ok(socket) = UdpSocket::bind("[::1]:0") else { return };
    let address = socket.local_addr().unwrap();
    let key = adopt(&mut bench, socket);
    let stranger = UdpSocket::bind("[::1]:0").unwrap();
    stranger.send_to(b"six", address).unwrap();
    let told = bench.until(COMPLETE_DATAGRAM);
    let sender = bench.sender(&told[0]).unwrap();
    assert_eq!(sender, stranger.local_addr().unwrap().into());
    bench.submit_datagram(key, b"one", Some(&sender));
    bench.submit_datagram(key, b"two", Some(&sender));
    bench.apply();
    let mut answer = [0; 100];
    for expected in [b"one", b"two"] {
        let count = stranger.recv(&mut answer).unwrap();
        assert_eq!(&answer[..count], expected);
    }
}

#[test]
fn nothing_is_cut_however_large_and_small_ones_mix() {
    let mut bench = Bench::new();
    let (_, address) = endpoint(&mut bench);
    let stranger = stranger();
    for round in 0..3 {
        let sent: Vec<_> =
            [1, 65_507, 0, 9_000, 1].iter().map(|&size: &usize| pattern(size, round)).collect();
        for data in &sent {
            stranger.send_to(data, address).unwrap();
        }
        assert_eq!(receive(&mut bench, sent.len()), sent);
    }
}

#[test]
fn a_burst_comes_whole_in_order_and_in_few_turns() {
    let mut bench = Bench::new();
    let (_, address) = endpoint(&mut bench);
    let stranger = stranger();
    // Less than a socket's buffer takes: what is beyond is lost, as datagrams are.
    let sent: Vec<_> = (0..200).map(|number| pattern(100, number)).collect();
    for data in &sent {
        stranger.send_to(data, address).unwrap();
    }
    let mut all = Vec::new();
    let mut turns = 0;
    while all.len() < sent.len() {
        all.extend(datagrams(&bench.turn(POLL_NOW)));
        turns += 1;
    }
    assert!(all == sent);
    assert!(turns <= 10, "{turns} turns");
}

#[test]
fn nothing_is_received_before_reading_starts_or_after_it_ends() {
    let mut bench = Bench::new();
    let (key, address) = endpoint(&mut bench);
    bench.submit(SUBMIT_PAUSE, key, 0, 0);
    let stranger = stranger();
    stranger.send_to(b"kept", address).unwrap();
    for _ in 0..5 {
        assert!(bench.turn(POLL_NOW).is_empty());
    }
    bench.submit(SUBMIT_RESUME, key, 0, 0);
    assert_eq!(receive(&mut bench, 1), [b"kept"]);
}

#[test]
fn a_refusal_is_told_and_the_endpoint_goes_on() {
    let mut bench = Bench::new();
    let nobody = stranger().local_addr().unwrap();
    let socket = stranger();
    socket.connect(nobody).unwrap();
    let ours = socket.local_addr().unwrap();
    let key = adopt(&mut bench, socket);
    bench.submit_datagram(key, b"anybody?", None);
    let told = bench.until(COMPLETE_RECEIVE_FAILED);
    assert_eq!(told[0].detail, Errno::CONNREFUSED.raw_os_error() as u32);
    let stranger = UdpSocket::bind(nobody).unwrap();
    stranger.send_to(b"now", ours).unwrap();
    assert_eq!(receive(&mut bench, 1), [b"now"]);
}

#[test]
fn what_cannot_be_sent_is_told_and_the_others_are_sent() {
    let mut bench = Bench::new();
    let (key, _) = endpoint(&mut bench);
    let stranger = stranger();
    let there = stranger.local_addr().unwrap().into();
    let nowhere = Address::Internet("[::1]:9".parse().unwrap());
    bench.submit_datagram(key, b"first", Some(&there));
    bench.submit_datagram(key, b"lost", Some(&nowhere));
    bench.submit_datagram(key, b"second", Some(&there));
    bench.send_now(key, &pattern(65_508, 0), Some(&there));
    let told = bench.turn(POLL_NOW);
    assert!(kinds(&told).iter().all(|&kind| kind == COMPLETE_UNSENT));
    let unsent = bench.unsent(key);
    let what: Vec<_> = unsent.iter().map(|unsent| (unsent.error.raw_os_error(), &unsent.to)).collect();
    assert_eq!(
        what,
        [
            (Some(Errno::AFNOSUPPORT.raw_os_error()), &Some(nowhere)),
            (Some(Errno::MSGSIZE.raw_os_error()), &Some(there))
        ]
    );
    assert!(bench.unsent(key).is_empty());
    let mut answer = [0; 100];
    for expected in [&b"first"[..], b"second"] {
        let count = stranger.recv(&mut answer).unwrap();
        assert_eq!(&answer[..count], expected);
    }
}

#[test]
fn a_full_receiver_makes_datagrams_wait_and_all_come_in_order() {
    let mut bench = Bench::new();
    let (ours, theirs) = unix_pair();
    let key = adopt(&mut bench, ours);
    let sent: Vec<_> = (0..1000).map(|number| pattern(20, number)).collect();
    for data in &sent {
        bench.submit_datagram(key, data, None);
    }
    bench.apply();
    let waiting = bench.buffered[key.slot as usize];
    assert!(waiting > 0.0 && waiting % 28.0 == 0.0, "{waiting} bytes wait");
    bench.submit(SUBMIT_NOTIFY_LOW, key, 0, 280);
    bench.submit(SUBMIT_NOTIFY_DRAINED, key, 0, 0);
    let mut all = Vec::new();
    let mut told = Vec::new();
    let mut buffer = [0; 100];
    while !kinds(&told).contains(&COMPLETE_DRAINED) {
        while let Ok(count) = theirs.recv(&mut buffer) {
            all.push(buffer[..count].to_vec());
        }
        told.extend(bench.turn(POLL_NOW));
    }
    while let Ok(count) = theirs.recv(&mut buffer) {
        all.push(buffer[..count].to_vec());
    }
    assert_eq!(kinds(&told), [COMPLETE_LOW, COMPLETE_DRAINED]);
    assert_eq!(bench.buffered[key.slot as usize], 0.0);
    assert!(all == sent);
}

#[test]
#[cfg(target_os = "linux")]
fn a_receiver_full_of_others_datagrams_is_tried_again_when_asked() {
    let mut bench = Bench::new();
    let name = Address::Unix(format!("\0mioloop-core-{}", std::process::id()).into_bytes().into());
    let receiver = socket2::Socket::new(Domain::UNIX, Type::DGRAM, None).unwrap();
    receiver.bind(&name.to_system().unwrap()).unwrap();
    receiver.set_nonblocking(true).unwrap();
    let other = socket2::Socket::new(Domain::UNIX, Type::DGRAM, None).unwrap();
    other.set_nonblocking(true).unwrap();
    while other.send_to(b"other", &name.to_system().unwrap()).is_ok() {}
    let key = adopt(&mut bench, UnixDatagram::unbound().unwrap());
    bench.submit_datagram(key, b"ours", Some(&name));
    assert_eq!(kinds(&bench.turn(POLL_NOW)), [COMPLETE_STALLED]);
    assert_eq!(bench.buffered[key.slot as usize], 12.0);
    let receiver: UnixDatagram = std::os::fd::OwnedFd::from(receiver).into();
    let mut buffer = [0; 100];
    let mut received = Vec::new();
    while let Ok((count, _)) = receiver.recv_from(&mut buffer) {
        received.push(buffer[..count].to_vec());
    }
    assert!(received.iter().all(|data| data == b"other"));
    bench.submit(SUBMIT_SEND_AGAIN, key, 0, 0);
    assert!(bench.turn(POLL_NOW).is_empty());
    assert_eq!(bench.buffered[key.slot as usize], 0.0);
    let (count, from) = receiver.recv_from(&mut buffer).unwrap();
    assert_eq!((&buffer[..count], from.is_unnamed()), (&b"ours"[..], true));
}

#[test]
#[cfg(target_os = "linux")]
fn unix_senders_have_names_abstract_names_or_none() {
    let mut bench = Bench::new();
    let folder = std::env::temp_dir().join(format!("mioloop-core-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("ours");
    let ours = UnixDatagram::bind(&path).unwrap();
    let key = adopt(&mut bench, ours);
    let named = UnixDatagram::bind(folder.join("theirs")).unwrap();
    let hidden = socket2::Socket::new(Domain::UNIX, Type::DGRAM, None).unwrap();
    let abstract_name = format!("\0mioloop-core-{}-hidden", std::process::id());
    hidden.bind(&SockAddr::unix(&abstract_name).unwrap()).unwrap();
    let hidden: UnixDatagram = std::os::fd::OwnedFd::from(hidden).into();
    let unnamed = UnixDatagram::unbound().unwrap();
    for (sender, text) in [(&named, "named"), (&hidden, "hidden"), (&unnamed, "unnamed")] {
        sender.send_to(text.as_bytes(), &path).unwrap();
    }
    let told = bench.until(COMPLETE_DATAGRAM);
    assert_eq!(datagrams(&told), [&b"named"[..], b"hidden", b"unnamed"]);
    let senders: Vec<_> = told.iter().map(|told| bench.sender(told)).collect();
    let theirs = folder.join("theirs").into_os_string().into_encoded_bytes();
    assert_eq!(senders[0], Some(Address::Unix(theirs.into())));
    assert_eq!(senders[1], Some(Address::Unix(abstract_name.into_bytes().into())));
    assert!(matches!(&senders[2], None | Some(Address::Unix(_))), "{:?}", senders[2]);
    bench.submit_datagram(key, b"back", senders[0].as_ref());
    bench.apply();
    let mut buffer = [0; 100];
    assert_eq!(named.recv(&mut buffer).unwrap(), 4);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_unix_datagram_beyond_its_room_is_an_error_and_the_next_one_comes() {
    let mut bench = Bench::new();
    let (ours, theirs) = unix_pair();
    socket2::SockRef::from(&theirs).set_send_buffer_size(1 << 20).unwrap();
    adopt(&mut bench, ours);
    let whole = pattern(256 * 1024, 1);
    theirs.send(&whole).unwrap();
    assert!(receive(&mut bench, 1) == [whole]);
    theirs.send(&pattern(300_000, 2)).unwrap();
    theirs.send(b"next").unwrap();
    let told = bench.turn(POLL_NOW);
    assert_eq!(kinds(&told), [COMPLETE_RECEIVE_FAILED, COMPLETE_DATAGRAM]);
    assert_eq!(told[0].detail, Errno::MSGSIZE.raw_os_error() as u32);
    assert_eq!(datagrams(&told), [b"next"]);
}

#[test]
fn flooded_endpoints_keep_no_other_waiting() {
    let mut bench = Bench::new();
    let stranger = stranger();
    let flood = |address| {
        for _ in 0..100 {
            stranger.send_to(&[1; 50], address).unwrap();
        }
    };
    let (one, first) = endpoint(&mut bench);
    let (two, second) = endpoint(&mut bench);
    let (three, third) = endpoint(&mut bench);
    flood(first);
    flood(second);
    stranger.send_to(b"me, too", third).unwrap();
    let mut served = Vec::new();
    for _ in 0..3 {
        let mut told: Vec<_> = bench.turn(POLL_NOW).iter().map(|told| told.key).collect();
        told.dedup();
        served.push(told);
    }
    assert_eq!(served, [vec![one, two], vec![three, one, two], vec![one, two]]);
}

#[test]
fn datagrams_that_leave_wake_nobody() {
    let mut bench = Bench::new();
    let (key, _) = endpoint(&mut bench);
    let stranger = stranger();
    let there = stranger.local_addr().unwrap().into();
    bench.turn(POLL_NOW);
    bench.submit_datagram(key, b"away", Some(&there));
    bench.apply();
    let mut poll = mio::Poll::new().unwrap();
    let descriptor = bench.driver.descriptor();
    let source = &mut mio::unix::SourceFd(&descriptor);
    poll.registry().register(source, mio::Token(0), mio::Interest::READABLE).unwrap();
    let mut events = mio::Events::with_capacity(1);
    poll.poll(&mut events, Some(std::time::Duration::ZERO)).unwrap();
    assert!(events.is_empty(), "the selector has something to tell");
}
