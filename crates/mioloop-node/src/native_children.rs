//! Child processes: the methods of the loop's class that start and signal them.

use crate::convert::{Opened, errno};
use crate::memory;
use crate::native_loop::NativeLoop;
use mioloop_core::driver::{self, ChildMeans};
use mioloop_core::spawn::{self, Command, Identity, SpawnError, Stdio};
use mioloop_core::tokens::Key;
use napi::Result;
use napi::bindgen_prelude::{Buffer, Either, Uint8Array};
use napi_derive::napi;
use std::ffi::{CStr, CString};
use std::io;

/// What child to start. `stdin`, `stdout`, `stderr`: none for the parent's, -1 for a pipe, -2 for where stdout goes (of
/// stderr only), -3 for `/dev/null`, or a descriptor, which stays the caller's. Lists of strings are bytes in which each
/// string ends with a NUL.
#[napi(object, object_to_js = false)]
pub struct ChildSpec {
    /// A path when there is a slash in it, else a name that `PATH` of `env` is looked through for.
    pub program: Uint8Array,
    /// A list of strings; the first is the program as it sees itself.
    pub args: Uint8Array,
    /// A list of strings `name=value`; where there is none, this process's own environment (in the main thread only).
    pub env: Option<Uint8Array>,
    pub cwd: Option<Uint8Array>,
    pub stdin: Option<i32>,
    pub stdout: Option<i32>,
    pub stderr: Option<i32>,
    pub pass_fds: Vec<i32>,
    pub close_fds: bool,
    pub restore_signals: bool,
    pub pipesize: Option<u32>,
    pub new_session: bool,
    pub process_group: Option<i32>,
    pub user: Option<u32>,
    pub group: Option<u32>,
    pub extra_groups: Option<Vec<u32>>,
    pub umask: Option<u32>,
}

/// A child, and our ends of its pipes as sources.
#[napi(object, object_from_js = false)]
pub struct Spawned {
    pub pid: i32,
    pub slot: u32,
    pub generation: u32,
    pub stdin: Option<Opened>,
    pub stdout: Option<Opened>,
    pub stderr: Option<Opened>,
}

impl From<driver::Spawned> for Spawned {
    fn from(spawned: driver::Spawned) -> Self {
        let Key { slot, generation } = spawned.key;
        let [stdin, stdout, stderr] = spawned.pipes.map(|pipe| pipe.map(Opened::from));
        Self { pid: spawned.pid, slot, generation, stdin, stdout, stderr }
    }
}

/// A child that was not started.
#[napi(object, object_from_js = false)]
pub struct NotSpawned {
    pub errno: i32,
    pub syscall: String,
    /// The program as it was given, or the directory: what the error is about.
    pub path: Option<Buffer>,
}

impl From<SpawnError> for NotSpawned {
    fn from(failure: SpawnError) -> Self {
        Self {
            errno: errno(&failure.error),
            syscall: failure.call.to_owned(),
            path: failure.path.map(|path| path.into_bytes().into()),
        }
    }
}

#[napi]
impl NativeLoop {
    /// Starts a child process; returns it, or what failed: then there is no child, and nothing is left open.
    #[napi]
    pub fn spawn(&mut self, spec: ChildSpec) -> Result<Either<Spawned, NotSpawned>> {
        let driver = self.open()?;
        Ok(match spawned(driver, spec) {
            Ok(spawned) => Either::A(spawned.into()),
            Err(failure) => Either::B(failure.into()),
        })
    }

    /// Sends a signal to a child (0: only asks whether it runs); 0, or an errno: `ESRCH` when it is reaped, `EINVAL`
    /// for what is no signal.
    #[napi]
    pub fn signal_child(&mut self, slot: u32, generation: u32, signal: i32) -> Result<i32> {
        let driver = self.open()?;
        let key = Key { slot, generation };
        let sent = memory::signal(signal).and_then(|signal| driver.signal_child(key, signal));
        Ok(sent.map_or_else(|error| errno(&error), |()| 0))
    }

    /// Makes children from now on as a system would that has no pidfd, or refuses `unshare`; for tests.
    #[napi]
    pub fn limit_children(&mut self, without_pidfd: bool, without_unshare: bool) -> Result<()> {
        self.open()?.limit_children(ChildMeans { pidfd: !without_pidfd, unshare: !without_unshare });
        Ok(())
    }
}

/// The number of the user with this name; null when there is none, or a negative errno.
#[napi]
pub fn user_id(name: String) -> Option<f64> {
    number(spawn::user_id(&name))
}

/// The number of the group with this name; null when there is none, or a negative errno.
#[napi]
pub fn group_id(name: String) -> Option<f64> {
    number(spawn::group_id(&name))
}

fn number(found: io::Result<Option<u32>>) -> Option<f64> {
    found.map_or_else(|error| Some(f64::from(-errno(&error))), |id| id.map(f64::from))
}

fn spawned(
    driver: &mut driver::Driver,
    mut spec: ChildSpec,
) -> std::result::Result<driver::Spawned, SpawnError> {
    match spec.env.take() {
        Some(env) => spawned_with(driver, spec, strings(&env)),
        None => memory::lend_environment(|environment| spawned_with(driver, spec, environment)),
    }
}

fn spawned_with(
    driver: &mut driver::Driver,
    spec: ChildSpec,
    environment: Vec<&CStr>,
) -> std::result::Result<driver::Spawned, SpawnError> {
    let program = c_string(&spec.program)?;
    let directory = spec.cwd.as_deref().map(c_string).transpose()?;
    let command = Command {
        program: &program,
        arguments: strings(&spec.args),
        environment,
        directory: directory.as_deref(),
        stdio: [stdio(spec.stdin)?, stdio(spec.stdout)?, stdio(spec.stderr)?],
        pass: spec.pass_fds,
        close: spec.close_fds,
        restore_signals: spec.restore_signals,
        pipe_bytes: spec.pipesize.map(|bytes| bytes as usize),
        new_session: spec.new_session,
        process_group: spec.process_group,
        umask: spec.umask,
        identity: Identity { user: spec.user, group: spec.group, groups: spec.extra_groups },
    };
    driver.spawn(&command, memory::descriptor_flags)
}

fn c_string(bytes: &[u8]) -> std::result::Result<CString, SpawnError> {
    CString::new(bytes).map_err(|error| SpawnError::of("posix_spawn", error))
}

/// The strings of a list; behind the last NUL there is none.
fn strings(mut list: &[u8]) -> Vec<&CStr> {
    let mut strings = Vec::new();
    while let Ok(string) = CStr::from_bytes_until_nul(list) {
        list = &list[string.count_bytes() + 1..];
        strings.push(string);
    }
    strings
}

fn stdio(given: Option<i32>) -> std::result::Result<Stdio, SpawnError> {
    Ok(match given {
        None => Stdio::Inherit,
        Some(-1) => Stdio::Pipe,
        Some(-2) => Stdio::Stdout,
        Some(-3) => Stdio::Null,
        Some(descriptor) => {
            let duplicate = memory::lend(descriptor, |lent| lent.try_clone_to_owned());
            Stdio::Descriptor(duplicate.map_err(|error| SpawnError::of("dup", error))?)
        }
    })
}
