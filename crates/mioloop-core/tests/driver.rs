//! The driver with real sockets; the other end is the standard library's.

#[cfg(target_os = "linux")]
#[path = "driver/files.rs"]
mod files;
#[cfg(target_os = "linux")]
#[path = "driver/pipes.rs"]
mod pipes;
mod support;
mod watches;

use mioloop_core::address::Address;
use mioloop_core::driver::Received;
use mioloop_core::layout::*;
use mioloop_core::limits::WRITE_CALL_BYTES;
use mioloop_core::tokens::Key;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsRawFd;
use std::thread;
use support::{Bench, bytes, kinds};

pub fn pattern(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n * 31 % 251) as u8).collect()
}

#[test]
fn a_connection_is_accepted_read_and_answered() {
    let mut bench = Bench::new();
    let (key, mut stranger) = bench.connection();
    stranger.write_all(b"hello").unwrap();
    assert_eq!(bytes(&bench.until(COMPLETE_DATA)), b"hello");
    bench.submit_write(key, b"good");
    bench.submit_write(key, b"bye");
    bench.apply();
    let mut answer = [0; 7];
    stranger.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"goodbye");
}

#[test]
fn the_end_of_a_stream_comes_a_turn_after_its_last_bytes() {
    let mut bench = Bench::new();
    let (_, mut stranger) = bench.connection();
    stranger.write_all(b"last words").unwrap();
    stranger.shutdown(Shutdown::Write).unwrap();
    let mut told = bench.until(COMPLETE_DATA);
    assert_eq!(kinds(&told), [COMPLETE_DATA]);
    told = bench.until(COMPLETE_EOF);
    assert_eq!(kinds(&told), [COMPLETE_EOF]);
}

#[test]
fn nothing_is_read_while_paused_and_nothing_is_lost() {
    let mut bench = Bench::new();
    let (key, mut stranger) = bench.connection();
    bench.submit(SUBMIT_PAUSE, key, 0, 0);
    stranger.write_all(b"kept").unwrap();
    for _ in 0..10 {
        assert!(bench.turn(POLL_NOW).is_empty());
    }
    bench.submit(SUBMIT_RESUME, key, 0, 0);
    assert_eq!(bytes(&bench.until(COMPLETE_DATA)), b"kept");
}

#[test]
fn bytes_handed_back_come_again_before_what_follows() {
    let mut bench = Bench::new();
    let (key, mut stranger) = bench.connection();
    stranger.write_all(b"first").unwrap();
    let told = bench.until(COMPLETE_DATA);
    bench.submit(SUBMIT_PAUSE, key, 0, 0);
    bench.submit(SUBMIT_HAND_BACK, key, told[0].offset, 5);
    bench.apply();
    stranger.write_all(b" second").unwrap();
    bench.submit(SUBMIT_RESUME, key, 0, 0);
    let mut all = Vec::new();
    while all.len() < 12 {
        all.extend(bytes(&bench.until(COMPLETE_DATA)));
    }
    assert_eq!(all, b"first second");
}

#[test]
fn a_message_larger_than_the_slab_arrives_whole() {
    let mut bench = Bench::new();
    let (_, mut stranger) = bench.connection();
    let sent = pattern(3_000_000);
    let theirs = sent.clone();
    let writer = thread::spawn(move || stranger.write_all(&theirs).map(|()| stranger));
    let mut all = Vec::new();
    while all.len() < sent.len() {
        all.extend(bytes(&bench.until(COMPLETE_DATA)));
    }
    assert!(all == sent);
    writer.join().unwrap().unwrap();
}

#[test]
fn greedy_connections_keep_no_other_waiting() {
    let mut bench = Bench::new();
    let mut connections: Vec<_> = (0..6).map(|_| bench.connection()).collect();
    for (key, _) in &connections {
        let socket = bench.driver.socket_of(*key).unwrap();
        // The kernel gives what it allows: more than one read takes.
        socket.get().unwrap().set_recv_buffer_size(1 << 22).unwrap();
    }
    let mut unread: Vec<_> = connections.iter().map(|(key, _)| *key).collect();
    let feed = vec![1; 1 << 20];
    for _ in 0..20 {
        // Each has more, again and again, than its share of a turn.
        for (_, stranger) in &mut connections {
            stranger.set_nonblocking(true).unwrap();
            while stranger.write(&feed).is_ok_and(|count| count > 0) {}
        }
        for told in bench.turn(POLL_NOW) {
            unread.retain(|&key| key != told.key);
        }
    }
    assert_eq!(unread, []);
}

#[test]
fn small_and_large_writes_keep_their_order() {
    let mut bench = Bench::new();
    let (key, mut stranger) = bench.connection();
    let reader = thread::spawn(move || {
        let mut all = Vec::new();
        stranger.read_to_end(&mut all).map(|_| all)
    });
    let mut expected = Vec::new();
    for round in 0..50 {
        let small = pattern(round * 13 + 1);
        let large = pattern(70_000 + round);
        bench.submit_write(key, &small);
        bench.write_now(key, &large);
        expected.extend(small);
        expected.extend(large);
    }
    bench.submit(SUBMIT_WRITE_EOF, key, 0, 0);
    while !reader.is_finished() {
        bench.turn(POLL_NOW);
    }
    assert!(reader.join().unwrap().unwrap() == expected);
}

#[test]
fn low_and_drained_are_told_when_a_slow_peer_has_read() {
    let mut bench = Bench::new();
    let (key, mut stranger) = bench.connection();
    let sent = pattern(8_000_000);
    let waiting = bench.write_now(key, &sent);
    assert!(waiting > 0, "the kernel took 8 MB at once");
    assert_eq!(bench.buffered[key.slot as usize], waiting as f64);
    bench.submit(SUBMIT_NOTIFY_LOW, key, 0, 1000);
    bench.submit(SUBMIT_NOTIFY_DRAINED, key, 0, 0);
    assert!(bench.turn(POLL_NOW).is_empty());
    let reader = thread::spawn(move || {
        let mut all = vec![0; 8_000_000];
        stranger.read_exact(&mut all).map(|()| all)
    });
    let told = bench.until(COMPLETE_DRAINED);
    assert_eq!(kinds(&told), [COMPLETE_LOW, COMPLETE_DRAINED]);
    assert_eq!(bench.buffered[key.slot as usize], 0.0);
    assert!(reader.join().unwrap().unwrap() == sent);
}

#[test]
fn a_turn_flushes_one_portion_however_fast_the_peer_reads() {
    let mut bench = Bench::new();
    let (key, mut stranger) = bench.connection();
    let sent = pattern(32 * 1024 * 1024);
    let waiting = bench.write_now(key, &sent);
    bench.submit(SUBMIT_NOTIFY_DRAINED, key, 0, 0);
    let reader = thread::spawn(move || {
        let mut all = Vec::new();
        stranger.read_to_end(&mut all).map(|_| all)
    });
    let mut turns = 0;
    while kinds(&bench.turn(POLL_SLEEP)) != [COMPLETE_DRAINED] {
        turns += 1;
    }
    // A portion may end in the middle of a call.
    let portion = WRITE_CALL_BYTES + WRITE_CALL_BYTES / 2;
    assert!(turns >= waiting / portion, "{turns} turns for {waiting} bytes");
    bench.submit(SUBMIT_CLOSE, key, 0, 0);
    bench.apply();
    assert!(reader.join().unwrap().unwrap() == sent);
}

#[test]
fn a_buffered_stream_is_received_into_the_users_memory() {
    let mut bench = Bench::new();
    let (key, mut stranger) = bench.connection();
    bench.submit(SUBMIT_BUFFERED, key, 0, 1);
    stranger.write_all(b"abcdef").unwrap();
    bench.until(COMPLETE_READABLE);
    let mut buffer = [0; 4];
    assert_eq!(bench.recv_into(key, &mut buffer), Received::Data(4));
    assert_eq!(&buffer, b"abcd");
    // A full buffer is not the end of it: the stream waits in line for the next turn.
    assert_eq!(kinds(&bench.turn(POLL_SLEEP)), [COMPLETE_READABLE]);
    assert_eq!(bench.recv_into(key, &mut buffer), Received::Data(2));
    drop(stranger);
    bench.until(COMPLETE_READABLE);
    assert_eq!(bench.recv_into(key, &mut buffer), Received::Eof);
}

#[test]
fn records_about_a_closed_stream_do_nothing() {
    let mut bench = Bench::new();
    let (key, mut stranger) = bench.connection();
    bench.submit(SUBMIT_CLOSE, key, 0, 0);
    for kind in SUBMIT_WRITE_EOF..=SUBMIT_BUFFERED {
        bench.submit(kind, key, 0, 0);
    }
    bench.submit_write(key, b"nobody");
    assert!(bench.turn(POLL_NOW).is_empty());
    assert_eq!(stranger.read(&mut [0; 8]).unwrap(), 0);
    assert_eq!(bench.write_now(key, b"nobody"), 0);
    assert!(bench.driver.is_idle());
}

#[test]
fn records_with_impossible_numbers_do_nothing() {
    let mut bench = Bench::new();
    let (key, _stranger) = bench.connection();
    let nobody = Key { slot: u32::MAX, generation: u32::MAX };
    for target in [key, nobody] {
        bench.submit(SUBMIT_HAND_BACK, target, u32::MAX, u32::MAX);
        bench.submit(SUBMIT_WRITE, target, u32::MAX - 1, u32::MAX);
    }
    assert!(bench.turn(POLL_NOW).is_empty());
}

#[test]
fn a_connection_of_ours_stands_or_fails() {
    let mut bench = Bench::new();
    let (listener, address) = bench.listen();
    bench.driver.connect(&address.into(), None, 0).unwrap();
    let mut told = bench.until(COMPLETE_CONNECTED);
    if !kinds(&told).contains(&COMPLETE_ACCEPTED) {
        told = bench.until(COMPLETE_ACCEPTED);
        assert!(kinds(&told).contains(&COMPLETE_ACCEPTED));
    }
    bench.submit(SUBMIT_CLOSE, listener, 0, 0);
    bench.apply();
    bench.driver.connect(&address.into(), None, 0).unwrap();
    let told = bench.until(COMPLETE_CONNECT_FAILED);
    let failure = told.iter().find(|told| told.kind == COMPLETE_CONNECT_FAILED).unwrap();
    let refused = TcpStream::connect(address).unwrap_err().raw_os_error().unwrap();
    assert_eq!(failure.detail, refused as u32);
}

#[test]
fn listeners_that_share_room_accept_no_more_together() {
    let mut bench = Bench::new();
    let (first, address) = bench.listen();
    let (second, other) = bench.listen();
    bench.driver.share_room(&[first, second], 3);
    let guests: Vec<_> = [address, other, address, other, address].map(TcpStream::connect).into();
    let accepted = |told: Vec<_>| kinds(&told).into_iter().filter(|&kind| kind == COMPLETE_ACCEPTED).count();
    assert_eq!((0..4).map(|_| accepted(bench.turn(POLL_NOW))).sum::<usize>(), 3);
    // Whose connection left says nothing of who may accept the next one.
    for _ in 3..5 {
        bench.driver.give_room(first);
        assert_eq!(accepted(bench.turn(POLL_NOW)), 1);
    }
    bench.driver.give_room(second);
    assert_eq!(accepted(bench.turn(POLL_NOW)), 0);
    drop(guests);
}

#[test]
fn a_listener_rests_until_it_is_told_to_go_on() {
    let mut bench = Bench::new();
    let (listener, address) = bench.listen();
    bench.driver.rest(listener);
    let _guest = TcpStream::connect(address).unwrap();
    assert!(bench.turn(POLL_NOW).is_empty());
    bench.driver.accept_again(listener);
    bench.driver.rest(listener);
    assert!(bench.turn(POLL_NOW).is_empty());
    bench.driver.accept_again(listener);
    bench.driver.accept_again(listener);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), [COMPLETE_ACCEPTED]);
}

#[test]
fn a_connection_to_a_unix_socket_stands_at_once() {
    let mut bench = Bench::new();
    let path = std::env::temp_dir().join(format!("mioloop-driver-{}.sock", std::process::id()));
    let stranger = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let address = Address::Unix(path.as_os_str().as_encoded_bytes().into());
    let (key, connected) = bench.driver.connect(&address, None, 0).unwrap();
    assert!(connected);
    stranger.accept().unwrap().0.write_all(b"hello").unwrap();
    bench.submit(SUBMIT_RESUME, key, 0, 0);
    assert_eq!(bytes(&bench.until(COMPLETE_DATA)), b"hello");
    std::fs::remove_file(&path).unwrap();
    drop(stranger);
    let failure = bench.driver.connect(&address, None, 0).unwrap_err();
    assert_eq!((failure.call, failure.error.kind()), ("connect", std::io::ErrorKind::NotFound));
}

#[test]
fn a_reset_is_told_with_its_errno() {
    let mut bench = Bench::new();
    let (key, stranger) = bench.connection();
    bench.submit_write(key, b"unread by the peer");
    bench.apply();
    // Closing with unread bytes resets the connection.
    let mut peeked = [0; 1];
    assert_eq!(stranger.peek(&mut peeked).unwrap(), 1);
    drop(stranger);
    let told = bench.until(COMPLETE_READ_FAILED);
    assert_eq!(told[0].detail, rustix::io::Errno::CONNRESET.raw_os_error() as u32);
}

#[test]
fn urgent_data_does_not_hide_what_follows_it() {
    let mut bench = Bench::new();
    let (_, mut stranger) = bench.connection();
    stranger.write_all(b"before").unwrap();
    socket2::SockRef::from(&stranger).send_out_of_band(b"!").unwrap();
    stranger.write_all(b"after").unwrap();
    let mut all = Vec::new();
    while all.len() < 11 {
        all.extend(bytes(&bench.until(COMPLETE_DATA)));
    }
    assert_eq!(all, b"beforeafter");
}

#[test]
fn timers_come_in_their_order_with_their_generation() {
    let mut bench = Bench::new();
    let now = bench.driver.now();
    bench.submit_timer(3, 7, now - 1.0);
    bench.submit_timer(1, 8, now - 2.0);
    bench.submit_timer(2, 9, now + 3600.0);
    bench.submit_timer(5, 1, now - 3.0);
    bench.submit(SUBMIT_TIMER_CANCEL, Key { slot: 5, generation: 1 }, 0, 0);
    let told = bench.turn(POLL_NOW);
    let due: Vec<_> = told.iter().map(|told| (told.kind, told.key.slot, told.key.generation)).collect();
    assert_eq!(due, [(COMPLETE_TIMER, 1, 8), (COMPLETE_TIMER, 3, 7)]);
    assert!(!bench.driver.is_idle());
}

#[test]
fn more_timers_than_the_ring_holds_all_come_in_one_turn() {
    let mut bench = Bench::new();
    let past = bench.driver.now() - 1.0;
    let count = COMPLETION_CAPACITY * 2 + 5;
    for slot in 0..count {
        bench.submit_timer(slot, 0, past);
        if slot % 1000 == 999 {
            bench.apply();
        }
    }
    let told = bench.turn(POLL_NOW);
    assert_eq!(told.len(), count as usize);
    assert!(told.iter().enumerate().all(|(index, told)| told.key.slot == index as u32));
}

#[test]
fn what_tells_of_signals_is_no_source_and_is_told_at_each_edge() {
    let mut bench = Bench::new();
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    bench.driver.watch_signals(reader.as_raw_fd()).unwrap();
    assert!(bench.driver.is_idle());
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
    for _ in 0..2 {
        writer.write_all(b"xy").unwrap();
        assert_eq!(kinds(&bench.turn(POLL_SLEEP)), [COMPLETE_SIGNAL]);
        reader.read_exact(&mut [0; 2]).unwrap();
        assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
    }
    bench.driver.unwatch_signals(reader.as_raw_fd()).unwrap();
    writer.write_all(b"x").unwrap();
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
}
