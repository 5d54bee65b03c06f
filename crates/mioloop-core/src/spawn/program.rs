//! Which file a program's name means, as asyncio finds it: by `PATH` of the child's environment, from its directory.

use super::{Command, SpawnError};
use nix::unistd::Pid;
use rustix::fs::{Access, AtFlags, CWD, accessat};
use rustix::io::Errno;
use std::ffi::{CStr, CString};

/// Where programs are when the environment does not say (`os.defpath`).
const DEFAULT_PATH: &[u8] = b"/bin:/usr/bin";

/// Tries the files that `command` may mean, one after another, until `exec` starts one. `directory` is the child's where
/// this thread is in another one.
///
/// # Errors
/// The first error that is not about a missing file, else the last; what failed for another reason than its file is not tried again.
pub(super) fn launch(
    command: &Command<'_>,
    directory: Option<&CStr>,
    mut exec: impl FnMut(&CStr) -> Result<Pid, Errno>,
) -> Result<Pid, SpawnError> {
    let (mut first, mut last) = (None, Errno::NOENT);
    for candidate in candidates(command) {
        let begun = permitted(&candidate, directory).and_then(|()| exec(&candidate));
        let error = match begun {
            Ok(pid) => return Ok(pid),
            Err(error) => error,
        };
        match error {
            Errno::NOENT | Errno::NOTDIR => last = error,
            Errno::AGAIN | Errno::NOMEM => return Err(SpawnError::of("posix_spawn", error)),
            Errno::PERM | Errno::SRCH | Errno::INVAL if command.process_group.is_some() => {
                return Err(SpawnError::of("setpgid", error));
            }
            _ => first = first.or(Some(error)),
        }
    }
    Err(SpawnError::about("posix_spawn", command.program, first.unwrap_or(last)))
}

/// Asked before, so that a name that is in the last directory of many costs one spawn, not many.
fn permitted(candidate: &CStr, directory: Option<&CStr>) -> Result<(), Errno> {
    let path = match directory {
        Some(directory) if !candidate.to_bytes().starts_with(b"/") => {
            &*joined(directory.to_bytes(), candidate)
        }
        _ => candidate,
    };
    match accessat(CWD, path, Access::EXEC_OK, AtFlags::EACCESS) {
        // An old kernel can't tell for a process with two identities; the spawn will.
        Err(Errno::NOSYS) => Ok(()),
        result => result,
    }
}

fn candidates(command: &Command<'_>) -> Vec<CString> {
    if command.program.to_bytes().contains(&b'/') {
        return vec![command.program.to_owned()];
    }
    let given = command.environment.iter().find_map(|variable| variable.to_bytes().strip_prefix(b"PATH="));
    let directories = given.unwrap_or(DEFAULT_PATH).split(|byte| *byte == b':');
    // An empty one is the child's directory.
    directories
        .map(|directory| joined(if directory.is_empty() { b"." } else { directory }, command.program))
        .collect()
}

fn joined(directory: &[u8], file: &CStr) -> CString {
    let mut path = Vec::with_capacity(directory.len() + file.count_bytes() + 1);
    path.extend_from_slice(directory);
    path.push(b'/');
    path.extend_from_slice(file.to_bytes());
    // No part of two C strings and a slash is a NUL, so this takes all of it.
    CString::new(path).unwrap_or_default()
}
