//! What a child is started with: its program, its descriptors, its environment, its signals.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use crate::errno;
use crate::nursery::{Directory, Nursery, PATH, descriptors, shell, threads, zombies};
use mioloop_core::layout::*;
use mioloop_core::spawn::{Command, SpawnError, Stdio};
use nix::sys::signal::{SigSet, Signal};
use rustix::io::{FdFlags, dup, fcntl_dupfd_cloexec, fcntl_setfd};
use rustix::pipe::fcntl_getpipe_size;
use std::ffi::{CStr, CString};
use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

fn failure(nursery: &mut Nursery, command: &Command<'_>) -> SpawnError {
    let before = descriptors();
    let failure = nursery.spawn(command).unwrap_err();
    assert!(nursery.bench.driver.is_idle());
    assert_eq!(descriptors(), before);
    assert!(zombies().is_empty());
    assert!(threads().is_empty());
    failure
}

/// The call that failed, what it was about, and the errno.
fn told(failure: &SpawnError) -> (&str, Option<&CStr>, i32) {
    (failure.call, failure.path.as_deref(), errno(&failure.error))
}

fn program<'a>(name: &'a CStr, environment: &[&'a CStr]) -> Command<'a> {
    let mut command = Command::new(name, vec![name]);
    command.environment = environment.to_vec();
    command.stdio = [Stdio::Pipe, Stdio::Pipe, Stdio::Pipe];
    command
}

#[test]
fn what_cannot_be_started_says_so_with_its_name() {
    let mut nursery = Nursery::new();
    let directory = Directory::new("unstartable");
    let plain = directory.file("plain", "#!/bin/sh\n", 0o644);
    let no_format = directory.file("noformat", "echo ran\n", 0o755);
    let no_interpreter = directory.file("nointerpreter", "#!/no/such/interpreter\n", 0o755);
    let below = CString::new(format!("{}/plain/below", directory.0)).unwrap();
    let both = CString::new(format!("PATH={}:/bin", directory.0)).unwrap();
    let cases: [(&CStr, &CStr, i32); 8] = [
        (c"/no/such/program", PATH, libc::ENOENT),
        (c"nosuchprogram", PATH, libc::ENOENT),
        (&plain, PATH, libc::EACCES),
        (&directory.path(), PATH, libc::EACCES),
        (&below, PATH, libc::ENOTDIR),
        (&no_format, PATH, libc::ENOEXEC),
        (&no_interpreter, PATH, libc::ENOENT),
        // The error of the one that is there, not that of the directory behind it.
        (c"plain", &both, libc::EACCES),
    ];
    for (name, path, expected) in cases {
        let failure = failure(&mut nursery, &program(name, &[path]));
        assert_eq!(told(&failure), ("posix_spawn", Some(name), expected));
    }
}

#[test]
fn a_program_is_looked_for_as_the_child_would() {
    let mut nursery = Nursery::new();
    let directory = Directory::new("path");
    directory.file("tool", "#!/bin/sh\necho found\n", 0o755);
    directory.file("sh", "not executable", 0o644);
    let (here, path) = (directory.path(), CString::new(format!("PATH={}:/bin", directory.0)).unwrap());
    let mut run = |name: &CStr, environment: &[&CStr], directory: Option<&CStr>| {
        let mut command = Command::new(name, vec![c"sh", c"-c", c"echo shell"]);
        command.environment = environment.to_vec();
        command.directory = directory;
        nursery.run(command).output
    };
    assert_eq!(run(c"tool", &[&path], None), "found\n");
    // Passed over where it can't be executed.
    assert_eq!(run(c"sh", &[&path], None), "shell\n");
    // The default, where the child has no PATH.
    assert_eq!(run(c"sh", &[c"A=1"], None), "shell\n");
    // Relative to the child's directory: an empty part, and a path.
    assert_eq!(run(c"tool", &[c"PATH=/bin:"], Some(&here)), "found\n");
    assert_eq!(run(c"./tool", &[], Some(&here)), "found\n");
}

#[test]
fn the_environment_is_what_is_given_and_an_empty_one_is_empty() {
    let mut nursery = Nursery::new();
    let mut env = |environment: Vec<&CStr>| {
        let mut command = Command::new(c"env", vec![c"env"]);
        command.environment = environment;
        nursery.run(command).output
    };
    assert_eq!(env(vec![]), "");
    assert_eq!(env(vec![c"B=2 3", c"PATH=/usr/bin", c"A="]), "B=2 3\nPATH=/usr/bin\nA=\n");
}

#[test]
fn a_program_sees_the_arguments_that_are_given() {
    let mut nursery = Nursery::new();
    let mut command = Command::new(
        c"/bin/sh",
        vec![c"another name", c"-c", c"echo \"$0\"; printf '<%s>' \"$@\"", c"x", c"", c"a b"],
    );
    command.environment = vec![PATH];
    assert_eq!(nursery.run(command).output, "x\n<><a b>");
    let command = Command::new(c"/bin/cat", vec![c"another name", c"/proc/self/cmdline"]);
    assert_eq!(nursery.run(command).output, "another name\0/proc/self/cmdline\0");
}

#[test]
fn pipes_carry_bytes_both_ways() {
    let mut nursery = Nursery::new();
    let mut command = shell(c"cat; echo end >&2");
    command.stdio = [Stdio::Pipe, Stdio::Pipe, Stdio::Pipe];
    let spawned = nursery.spawn(&command).unwrap();
    let [input, output, error] = spawned.pipes.map(Option::unwrap);
    for pipe in [output, error] {
        nursery.bench.submit(SUBMIT_RESUME, pipe, 0, 0);
    }
    nursery.bench.submit_write(input, b"to and fro");
    nursery.bench.submit(SUBMIT_CLOSE, input, 0, 0);
    let mut all = Vec::new();
    while all.iter().filter(|told: &&crate::support::Told| told.kind == COMPLETE_EOF).count() < 2 {
        all.extend(nursery.bench.turn(POLL_SLEEP));
    }
    let read = |key| {
        all.iter().filter(|told| told.key == key).flat_map(|told| told.bytes.clone()).collect::<Vec<_>>()
    };
    assert_eq!((read(output), read(error)), (b"to and fro".to_vec(), b"end\n".to_vec()));
}

#[test]
fn standard_descriptors_go_anywhere() {
    let mut nursery = Nursery::new();
    let directory = Directory::new("stdio");
    let file = |name: &str| -> OwnedFd { File::create(format!("{}/{name}", directory.0)).unwrap().into() };
    let read = |name: &str| std::fs::read_to_string(format!("{}/{name}", directory.0)).unwrap();
    let mut run = |stdio: [Stdio; 3], script: &CStr| {
        let mut command = shell(script);
        command.stdio = stdio;
        let spawned = nursery.spawn(&command).unwrap();
        assert_eq!(nursery.ending(&spawned).offset, 0);
    };
    let both = c"echo output; echo error >&2";
    run([Stdio::Null, Stdio::Descriptor(file("one")), Stdio::Stdout], both);
    assert_eq!(read("one"), "output\nerror\n");
    run([Stdio::Null, Stdio::Null, Stdio::Descriptor(file("two"))], both);
    assert_eq!(read("two"), "error\n");
    // Standard output and error exchanged: duplicates of this process's own.
    let ends = file("three");
    let (output, error) = (dup(std::io::stdout()).unwrap(), dup(std::io::stderr()).unwrap());
    let names = format!("1 {:?} 2 {:?}", link(output.as_raw_fd()), link(error.as_raw_fd()));
    run(
        [Stdio::Descriptor(ends), Stdio::Descriptor(error), Stdio::Descriptor(output)],
        c"echo 1 \\\"$(readlink /proc/$$/fd/2)\\\" 2 \\\"$(readlink /proc/$$/fd/1)\\\" >&0",
    );
    assert_eq!(read("three").trim(), names);
    run([Stdio::Null, Stdio::Null, Stdio::Null], c"read line; [ $? = 1 ] && [ -c /proc/self/fd/1 ]");
    run([Stdio::Inherit, Stdio::Inherit, Stdio::Inherit], c"true <&0 >&1 2>&2");
}

fn link(number: i32) -> std::path::PathBuf {
    std::fs::read_link(format!("/proc/self/fd/{number}")).unwrap()
}

#[test]
fn no_other_descriptor_reaches_the_child_but_those_passed() {
    let mut nursery = Nursery::new();
    let file = File::open("/dev/null").unwrap();
    let inheritable = dup(&file).unwrap();
    // Far beyond the others, so that the search has to ask for the size of the table.
    let far = fcntl_dupfd_cloexec(file.as_fd(), 900).unwrap();
    fcntl_setfd(&far, FdFlags::empty()).unwrap();
    let list = c"exec ls /proc/self/fd";
    let numbers = |output: String| output.lines().map(|line| line.parse().unwrap()).collect::<Vec<i32>>();
    // The last one is the directory that is listed.
    assert_eq!(numbers(nursery.shell(list, |_| {})), [0, 1, 2, 3]);
    let passed =
        numbers(nursery.shell(list, |command| command.pass = vec![file.as_raw_fd(), far.as_raw_fd(), 1]));
    assert_eq!(passed.len(), 6);
    assert!(passed.contains(&file.as_raw_fd()) && passed.contains(&far.as_raw_fd()));
    let all = numbers(nursery.shell(list, |command| command.close = false));
    assert!(all.contains(&inheritable.as_raw_fd()) && all.contains(&far.as_raw_fd()));
    assert!(!all.contains(&file.as_raw_fd()));
    let mut command = shell(list);
    command.pass = vec![800];
    assert_eq!(told(&nursery.spawn(&command).unwrap_err()), ("dup2", None, libc::EBADF));
}

#[test]
fn pipes_have_the_size_that_is_asked_for() {
    let mut nursery = Nursery::new();
    let mut size = |bytes: Option<usize>| {
        let mut command = shell(c"cat");
        command.pipe_bytes = bytes;
        command.stdio[0] = Stdio::Pipe;
        let spawned = nursery.spawn(&command).unwrap();
        let input = spawned.pipes[0].unwrap();
        let descriptor = nursery.bench.driver.descriptor_of(input).unwrap();
        let pipe = File::open(format!("/proc/self/fd/{descriptor}")).unwrap();
        let size = fcntl_getpipe_size(&pipe).unwrap();
        drop(pipe);
        nursery.bench.submit(SUBMIT_CLOSE, input, 0, 0);
        assert_eq!(nursery.ending(&spawned).offset, 0);
        size
    };
    assert_eq!(size(Some(256 * 1024)), 256 * 1024);
    assert!([64, 128].contains(&(size(None) / 1024)));
    let mut command = shell(c"true");
    command.pipe_bytes = Some(usize::MAX / 2);
    command.stdio[0] = Stdio::Pipe;
    assert_eq!(told(&nursery.spawn(&command).unwrap_err()).0, "fcntl");
}

#[test]
fn signals_are_restored_and_none_is_blocked() {
    let mut nursery = Nursery::new();
    let mut blocked = SigSet::empty();
    blocked.add(Signal::SIGTERM);
    blocked.thread_block().unwrap();
    let pipe = 1 << (Signal::SIGPIPE as u64 - 1);
    let mut ignored = |restore: bool| {
        let script = c"grep -E 'SigBlk|SigIgn' /proc/self/status";
        let output = nursery.shell(script, |command| command.restore_signals = restore);
        let masks: Vec<u64> =
            output.lines().map(|line| u64::from_str_radix(line[7..].trim(), 16).unwrap()).collect();
        assert_eq!(masks[0], 0);
        masks[1] & pipe
    };
    // Rust's runtime ignores SIGPIPE, as Node does.
    assert_eq!(ignored(true), 0);
    assert_eq!(ignored(false), pipe);
    blocked.thread_unblock().unwrap();
}

#[test]
fn sessions_and_process_groups() {
    let mut nursery = Nursery::new();
    // pid, parent, group, session
    let script = c"exec cut -d ' ' -f 1,4,5,6 /proc/self/stat";
    let mut ids = |adapt: &dyn Fn(&mut Command<'_>)| {
        let output = nursery.shell(script, |command| adapt(command));
        output.split_whitespace().map(|number| number.parse().unwrap()).collect::<Vec<i32>>()
    };
    // Read as the child reads them: 0 in a process namespace that was entered from outside, which rustix does not take.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.split(' ').collect();
    let (own, session): (i32, i32) = (fields[4].parse().unwrap(), fields[5].parse().unwrap());
    let plain = ids(&|_| {});
    assert_eq!(plain[1..], [std::process::id() as i32, own, session]);
    let leader = ids(&|command| command.new_session = true);
    assert_eq!(leader[2..], [leader[0], leader[0]]);
    let grouped = ids(&|command| command.process_group = Some(0));
    assert_eq!(grouped[2..], [grouped[0], session]);
    let joined = ids(&|command| command.process_group = Some(own));
    assert_eq!(joined[2..], [if own == 0 { joined[0] } else { own }, session]);
    let mut command = shell(script);
    command.process_group = Some(1);
    assert_eq!(told(&nursery.spawn(&command).unwrap_err()), ("setpgid", None, libc::EPERM));
}
