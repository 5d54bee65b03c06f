//! Sending files on the driver's streams; the other end is the standard library's.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use crate::pattern;
use crate::support::{Bench, Told};
use mioloop_core::file::FilePart;
use mioloop_core::layout::*;
use mioloop_core::tokens::Key;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::thread::{self, JoinHandle};

/// An open file without a name.
fn file_of(content: &[u8]) -> File {
    let name = format!("mioloop-{}-{:?}", std::process::id(), thread::current().id());
    let path = std::env::temp_dir().join(name);
    let mut file = File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    file.write_all(content).unwrap();
    file.rewind().unwrap();
    file
}

fn part(file: &File, offset: u64, count: Option<u64>) -> FilePart {
    FilePart::new(OwnedFd::from(file.try_clone().unwrap()), offset, count)
}

fn read_all(mut stranger: TcpStream) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut all = Vec::new();
        stranger.read_to_end(&mut all).unwrap();
        all
    })
}

/// The end of file `number`: its errno.
fn ended(told: &[Told], number: u32) -> Option<u32> {
    told.iter().find(|told| told.kind == COMPLETE_FILE_SENT && told.offset == number).map(|told| told.detail)
}

fn send_all(bench: &mut Bench, key: Key, part: FilePart) -> u64 {
    let number = bench.send_file(key, part).unwrap().unwrap();
    assert_eq!(ended(&bench.until(COMPLETE_FILE_SENT), number), Some(0));
    bench.end_file(key)
}

#[test]
fn files_and_writes_keep_their_order_and_positions_follow() {
    let mut bench = Bench::new();
    let (key, stranger) = bench.connection();
    let reader = read_all(stranger);
    let content = pattern(5_000_000);
    let mut file = file_of(&content);
    bench.submit_write(key, b"before");
    assert_eq!(send_all(&mut bench, key, part(&file, 0, None)), 5_000_000);
    assert_eq!(file.stream_position().unwrap(), 5_000_000);
    bench.submit_write(key, b"between");
    assert_eq!(send_all(&mut bench, key, part(&file, 1_000, Some(2_000))), 2_000);
    assert_eq!(file.stream_position().unwrap(), 3_000);
    assert_eq!(send_all(&mut bench, key, part(&file, 4_999_999, Some(2_000))), 1);
    assert_eq!(bench.send_file(key, part(&file, 5_000_000, None)).unwrap(), None, "nothing to send");
    assert_eq!(bench.send_file(key, part(&file, u64::MAX, None)).unwrap(), None);
    assert_eq!(bench.send_file(key, part(&file, 0, Some(0))).unwrap(), None);
    bench.submit_write(key, b"after");
    bench.submit(SUBMIT_CLOSE, key, 0, 0);
    bench.apply();
    let expected =
        [b"before", &*content, b"between", &content[1_000..3_000], &content[4_999_999..], b"after"];
    assert!(reader.join().unwrap() == expected.concat());
}

#[test]
fn a_turn_sends_one_portion_however_fast_the_peer_reads() {
    let mut bench = Bench::new();
    let (key, stranger) = bench.connection();
    let reader = read_all(stranger);
    let portions = 20;
    let file = file_of(&vec![7; portions * SENDFILE_BYTES as usize]);
    let number = bench.send_file(key, part(&file, 0, None)).unwrap().unwrap();
    let mut turns = 0;
    let errno = loop {
        turns += 1;
        if let Some(errno) = ended(&bench.turn(POLL_SLEEP), number) {
            break errno;
        }
    };
    assert_eq!(errno, 0);
    assert!(turns >= portions - 1, "{turns} turns for {portions} portions");
    bench.end_file(key);
    bench.submit(SUBMIT_CLOSE, key, 0, 0);
    bench.apply();
    assert_eq!(reader.join().unwrap().len(), portions * SENDFILE_BYTES as usize);
}

#[test]
fn behind_a_backlog_and_before_the_end_of_the_stream() {
    let mut bench = Bench::new();
    let (key, stranger) = bench.connection();
    let backlog = pattern(20_000_000);
    assert!(bench.write_now(key, &backlog) > 0, "the kernel took 20 MB at once");
    let file = file_of(b"the file");
    let number = bench.send_file(key, part(&file, 0, None)).unwrap().unwrap();
    bench.submit(SUBMIT_WRITE_EOF, key, 0, 0);
    let again = bench.send_file(key, part(&file, 0, None)).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::ResourceBusy);
    let reader = read_all(stranger);
    assert_eq!(ended(&bench.until(COMPLETE_FILE_SENT), number), Some(0));
    assert_eq!(bench.end_file(key), 8);
    assert!(reader.join().unwrap() == [&*backlog, b"the file"].concat());
}

#[test]
fn what_is_ended_early_sends_no_more() {
    let mut bench = Bench::new();
    let (key, stranger) = bench.connection();
    let content = pattern(20_000_000);
    let mut file = file_of(&content);
    bench.send_file(key, part(&file, 0, None)).unwrap().unwrap();
    for _ in 0..5 {
        bench.turn(POLL_NOW);
    }
    let sent = bench.end_file(key);
    assert!(sent > 0 && sent < 20_000_000);
    assert_eq!(file.stream_position().unwrap(), sent);
    bench.submit_write(key, b"after");
    bench.submit(SUBMIT_WRITE_EOF, key, 0, 0);
    let reader = read_all(stranger);
    let all = loop {
        bench.turn(POLL_NOW);
        if reader.is_finished() {
            break reader.join().unwrap();
        }
    };
    assert!(all == [&content[..sent as usize], b"after"].concat());
}

#[test]
fn a_reset_ends_it_with_an_errno() {
    let mut bench = Bench::new();
    let (key, stranger) = bench.connection();
    stranger.set_nodelay(true).unwrap();
    let file = file_of(&pattern(20_000_000));
    let number = bench.send_file(key, part(&file, 0, None)).unwrap().unwrap();
    for _ in 0..5 {
        bench.turn(POLL_NOW);
    }
    bench.submit(SUBMIT_PAUSE, key, 0, 0);
    // Closed with unread bytes: a reset.
    drop(stranger);
    let errno = ended(&bench.until(COMPLETE_FILE_SENT), number).unwrap();
    assert!([libc::ECONNRESET, libc::EPIPE].contains(&(errno as i32)), "{errno}");
    bench.end_file(key);
}

#[test]
fn what_is_no_regular_file_is_invalid() {
    let mut bench = Bench::new();
    let (key, _stranger) = bench.connection();
    for path in ["/dev/zero", "/tmp"] {
        let file = File::open(path).unwrap();
        let error = bench.send_file(key, part(&file, 0, None)).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EINVAL));
    }
    let gone = Key { slot: key.slot, generation: key.generation + 1 };
    let error = bench.send_file(gone, part(&file_of(b"x"), 0, None)).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::EBADF));
    assert_eq!(bench.end_file(gone), 0);
}

#[test]
fn a_connection_that_closes_lets_go_of_the_file() {
    let mut bench = Bench::new();
    let (key, _stranger) = bench.connection();
    let mut file = file_of(&pattern(20_000_000));
    bench.send_file(key, part(&file, 0, None)).unwrap().unwrap();
    bench.submit(SUBMIT_ABORT, key, 0, 0);
    bench.apply();
    assert!(file.stream_position().unwrap() > 0);
    assert_eq!(bench.end_file(key), 0);
    file.rewind().unwrap();
    bench.send_file(key, part(&file, 0, None)).unwrap();
    bench.submit(SUBMIT_CLOSE, key, 0, 0);
    bench.apply();
    bench.turn(POLL_NOW);
}
