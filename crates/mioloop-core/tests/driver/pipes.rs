//! Ends of pipes as streams: the other end is the standard library's.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use crate::pattern;
use crate::support::{Bench, bytes, kinds};
use mioloop_core::driver::Received;
use mioloop_core::layout::*;
use mioloop_core::tokens::Key;
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread;

impl Bench {
    fn reading(&mut self, descriptor: impl Into<OwnedFd>) -> Key {
        let key = self.driver.adopt_read_pipe(descriptor.into()).unwrap();
        self.submit(SUBMIT_RESUME, key, 0, 0);
        key
    }

    fn writing(&mut self, descriptor: impl Into<OwnedFd>) -> Key {
        let key = self.driver.adopt_write_pipe(descriptor.into()).unwrap();
        self.submit(SUBMIT_RESUME, key, 0, 0);
        key
    }
}

fn blocks(file: impl AsFd) -> bool {
    !fcntl_getfl(file).unwrap().contains(OFlags::NONBLOCK)
}

/// Both sides of a new pseudo-terminal.
fn terminal() -> (OwnedFd, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY;
    let slave = rustix::fs::open(name.as_c_str(), flags, rustix::fs::Mode::empty()).unwrap();
    (master, slave.into())
}

fn filled() -> (Bench, PipeReader, Key, usize) {
    let mut bench = Bench::new();
    let (reader, writer) = pipe().unwrap();
    let key = bench.writing(writer);
    let queued = bench.write_now(key, &pattern(1_000_000));
    assert!(queued > 0);
    bench.turn(POLL_NOW);
    (bench, reader, key, queued)
}

#[test]
fn what_was_written_before_the_end_is_read_and_the_end_comes_a_turn_later() {
    let mut bench = Bench::new();
    let (reader, mut writer) = pipe().unwrap();
    bench.reading(reader);
    writer.write_all(b"hello").unwrap();
    drop(writer);
    let told = bench.turn(POLL_SLEEP);
    assert_eq!((kinds(&told), bytes(&told)), (vec![COMPLETE_DATA], b"hello".to_vec()));
    assert_eq!(kinds(&bench.turn(POLL_SLEEP)), [COMPLETE_EOF]);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
}

#[test]
fn a_pipe_that_is_not_read_loses_nothing() {
    let mut bench = Bench::new();
    let (reader, mut writer) = pipe().unwrap();
    let key = bench.reading(reader);
    bench.turn(POLL_NOW);
    bench.submit(SUBMIT_PAUSE, key, 0, 0);
    writer.write_all(b"hello").unwrap();
    drop(writer);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
    bench.submit(SUBMIT_RESUME, key, 0, 0);
    assert_eq!(bytes(&bench.until(COMPLETE_EOF)), b"hello");
}

#[test]
fn many_bytes_arrive_whole_in_both_directions() {
    let mut bench = Bench::new();
    let (incoming, mut from) = pipe().unwrap();
    let (mut to, outgoing) = pipe().unwrap();
    bench.reading(incoming);
    let key = bench.writing(outgoing);
    let all = pattern(5_000_000);
    let sender = thread::spawn({
        let all = all.clone();
        move || from.write_all(&all).unwrap()
    });
    let receiver = thread::spawn(move || {
        let mut received = Vec::new();
        to.read_to_end(&mut received).unwrap();
        received
    });
    bench.write_now(key, &all);
    bench.submit(SUBMIT_NOTIFY_DRAINED, key, 0, 0);
    let (mut told, mut drained, mut ended) = (Vec::new(), false, false);
    while !(drained && ended) {
        let turn = bench.turn(POLL_SLEEP);
        drained |= kinds(&turn).contains(&COMPLETE_DRAINED);
        ended |= kinds(&turn).contains(&COMPLETE_EOF);
        told.extend(turn);
    }
    bench.submit(SUBMIT_CLOSE, key, 0, 0);
    bench.apply();
    sender.join().unwrap();
    assert!(bytes(&told) == all);
    assert!(receiver.join().unwrap() == all);
}

#[test]
fn the_users_own_memory_is_read_into() {
    let mut bench = Bench::new();
    let (reader, mut writer) = pipe().unwrap();
    let key = bench.reading(reader);
    bench.submit(SUBMIT_BUFFERED, key, 0, 1);
    writer.write_all(b"hello").unwrap();
    drop(writer);
    let mut room = [0; 3];
    for (expected, room_holds) in
        [(Received::Data(3), b"hel"), (Received::Data(2), b"lol"), (Received::Eof, b"lol")]
    {
        assert_eq!(kinds(&bench.until(COMPLETE_READABLE)), [COMPLETE_READABLE]);
        assert_eq!(bench.recv_into(key, &mut room), expected);
        assert_eq!(&room, room_holds);
    }
}

#[test]
fn the_writing_end_is_told_that_its_reader_has_gone() {
    let mut bench = Bench::new();
    let (reader, writer) = pipe().unwrap();
    bench.writing(writer);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
    drop(reader);
    assert_eq!(kinds(&bench.turn(POLL_SLEEP)), [COMPLETE_EOF]);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
}

#[test]
fn it_is_told_also_when_that_was_before_it_asked() {
    let mut bench = Bench::new();
    let (reader, writer) = pipe().unwrap();
    let key = bench.driver.adopt_write_pipe(writer.into()).unwrap();
    drop(reader);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
    bench.submit(SUBMIT_RESUME, key, 0, 0);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), [COMPLETE_EOF]);
}

#[test]
fn with_bytes_that_wait_the_end_of_the_reader_is_an_error() {
    let (mut bench, reader, _, _) = filled();
    drop(reader);
    let told = bench.turn(POLL_SLEEP);
    assert_eq!(told[0].kind, COMPLETE_WRITE_FAILED);
    assert_eq!(told[0].detail, Errno::PIPE.raw_os_error() as u32);
    assert!(!kinds(&told).contains(&COMPLETE_EOF));
}

#[test]
fn that_is_told_also_of_one_that_is_closing() {
    let (mut bench, reader, key, _) = filled();
    bench.submit(SUBMIT_NOTIFY_DRAINED, key, 0, 0);
    bench.turn(POLL_NOW);
    drop(reader);
    let told = bench.turn(POLL_SLEEP);
    assert_eq!((kinds(&told), told[0].detail), (vec![COMPLETE_WRITE_FAILED], 32));
}

#[test]
fn a_write_without_a_reader_fails() {
    let mut bench = Bench::new();
    let (reader, writer) = pipe().unwrap();
    let key = bench.driver.adopt_write_pipe(writer.into()).unwrap();
    drop(reader);
    bench.submit_write(key, b"x");
    let told = bench.turn(POLL_NOW);
    assert_eq!((kinds(&told), told[0].detail), (vec![COMPLETE_WRITE_FAILED], 32));
}

#[test]
fn a_full_pipe_goes_on_when_there_is_room() {
    let (mut bench, mut reader, key, queued) = filled();
    bench.submit(SUBMIT_NOTIFY_LOW, key, 0, 0);
    let received = thread::spawn(move || {
        let mut received = vec![0; 1_000_000];
        reader.read_exact(&mut received).unwrap();
        received
    });
    assert_eq!(bench.buffered[key.slot as usize], queued as f64);
    bench.until(COMPLETE_LOW);
    assert!(received.join().unwrap() == pattern(1_000_000));
}

#[test]
fn sockets_are_ends_of_pipes_as_well() {
    let mut bench = Bench::new();
    let (ours, mut strangers) = UnixStream::pair().unwrap();
    let (sink, mut source) = UnixStream::pair().unwrap();
    bench.reading(ours);
    let key = bench.writing(sink);
    strangers.write_all(b"hello").unwrap();
    assert_eq!(bytes(&bench.until(COMPLETE_DATA)), b"hello");
    bench.submit_write(key, b"good");
    source.write_all(b"what nobody reads").unwrap();
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
    let mut four = [0; 4];
    source.read_exact(&mut four).unwrap();
    assert_eq!(&four, b"good");
    drop(source);
    let told = bench.until(COMPLETE_EOF);
    assert_eq!(told[0].key, key);
}

#[test]
fn a_device_that_is_always_ready_is_read_once_a_turn() {
    let mut bench = Bench::new();
    let key = bench.reading(File::open("/dev/zero").unwrap());
    let told = bench.turn(POLL_SLEEP);
    assert_eq!((kinds(&told), told[0].bytes.len()), (vec![COMPLETE_DATA], 128 * 1024));
    assert_eq!(kinds(&bench.turn(POLL_SLEEP)), [COMPLETE_DATA]);
    bench.submit(SUBMIT_PAUSE, key, 0, 0);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
    bench.submit(SUBMIT_RESUME, key, 0, 0);
    assert_eq!(kinds(&bench.turn(POLL_SLEEP)), [COMPLETE_DATA]);
}

#[test]
fn the_null_device_ends_at_once_and_takes_everything() {
    let mut bench = Bench::new();
    bench.reading(File::open("/dev/null").unwrap());
    assert_eq!(kinds(&bench.turn(POLL_SLEEP)), [COMPLETE_EOF]);
    let null = File::options().write(true).open("/dev/null").unwrap();
    let key = bench.writing(null);
    assert_eq!(bench.write_now(key, &pattern(3_000_000)), 0);
    assert_eq!(kinds(&bench.turn(POLL_NOW)), []);
}

#[test]
fn a_terminal_gives_every_line_and_its_end_is_an_error() {
    let mut bench = Bench::new();
    let (master, slave) = terminal();
    let mut typing = File::from(master.try_clone().unwrap());
    let screen = bench.reading(master);
    bench.reading(slave.try_clone().unwrap());
    typing.write_all(b"one\ntwo\nthr").unwrap();
    let mut lines = Vec::new();
    while bytes(&lines).len() < 8 {
        lines.extend(bench.turn(POLL_SLEEP).into_iter().filter(|told| told.key != screen));
    }
    assert_eq!(bytes(&lines), b"one\ntwo\n");
    typing.write_all(b"\x04\x04").unwrap();
    let rest = bench.until(COMPLETE_EOF);
    assert_eq!(bytes(&rest).into_iter().rev().take(3).rev().collect::<Vec<u8>>(), b"thr");

    let mut bench = Bench::new();
    let (master, mut slave) = terminal();
    bench.reading(master);
    slave.write_all(b"last words").unwrap();
    drop(slave);
    let told = bench.until(COMPLETE_READ_FAILED);
    assert_eq!(bytes(&told), b"last words");
    assert_eq!(told.last().unwrap().detail, Errno::IO.raw_os_error() as u32);
}

#[test]
fn a_terminal_takes_more_than_fits() {
    let mut bench = Bench::new();
    let (master, mut slave) = terminal();
    let mut settings = rustix::termios::tcgetattr(&slave).unwrap();
    settings.make_raw();
    rustix::termios::tcsetattr(&slave, rustix::termios::OptionalActions::Now, &settings).unwrap();
    let key = bench.writing(master);
    let all = pattern(300_000);
    assert!(bench.write_now(key, &all) > 0);
    bench.submit(SUBMIT_NOTIFY_DRAINED, key, 0, 0);
    let received = thread::spawn(move || {
        let mut received = vec![0; 300_000];
        slave.read_exact(&mut received).unwrap();
        received
    });
    bench.until(COMPLETE_DRAINED);
    assert!(received.join().unwrap() == all);
}

#[test]
fn what_is_no_pipe_stays_the_callers() {
    let mut bench = Bench::new();
    let file: OwnedFd = File::open("/proc/self/exe").unwrap().into();
    let number = file.as_raw_fd();
    let refused = bench.driver.adopt_read_pipe(file).unwrap_err();
    assert_eq!(refused.error.raw_os_error(), Some(Errno::INVAL.raw_os_error()));
    assert_eq!(refused.descriptor.as_raw_fd(), number);
    let (reader, writer) = pipe().unwrap();
    for refused in [
        bench.driver.adopt_write_pipe(reader.into()).unwrap_err(),
        bench.driver.adopt_read_pipe(writer.into()).unwrap_err(),
    ] {
        assert_eq!(refused.error.raw_os_error(), Some(Errno::BADF.raw_os_error()));
        assert!(blocks(&refused.descriptor));
    }
    assert!(bench.driver.is_idle());
}

#[test]
fn what_a_closed_descriptor_was_watched_for_does_not_stop_who_has_its_number() {
    let mut bench = Bench::new();
    let (reader, mut writer) = pipe().unwrap();
    let watch = bench.driver.watch(reader.as_raw_fd(), READY_READ).unwrap();
    // As if it were another pipe that has got the number.
    bench.reading(reader);
    bench.submit(SUBMIT_CLOSE, watch, 0, 0);
    writer.write_all(b"hello").unwrap();
    assert_eq!(bytes(&bench.until(COMPLETE_DATA)), b"hello");
}

#[test]
fn the_last_of_an_open_file_lets_it_block_again() {
    let mut bench = Bench::new();
    let (_master, slave) = terminal();
    assert!(blocks(&slave));
    let input = bench.reading(slave.try_clone().unwrap());
    let output = bench.writing(slave.try_clone().unwrap());
    assert!(!blocks(&slave));
    for (key, is_last) in [(input, false), (output, true)] {
        bench.submit(SUBMIT_CLOSE, key, 0, 0);
        bench.apply();
        assert_eq!(blocks(&slave), is_last);
    }
    let (reader, writer) = pipe().unwrap();
    let other: PipeWriter = writer.try_clone().unwrap();
    bench.writing(writer);
    let end = bench.reading(reader);
    bench.submit(SUBMIT_CLOSE, end, 0, 0);
    bench.apply();
    assert!(!blocks(&other));
    drop(bench);
    assert!(blocks(&other));
}

#[test]
fn a_pipe_has_neither_a_socket_nor_addresses_and_sends_no_files() {
    let mut bench = Bench::new();
    let (_reader, writer) = pipe().unwrap();
    let key = bench.writing(writer);
    assert!(bench.driver.socket_of(key).is_none());
    assert_eq!(bench.driver.addresses(key).unwrap_err().raw_os_error(), Some(Errno::NOTSOCK.raw_os_error()));
    let part = mioloop_core::file::FilePart::new(File::open("/proc/self/exe").unwrap().into(), 0, None);
    assert_eq!(bench.send_file(key, part).unwrap_err().raw_os_error(), Some(Errno::NOSYS.raw_os_error()));
}
