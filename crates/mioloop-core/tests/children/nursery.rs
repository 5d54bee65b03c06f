//! A driver that starts strangers and looks after them, and what the system knows of this process meanwhile.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use crate::support::{Bench, Told};
use mioloop_core::driver::{ChildMeans, Spawned};
use mioloop_core::layout::*;
use mioloop_core::spawn::{Command, SpawnError, Stdio};
use rustix::io::{Errno, FdFlags};
use std::collections::BTreeSet;
use std::ffi::{CStr, CString};
use std::os::fd::RawFd;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, io};

/// What all children here have.
pub const PATH: &CStr = c"PATH=/usr/local/bin:/bin:/usr/bin";

/// Both ways to see the end of a child.
pub const BOTH: [bool; 2] = [true, false];

static ALONE: Mutex<()> = Mutex::new(());

pub struct Nursery {
    pub bench: Bench,
    /// Tests of one process count its descriptors, so they run one after another.
    _alone: MutexGuard<'static, ()>,
}

/// What a child left.
#[derive(Debug, PartialEq)]
pub struct Left {
    pub code: i32,
    pub output: String,
}

impl Nursery {
    /// The first thing that a test does: others open nothing from here on.
    pub fn new() -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        Self { bench: Bench::new(), _alone: alone }
    }

    /// As a system that lacks what is false.
    pub fn limit(&mut self, pidfd: bool, unshare: bool) {
        self.bench.driver.limit_children(ChildMeans { pidfd, unshare });
    }

    pub fn spawn(&mut self, command: &Command<'_>) -> Result<Spawned, SpawnError> {
        self.bench.driver.spawn(command, flags_of)
    }

    /// Runs a child to its end; standard output is a pipe.
    pub fn run(&mut self, mut command: Command<'_>) -> Left {
        command.stdio[1] = Stdio::Pipe;
        let spawned = self.spawn(&command).unwrap();
        let output = spawned.pipes[1].unwrap();
        self.bench.submit(SUBMIT_RESUME, output, 0, 0);
        let mut told: Vec<Told> = Vec::new();
        while !(told.iter().any(|told| told.kind == COMPLETE_EOF)
            && told.iter().any(|told| told.kind == COMPLETE_EXITED))
        {
            told.extend(self.bench.turn(POLL_SLEEP));
        }
        self.bench.submit(SUBMIT_CLOSE, output, 0, 0);
        self.bench.submit(SUBMIT_CLOSE, spawned.key, 0, 0);
        self.bench.apply();
        let exited = told.iter().find(|told| told.kind == COMPLETE_EXITED).unwrap();
        assert_eq!((exited.key, exited.detail), (spawned.key, 0));
        let bytes = told.iter().filter(|told| told.key == output).flat_map(|told| told.bytes.clone());
        Left { code: exited.offset as i32, output: String::from_utf8(bytes.collect()).unwrap() }
    }

    /// The output of a script, which has to end well.
    pub fn shell(&mut self, script: &CStr, adapt: impl FnOnce(&mut Command<'_>)) -> String {
        let mut command = shell(script);
        adapt(&mut command);
        let left = self.run(command);
        assert_eq!(left.code, 0, "{}", left.output);
        left.output
    }

    /// The child's return code, when it has ended.
    pub fn ending(&mut self, spawned: &Spawned) -> Told {
        let told = self.bench.until(COMPLETE_EXITED);
        let exited = told.into_iter().find(|told| told.kind == COMPLETE_EXITED).unwrap();
        assert_eq!(exited.key, spawned.key);
        exited
    }
}

/// A script for `/bin/sh`.
pub fn shell(script: &CStr) -> Command<'_> {
    let mut command = Command::new(c"/bin/sh", vec![c"sh", c"-c", script]);
    command.environment = vec![PATH];
    command
}

/// What the addon asks the system for; only unsafe code can, so here it is read.
pub fn flags_of(number: RawFd) -> io::Result<FdFlags> {
    let Ok(text) = fs::read_to_string(format!("/proc/self/fdinfo/{number}")) else {
        return Err(Errno::BADF.into());
    };
    let flags = text.lines().find_map(|line| line.strip_prefix("flags:")).unwrap().trim();
    let closed = i32::from_str_radix(flags, 8).unwrap() & libc::O_CLOEXEC != 0;
    Ok(if closed { FdFlags::CLOEXEC } else { FdFlags::empty() })
}

/// The open descriptors of this process.
pub fn descriptors() -> BTreeSet<RawFd> {
    let entries = fs::read_dir("/proc/self/fd").unwrap();
    let all = entries.map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap());
    // The directory itself was open.
    all.filter(|number| fs::read_link(format!("/proc/self/fd/{number}")).is_ok()).collect()
}

/// The names of this process's threads that the core has made.
pub fn threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let names = tasks.filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok());
    names.filter(|name| name.starts_with("mioloop")).collect()
}

/// The children of this process that nobody has reaped.
pub fn zombies() -> Vec<String> {
    let ours = format!(" Z {} ", std::process::id());
    let processes = fs::read_dir("/proc").unwrap();
    let states = processes.filter_map(|entry| fs::read_to_string(entry.unwrap().path().join("stat")).ok());
    states.filter(|state| state.contains(&ours)).collect()
}

/// A line of `/proc/self/status`.
pub fn status(name: &str) -> String {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    text.lines().find(|line| line.starts_with(name)).unwrap().to_owned()
}

/// A new empty directory, gone with the test.
pub struct Directory(pub String);

impl Directory {
    pub fn new(name: &str) -> Self {
        let path = format!("{}/mioloop-{}-{name}", std::env::temp_dir().display(), std::process::id());
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> CString {
        CString::new(self.0.clone()).unwrap()
    }

    /// A file with these permissions.
    pub fn file(&self, name: &str, content: &str, mode: u32) -> CString {
        use std::os::unix::fs::PermissionsExt;
        let path = format!("{}/{name}", self.0);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        CString::new(path).unwrap()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}
