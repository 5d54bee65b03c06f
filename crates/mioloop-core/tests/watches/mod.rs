//! Descriptors that are only watched, and what happens when their owner closes them without a word.

use super::support::{Bench, Told};
use mioloop_core::layout::*;
use mioloop_core::tokens::Key;
use rustix::io::Errno;
use std::io::{Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

/// What a watch was told to be ready for, in a turn that does not wait.
fn ready(bench: &mut Bench) -> Vec<(Key, u32)> {
    let told = bench.turn(POLL_NOW);
    told.iter().filter(|told| told.kind == COMPLETE_READY).map(|told| (told.key, told.detail)).collect()
}

/// Makes the number of `old` that of another file, as closing and opening would: what was there is closed.
fn reuse(old: &mut OwnedFd, new: impl AsFd) {
    rustix::io::dup2(new, old).expect("both are open");
}

#[test]
fn an_edge_is_told_once_and_again_when_it_is_armed() {
    let mut bench = Bench::new();
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let key = bench.driver.watch(ours.as_raw_fd(), READY_READ).unwrap();
    assert_eq!(ready(&mut bench), []);
    theirs.write_all(b"x").unwrap();
    assert_eq!(ready(&mut bench), [(key, READY_READ)]);
    assert_eq!(ready(&mut bench), []);
    bench.submit(SUBMIT_ARM, key, 0, READY_READ | READY_WRITE);
    assert_eq!(ready(&mut bench), [(key, READY_READ | READY_WRITE)]);
    bench.rearm(key, READY_WRITE).unwrap();
    assert_eq!(ready(&mut bench), [(key, READY_WRITE)]);
}

#[test]
fn the_end_of_a_pipe_is_readable() {
    let mut bench = Bench::new();
    let (reader, writer) = std::io::pipe().unwrap();
    let key = bench.driver.watch(reader.as_raw_fd(), READY_READ).unwrap();
    drop(writer);
    assert_eq!(ready(&mut bench)[0].0, key);
}

#[test]
fn what_is_closed_leaves_the_descriptor_open() {
    let mut bench = Bench::new();
    let (mut ours, mut theirs) = UnixStream::pair().unwrap();
    let key = bench.driver.watch(ours.as_raw_fd(), READY_READ).unwrap();
    bench.submit(SUBMIT_CLOSE, key, 0, 0);
    theirs.write_all(b"x").unwrap();
    assert_eq!(ready(&mut bench), []);
    ours.read_exact(&mut [0]).unwrap();
    bench.driver.watch(ours.as_raw_fd(), READY_READ).unwrap();
    assert!(bench.rearm(key, READY_READ).is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn what_can_not_be_polled_is_refused() {
    let mut bench = Bench::new();
    let file = std::fs::File::open("/proc/self/exe").unwrap();
    let errno = |result: std::io::Result<Key>| result.unwrap_err().raw_os_error();
    let not_permitted = errno(bench.driver.watch(file.as_raw_fd(), READY_READ));
    assert_eq!(not_permitted, Some(Errno::PERM.raw_os_error()));
    assert_eq!(errno(bench.driver.watch(-1, READY_READ)), Some(Errno::BADF.raw_os_error()));
    assert!(bench.driver.is_idle());
}

#[test]
fn a_number_that_was_given_away_again_is_found_out() {
    let mut bench = Bench::new();
    let (first, _theirs) = UnixStream::pair().unwrap();
    let mut first = OwnedFd::from(first);
    let (second, mut their_second) = UnixStream::pair().unwrap();
    let old = bench.driver.watch(first.as_raw_fd(), READY_READ).unwrap();
    reuse(&mut first, &second);
    their_second.write_all(b"x").unwrap();
    bench.submit(SUBMIT_ARM, old, 0, READY_READ);
    assert_eq!(ready(&mut bench), []);
    let error = bench.rearm(old, READY_READ).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(Errno::NOENT.raw_os_error()));
    let new = bench.driver.watch(first.as_raw_fd(), READY_READ).unwrap();
    assert_eq!(bench.driver.holder_of(first.as_raw_fd()), Some(new));
    // The old one's end is not the new one's.
    bench.submit(SUBMIT_CLOSE, old, 0, 0);
    assert_eq!(ready(&mut bench), [(new, READY_READ)]);
}

#[test]
fn a_watch_that_lost_its_number_does_not_reach_the_stream_that_has_it() {
    let mut bench = Bench::new();
    let (first, _theirs) = UnixStream::pair().unwrap();
    let mut first = OwnedFd::from(first);
    let (second, mut their_second) = UnixStream::pair().unwrap();
    let old = bench.driver.watch(first.as_raw_fd(), READY_READ).unwrap();
    reuse(&mut first, &second);
    let number = first.as_raw_fd();
    let socket = socket2::Socket::from(first);
    socket.set_nonblocking(true).unwrap();
    let stream = bench.driver.adopt_stream(&socket.into()).unwrap();
    assert_eq!(bench.driver.holder_of(number), Some(stream));
    assert!(bench.driver.watch(number, READY_READ).is_err());
    bench.submit(SUBMIT_RESUME, stream, 0, 0);
    bench.submit(SUBMIT_ARM, old, 0, READY_READ);
    assert!(bench.rearm(old, READY_READ).is_err());
    bench.submit(SUBMIT_CLOSE, old, 0, 0);
    bench.turn(POLL_NOW);
    their_second.write_all(b"still heard").unwrap();
    let told: Vec<Told> = bench.until(COMPLETE_DATA);
    assert_eq!(told.iter().map(|told| told.key).collect::<Vec<_>>(), [stream]);
}

#[test]
fn a_watched_socket_can_become_a_stream() {
    let mut bench = Bench::new();
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let socket = mioloop_core::socket::Socket::from(socket2::Socket::from(OwnedFd::from(ours)));
    let watch = bench.driver.watch(socket.descriptor(), READY_READ).unwrap();
    let stream = bench.driver.adopt_stream(&socket).unwrap();
    bench.submit(SUBMIT_CLOSE, watch, 0, 0);
    bench.submit(SUBMIT_RESUME, stream, 0, 0);
    bench.apply();
    theirs.write_all(b"hello").unwrap();
    assert_eq!(bench.until(COMPLETE_DATA).len(), 1);
}
