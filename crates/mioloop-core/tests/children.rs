//! Child processes: strangers are started, end, are signalled and reaped.

#![cfg(target_os = "linux")]

#[path = "children/dressing.rs"]
mod dressing;
#[path = "children/nursery.rs"]
mod nursery;
#[path = "children/starting.rs"]
mod starting;
mod support;

use mioloop_core::layout::*;
use mioloop_core::spawn::Stdio;
use mioloop_core::tokens::Key;
use nursery::{BOTH, Nursery, descriptors, shell, threads, zombies};
use rustix::process::{Pid, Signal, WaitOptions, waitpid};
use std::collections::BTreeSet;
use std::thread;

fn errno(error: &std::io::Error) -> i32 {
    error.raw_os_error().unwrap_or(0)
}

#[test]
fn the_exit_status_comes_as_a_completion_once() {
    for pidfd in BOTH {
        let mut nursery = Nursery::new();
        nursery.limit(pidfd, true);
        for code in [0, 1, 255] {
            let script = std::ffi::CString::new(format!("exit {code}")).unwrap();
            let spawned = nursery.spawn(&shell(&script)).unwrap();
            let exited = nursery.ending(&spawned);
            assert_eq!((exited.offset as i32, exited.detail), (code, 0));
            assert!(nursery.bench.turn(POLL_NOW).is_empty());
            nursery.bench.driver.signal_child(spawned.key, Some(Signal::KILL)).unwrap_err();
            nursery.bench.submit(SUBMIT_CLOSE, spawned.key, 0, 0);
            nursery.bench.apply();
            assert!(nursery.bench.driver.is_idle());
        }
        assert!(zombies().is_empty());
    }
}

#[test]
fn a_signal_ends_a_child_and_is_its_return_code() {
    for pidfd in BOTH {
        let mut nursery = Nursery::new();
        nursery.limit(pidfd, true);
        for signal in [Signal::KILL, Signal::TERM, Signal::ABORT] {
            let spawned = nursery.spawn(&shell(c"exec sleep 1000")).unwrap();
            assert!(!nursery.bench.driver.is_idle());
            nursery.bench.driver.signal_child(spawned.key, None).unwrap();
            nursery.bench.driver.signal_child(spawned.key, Some(signal)).unwrap();
            let exited = nursery.ending(&spawned);
            assert_eq!((exited.offset as i32, exited.detail), (-signal.as_raw(), 0));
            for signal in [Some(Signal::KILL), None] {
                let error = nursery.bench.driver.signal_child(spawned.key, signal).unwrap_err();
                assert_eq!(errno(&error), libc::ESRCH);
            }
        }
        let error = nursery.bench.driver.signal_child(Key { slot: 99, generation: 0 }, None).unwrap_err();
        assert_eq!(errno(&error), libc::ESRCH);
    }
}

#[test]
fn a_child_that_was_reaped_elsewhere_has_an_unknown_end() {
    for pidfd in BOTH {
        let mut nursery = Nursery::new();
        nursery.limit(pidfd, true);
        let spawned = nursery.spawn(&shell(c"exec sleep 1000")).unwrap();
        let pid = Pid::from_raw(spawned.pid).unwrap();
        let thief = thread::spawn(move || waitpid(Some(pid), WaitOptions::empty()).is_ok());
        nursery.bench.driver.signal_child(spawned.key, Some(Signal::KILL)).unwrap();
        if pidfd {
            assert!(thief.join().unwrap());
            let exited = nursery.ending(&spawned);
            assert_eq!((exited.offset, exited.detail as i32), (0, libc::ECHILD));
        } else {
            // Here the loop's thread and the thief run a race.
            let exited = nursery.ending(&spawned);
            let expected = if thief.join().unwrap() { (0, libc::ECHILD) } else { (-libc::SIGKILL, 0) };
            assert_eq!((exited.offset as i32, exited.detail as i32), expected);
        }
    }
}

#[test]
fn two_hundred_children_end_each_once_and_leave_nothing() {
    for pidfd in BOTH {
        let mut nursery = Nursery::new();
        nursery.limit(pidfd, true);
        let before = descriptors();
        let mut running = BTreeSet::new();
        for n in 0..200 {
            let mut command = shell(if n % 2 == 0 { c"exec sleep 1000" } else { c"cat; exit 7" });
            command.stdio = [Stdio::Pipe, Stdio::Pipe, Stdio::Stdout];
            let spawned = nursery.spawn(&command).unwrap();
            let [input, output, _] = spawned.pipes.map(|pipe| pipe.unwrap_or(spawned.key));
            running.insert((spawned.key.slot, spawned.key.generation));
            nursery.bench.submit(SUBMIT_CLOSE, input, 0, 0);
            nursery.bench.submit(SUBMIT_CLOSE, output, 0, 0);
            if n % 2 == 0 {
                nursery.bench.driver.signal_child(spawned.key, Some(Signal::KILL)).unwrap();
            }
        }
        while !running.is_empty() {
            for told in nursery.bench.turn(POLL_SLEEP) {
                assert!(
                    told.kind != COMPLETE_EXITED || running.remove(&(told.key.slot, told.key.generation))
                );
                assert!([-9, 7].contains(&(told.offset as i32)) || told.kind != COMPLETE_EXITED);
                if told.kind == COMPLETE_EXITED {
                    nursery.bench.submit(SUBMIT_CLOSE, told.key, 0, 0);
                }
            }
        }
        nursery.bench.apply();
        assert!(zombies().is_empty());
        while !threads().is_empty() {
            thread::yield_now();
        }
        assert_eq!(descriptors(), before);
    }
}

#[test]
fn a_child_whose_loop_is_closed_is_reaped_by_a_later_spawn() {
    for pidfd in BOTH {
        let mut nursery = Nursery::new();
        nursery.limit(pidfd, true);
        let orphan = nursery.spawn(&shell(c"exec sleep 1000")).unwrap();
        nursery.bench.driver.signal_child(orphan.key, Some(Signal::KILL)).unwrap();
        nursery.bench.driver.close_sources();
        drop(nursery);
        let mut other = Nursery::new();
        let state = format!("/proc/{}/stat", orphan.pid);
        // Until it is dead: reaped, or to be reaped.
        while std::fs::read_to_string(&state).is_ok_and(|state| !state.contains(" Z ")) {
            thread::yield_now();
        }
        let spawned = other.spawn(&shell(c"exit 3")).unwrap();
        while !pidfd && !threads().is_empty() {
            thread::yield_now();
        }
        assert!(!std::path::Path::new(&state).exists());
        assert_eq!(other.ending(&spawned).offset, 3);
    }
}

#[test]
fn a_descriptor_that_sees_a_child_cannot_be_watched_besides() {
    let mut nursery = Nursery::new();
    let spawned = nursery.spawn(&shell(c"exec sleep 1000")).unwrap();
    let descriptor = nursery.bench.driver.descriptor_of(spawned.key).unwrap();
    assert_eq!(errno(&nursery.bench.driver.watch(descriptor, READY_READ).unwrap_err()), libc::EEXIST);
    nursery.bench.driver.signal_child(spawned.key, Some(Signal::KILL)).unwrap();
    assert_eq!(nursery.ending(&spawned).offset as i32, -9);
}
