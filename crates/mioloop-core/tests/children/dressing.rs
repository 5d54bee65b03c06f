//! Directory, umask, user and groups of a child, from a thread that is dressed as it, and by a shell where the system refuses that.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use crate::errno;
use crate::nursery::{Directory, Nursery, descriptors, shell, status, threads, zombies};
use mioloop_core::spawn::{Command, Identity};
use std::ffi::CStr;

/// With `unshare`, and where the system refuses it.
const BOTH: [bool; 2] = [true, false];

/// What must not change: the credentials, the umask and the directory of all threads of this process.
fn own() -> Vec<String> {
    let mut own: Vec<_> = ["Uid", "Gid", "Groups", "Umask", "CapEff"].map(status).into();
    own.push(std::env::current_dir().unwrap().display().to_string());
    own
}

#[test]
fn directory_and_umask_are_the_childs_alone() {
    let mut nursery = Nursery::new();
    let directory = Directory::new("place");
    let path = directory.path();
    let before = own();
    for unshare in BOTH {
        nursery.limit(true, unshare);
        let script = c"/bin/pwd; umask";
        let output = nursery.shell(script, |command| {
            command.umask = Some(0o027);
            command.directory = Some(c"/");
        });
        assert_eq!(output, "/\n0027\n");
        assert_eq!(nursery.shell(script, |command| command.umask = Some(0)).lines().nth(1), Some("0000"));
        let mut command = shell(script);
        command.directory = Some(&path);
        assert_eq!(nursery.run(command).output.lines().next(), Some(&*directory.0));
        assert_eq!(own(), before);
        assert!(threads().is_empty());
    }
}

#[test]
fn a_directory_may_have_any_name() {
    let mut nursery = Nursery::new();
    let directory = Directory::new("-names $(false)");
    std::fs::create_dir(format!("{}/-", directory.0)).unwrap();
    directory.file("-/tool", "#!/bin/sh\npwd; printf '<%s>' \"$@\"\n", 0o755);
    let path = std::ffi::CString::new(format!("{}/-", directory.0)).unwrap();
    for unshare in BOTH {
        nursery.limit(true, unshare);
        for program in [c"./tool", c"tool"] {
            let mut command = Command::new(program, vec![program, c"", c"a \"b\" $c"]);
            command.environment = vec![c"PATH=", c"CDPATH=/"];
            command.directory = Some(&path);
            let left = nursery.run(command);
            assert_eq!(left.output, format!("{}/-\n<><a \"b\" $c>", directory.0));
        }
    }
}

#[test]
fn a_directory_that_cannot_be_entered_is_what_the_error_is_about() {
    let mut nursery = Nursery::new();
    let directory = Directory::new("closed");
    let file = directory.file("file", "", 0o755);
    for unshare in BOTH {
        nursery.limit(true, unshare);
        let before = descriptors();
        for (path, expected) in [(c"/no/such/directory", libc::ENOENT), (&*file, libc::ENOTDIR)] {
            let mut command = shell(c"true");
            command.directory = Some(path);
            let failure = nursery.spawn(&command).unwrap_err();
            assert_eq!((failure.call, errno(&failure.error)), ("chdir", expected));
            assert_eq!(failure.path.as_deref(), Some(path));
        }
        let mut command = Command::new(c"nosuch", vec![c"nosuch"]);
        command.directory = Some(c"/");
        let failure = nursery.spawn(&command).unwrap_err();
        assert_eq!((failure.call, errno(&failure.error)), ("posix_spawn", libc::ENOENT));
        assert_eq!(failure.path.as_deref(), Some(c"nosuch"));
        assert_eq!(descriptors(), before);
        assert!(zombies().is_empty() && threads().is_empty());
    }
}

#[test]
fn user_and_groups_are_the_childs_alone() {
    let mut nursery = Nursery::new();
    let is_root = rustix::process::geteuid().is_root();
    let before = own();
    for unshare in BOTH {
        nursery.limit(true, unshare);
        let mut id = |identity: Identity, directory: Option<&CStr>| {
            let mut command = shell(c"id -ru; id -u; id -rg; id -g; id -G; grep CapEff /proc/self/status");
            command.identity = identity;
            command.directory = directory.map(|_| c"/");
            if !is_root {
                let failure = nursery.spawn(&command).unwrap_err();
                assert_eq!(errno(&failure.error), libc::EPERM);
                return String::new();
            }
            nursery.run(command).output
        };
        let user = id(Identity { user: Some(1), group: Some(2), groups: Some(vec![3, 4]) }, None);
        let place = id(Identity { user: Some(1), group: Some(2), groups: Some(vec![3, 4]) }, Some(c"/"));
        let group = id(Identity { group: Some(5), ..Identity::default() }, None);
        if is_root {
            assert_eq!(user, "1\n1\n2\n2\n2 3 4\nCapEff:\t0000000000000000\n");
            assert_eq!(place, user);
            assert!(group.starts_with("0\n0\n5\n5\n"));
        }
        assert_eq!(own(), before);
    }
}

#[test]
fn a_program_is_found_with_the_childs_rights() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let mut nursery = Nursery::new();
    let directory = Directory::new("rights");
    let secret = directory.file("secret", "#!/bin/sh\n", 0o700);
    let mut command = Command::new(&secret, vec![c"secret"]);
    command.identity.user = Some(1);
    let failure = nursery.spawn(&command).unwrap_err();
    assert_eq!((failure.call, errno(&failure.error)), ("posix_spawn", libc::EACCES));
    command.identity.user = None;
    let spawned = nursery.spawn(&command).unwrap();
    assert_eq!(nursery.ending(&spawned).offset, 0);
}
