//! What a child has that `posix_spawn` has no attribute for: its directory, umask, user and groups.
//!
//! For the kernel of Linux these belong to a thread, and a child has those of the thread that spawns it. So a thread is
//! made for the spawn alone, is given the child's, and ends with them; the process keeps its own.

use super::{Command, SpawnError, Wiring, exec, program};
use crate::limits::DRESSING_STACK_BYTES;
use nix::unistd::Pid;
use rustix::fs::{Access, AtFlags, CWD, FileType, Mode, accessat, stat};
use rustix::io::Errno;
use std::ffi::{CStr, CString};
use std::thread;

/// Who the child is; nothing for what this process is.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub user: Option<u32>,
    pub group: Option<u32>,
    /// All its supplementary groups.
    pub groups: Option<Vec<u32>>,
}

impl Identity {
    fn is_other(&self) -> bool {
        self.user.is_some() || self.group.is_some() || self.groups.is_some()
    }
}

/// Whether `command` asks for something that a thread has to be made for.
pub(super) fn is_needed(command: &Command<'_>) -> bool {
    has_place(command) || command.identity.is_other()
}

/// Whether it asks for what a process shares between its threads by default.
fn has_place(command: &Command<'_>) -> bool {
    command.directory.is_some() || command.umask.is_some()
}

/// Starts `command` from a thread that is as the child is to be.
///
/// # Errors
/// The operating system's.
pub(super) fn launch(command: &Command<'_>, wiring: &Wiring, may_unshare: bool) -> Result<Pid, SpawnError> {
    thread::scope(|scope| {
        let started = thread::Builder::new()
            .name("mioloop-spawn".into())
            .stack_size(DRESSING_STACK_BYTES)
            .spawn_scoped(scope, || dress_and_launch(command, wiring, may_unshare));
        let thread = started.map_err(|error| SpawnError::of("pthread_create", error))?;
        // It does not panic; if it ever did, there would be no child.
        thread.join().unwrap_or_else(|_| Err(SpawnError::of("posix_spawn", Errno::CANCELED)))
    })
}

fn dress_and_launch(command: &Command<'_>, wiring: &Wiring, may_unshare: bool) -> Result<Pid, SpawnError> {
    let by_shell = has_place(command) && !(may_unshare && has_own_place());
    if !by_shell {
        take_place(command)?;
    }
    take_identity(&command.identity)?;
    if !by_shell {
        return program::launch(command, None, |path| exec(command, wiring, path, &command.arguments));
    }
    if let Some(directory) = command.directory {
        enterable(directory).map_err(|error| SpawnError::about("chdir", directory, error))?;
    }
    program::launch(command, command.directory, |path| {
        let shell = Shell::new(command, path);
        exec(command, wiring, c"/bin/sh", &shell.arguments(command))
    })
}

/// Gives this thread a directory and a umask of its own. Sandboxes refuse it.
#[cfg(target_os = "linux")]
fn has_own_place() -> bool {
    nix::sched::unshare(nix::sched::CloneFlags::CLONE_FS).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn has_own_place() -> bool {
    false
}

fn take_place(command: &Command<'_>) -> Result<(), SpawnError> {
    if let Some(directory) = command.directory {
        rustix::process::chdir(directory).map_err(|error| SpawnError::about("chdir", directory, error))?;
    }
    if let Some(mask) = command.umask {
        rustix::process::umask(Mode::from_raw_mode(mask as _));
    }
    Ok(())
}

/// In the order in which one loses the right to do the next: groups first, the user last.
#[cfg(target_os = "linux")]
fn take_identity(identity: &Identity) -> Result<(), SpawnError> {
    use rustix::process::{Gid, Uid};
    use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};
    if let Some(groups) = &identity.groups {
        let groups: Vec<Gid> = groups.iter().copied().map(Gid::from_raw).collect();
        set_thread_groups(&groups).map_err(|error| SpawnError::of("setgroups", error))?;
    }
    if let Some(group) = identity.group.map(Gid::from_raw) {
        set_thread_res_gid(group, group, group).map_err(|error| SpawnError::of("setregid", error))?;
    }
    if let Some(user) = identity.user.map(Uid::from_raw) {
        set_thread_res_uid(user, user, user).map_err(|error| SpawnError::of("setreuid", error))?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn take_identity(identity: &Identity) -> Result<(), SpawnError> {
    if identity.is_other() {
        return Err(SpawnError::of("setreuid", Errno::NOTSUP));
    }
    Ok(())
}

/// What `chdir` would say.
fn enterable(directory: &CStr) -> Result<(), Errno> {
    if FileType::from_raw_mode(stat(directory)?.st_mode) != FileType::Directory {
        return Err(Errno::NOTDIR);
    }
    match accessat(CWD, directory, Access::EXEC_OK, AtFlags::EACCESS) {
        Err(Errno::NOSYS) => Ok(()),
        result => result,
    }
}

/// A shell that goes to the child's place and becomes the program.
struct Shell {
    script: CString,
    directory: Option<CString>,
    mask: Option<CString>,
    path: CString,
}

impl Shell {
    fn new(command: &Command<'_>, path: &CStr) -> Self {
        let directory = command.directory.map(|directory| {
            // In front of the name of an option, and without `CDPATH`.
            let prefix: &[u8] = if directory.to_bytes().starts_with(b"/") { b"" } else { b"./" };
            c_string([prefix, directory.to_bytes()].concat())
        });
        let mask = command.umask.map(|mask| c_string(format!("{mask:o}").into_bytes()));
        let mut script = String::new();
        if directory.is_some() {
            script.push_str(r#"cd "$1" && shift && "#);
        }
        if mask.is_some() {
            script.push_str(r#"umask "$1" && shift && "#);
        }
        script.push_str(r#"exec "$@""#);
        Self { script: c_string(script.into_bytes()), directory, mask, path: path.to_owned() }
    }

    fn arguments<'a>(&'a self, command: &'a Command<'_>) -> Vec<&'a CStr> {
        let mut arguments = vec![c"sh", c"-c", &*self.script, c"sh"];
        arguments.extend(self.directory.as_deref());
        arguments.extend(self.mask.as_deref());
        arguments.push(&self.path);
        arguments.extend(command.arguments.iter().skip(1));
        arguments
    }
}

/// Of bytes that have no NUL in them.
fn c_string(bytes: Vec<u8>) -> CString {
    CString::new(bytes).unwrap_or_default()
}
