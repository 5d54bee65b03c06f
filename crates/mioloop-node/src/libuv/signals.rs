//! A loop of libuv's that holds nothing but signal handles: libuv counts the handles of all its loops, so those of
//! Node and ours go together. Nobody sleeps in this loop; the selector watches its descriptor.
//!
//! libuv sets a signal to its default with the last handle for it, whatever it was before the first one. What it was
//! (Node ignores SIGPIPE, for example, and starts the inspector by SIGUSR1) is kept here and set again.

use super::{Handle, Libuv, Loop, room_for};
use napi::Result;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::c_int;
use std::sync::{Mutex, PoisonError};
use std::{io, mem, ptr};

/// `UV_SIGNAL` of libuv's handle types; part of its ABI since 1.0.
const UV_SIGNAL: c_int = 16;
/// `UV_RUN_DEFAULT`: until nothing is open.
const UV_RUN_DEFAULT: c_int = 0;
/// `UV_RUN_NOWAIT`: what is there now.
const UV_RUN_NOWAIT: c_int = 2;

/// What Node ignores from its start on; it is so again where nobody knows what was before libuv.
const IGNORED_BY_NODE: [c_int; 2] = [libc::SIGPIPE, libc::SIGXFSZ];

/// What signals did before libuv had them: of the process, as signals are.
static BEFORE: Mutex<BTreeMap<c_int, libc::sigaction>> = Mutex::new(BTreeMap::new());

/// The signals that one loop handles.
pub struct Signals {
    libuv: &'static Libuv,
    uv_loop: Loop,
    memory: Box<[u64]>,
    /// The handle of each signal that was ever handled here, stopped or not, in its memory.
    handles: BTreeMap<c_int, Box<[u64]>>,
    /// Signals that have come; boxed because libuv's handles point to it.
    arrived: Box<RefCell<Vec<c_int>>>,
}

impl Signals {
    /// No signals yet; the inner result is the system's. Throws where the host has no libuv.
    pub fn new() -> Result<io::Result<Self>> {
        let libuv = Libuv::get()?;
        // SAFETY: a plain query.
        let mut memory = room_for(unsafe { (libuv.loop_size)() });
        let uv_loop: Loop = memory.as_mut_ptr().cast();
        // SAFETY: `uv_loop` is memory of the size that libuv asked for; it stays where it is until the loop is closed.
        let status = unsafe { (libuv.loop_init)(uv_loop) };
        Ok(checked(status).map(|()| Self {
            libuv,
            uv_loop,
            memory,
            handles: BTreeMap::new(),
            arrived: Box::default(),
        }))
    }

    /// Readable when `take` has something to give.
    pub fn descriptor(&self) -> c_int {
        // SAFETY: the loop is open.
        unsafe { (self.libuv.backend_fd)(self.uv_loop) }
    }

    /// Handles `signal` from now on.
    ///
    /// # Errors
    /// The system's: `EINVAL` for what is no signal or can't be caught.
    pub fn start(&mut self, signal: c_int) -> io::Result<()> {
        let handle = self.handle(signal)?;
        let before = action_of(signal)?;
        // SAFETY: the handle is open.
        checked(unsafe { (self.libuv.signal_start)(handle, on_signal, signal) })?;
        let now = action_of(signal)?;
        if before.sa_sigaction != now.sa_sigaction {
            // Otherwise libuv had the signal already.
            BEFORE.lock().unwrap_or_else(PoisonError::into_inner).insert(signal, before);
        }
        Ok(())
    }

    /// Ends `start`. With the last handle for `signal` in the process, what was before libuv is again.
    pub fn stop(&mut self, signal: c_int) {
        let Some(memory) = self.handles.get_mut(&signal) else { return };
        // SAFETY: the handle is open. For one that is, libuv's call never fails.
        unsafe { (self.libuv.signal_stop)(memory.as_mut_ptr().cast()) };
        restore(signal);
    }

    /// The signals that came since the last call, in their order.
    pub fn take(&mut self) -> Vec<c_int> {
        // SAFETY: the loop is open, and this is no callback of its own: `on_signal` only notes what comes.
        unsafe { (self.libuv.run)(self.uv_loop, UV_RUN_NOWAIT) };
        mem::take(&mut *self.arrived.borrow_mut())
    }

    fn handle(&mut self, signal: c_int) -> io::Result<Handle> {
        if let Some(memory) = self.handles.get_mut(&signal) {
            return Ok(memory.as_mut_ptr().cast());
        }
        // SAFETY: a plain query.
        let mut memory = room_for(unsafe { (self.libuv.handle_size)(UV_SIGNAL) });
        let handle: Handle = memory.as_mut_ptr().cast();
        // SAFETY: `handle` is memory of the size that libuv asked for, and `arrived` is boxed; both stay where they are
        // until the loop is closed, and with it the handle.
        unsafe {
            checked((self.libuv.signal_init)(self.uv_loop, handle))?;
            (self.libuv.handle_set_data)(handle, (&raw const *self.arrived).cast_mut().cast());
        }
        self.handles.insert(signal, memory);
        Ok(handle)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        let signals: Vec<c_int> = self.handles.keys().copied().collect();
        for memory in self.handles.values_mut() {
            // SAFETY: the handle is open, and its memory stays until the run below has ended its close.
            unsafe { (self.libuv.close)(memory.as_mut_ptr().cast(), None) };
        }
        // SAFETY: nothing but closing handles is left in the loop, so the run ends, and without a wait.
        let status = unsafe {
            (self.libuv.run)(self.uv_loop, UV_RUN_DEFAULT);
            (self.libuv.loop_close)(self.uv_loop)
        };
        if status != 0 {
            // libuv still knows this memory; it can't be given back.
            mem::forget(mem::take(&mut self.memory));
            mem::forget(mem::take(&mut self.handles));
        }
        for signal in signals {
            restore(signal);
        }
    }
}

/// libuv: `signal` has come.
unsafe extern "C" fn on_signal(handle: Handle, signal: c_int) {
    let Ok(libuv) = Libuv::get() else { return };
    // SAFETY: the data is the box that `Signals::handle` set, alive as long as the handle; nobody borrows it meanwhile,
    // because libuv calls from inside `take` (or the drop) only.
    let arrived = unsafe { &*(libuv.handle_get_data)(handle).cast::<RefCell<Vec<c_int>>>() };
    arrived.borrow_mut().push(signal);
}

/// Sets what was before libuv, if libuv has let go of `signal`.
fn restore(signal: c_int) {
    if !action_of(signal).is_ok_and(|action| action.sa_sigaction == libc::SIG_DFL) {
        return;
    }
    let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).remove(&signal);
    let ignored_by_node = || IGNORED_BY_NODE.contains(&signal).then(|| simple_action(libc::SIG_IGN));
    let Some(action) = before.or_else(ignored_by_node) else { return };
    // SAFETY: the action is one that was in force before, or says that the signal is ignored. It can't fail for a signal that
    // libuv could catch.
    unsafe { libc::sigaction(signal, &action, ptr::null_mut()) };
}

/// What `signal` does now.
fn action_of(signal: c_int) -> io::Result<libc::sigaction> {
    let mut action = simple_action(libc::SIG_DFL);
    // SAFETY: a query into memory of its own.
    match unsafe { libc::sigaction(signal, ptr::null(), &mut action) } {
        0 => Ok(action),
        _ => Err(io::Error::last_os_error()),
    }
}

/// An action without a mask or flags.
fn simple_action(action: libc::sighandler_t) -> libc::sigaction {
    // SAFETY: a plain structure of C, of which all zeros are a value.
    let zeros: libc::sigaction = unsafe { mem::zeroed() };
    libc::sigaction { sa_sigaction: action, ..zeros }
}

/// A status of libuv's, which is a negative errno on every Unix.
fn checked(status: c_int) -> io::Result<()> {
    if status == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(-status)) }
}
