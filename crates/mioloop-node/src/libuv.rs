//! libuv, as far as a hosted loop needs it: a `uv_poll` handle that watches the selector's descriptor and
//! calls JavaScript in a callback scope of its own, and the descriptor that tells a blocking loop of libuv's
//! own events; in `signals`, a loop of libuv's for signals. Its symbols are looked up in the running program, since
//! not every host of Node-API has them; no structure of it is known here, only its accessors.
//!
//! Order of an end: stop → `uv_close` → in its callback the driver (and with it the selector's descriptor)
//! goes. When the environment ends first, its cleanup hook closes the handle in the same order.

mod signals;

use libloading::os::unix::Library;
use mioloop_core::driver::Driver;
use napi::bindgen_prelude::{Function, JsValue, Unknown};
use napi::{Env, Error, Result, sys};
use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_void};
use std::ptr;
use std::rc::Rc;
use std::sync::OnceLock;

pub use signals::Signals;

/// `UV_POLL` of libuv's handle types; part of its ABI since 1.0.
const UV_POLL: c_int = 8;
/// `UV_READABLE` of libuv's poll events.
const UV_READABLE: c_int = 1;

type Handle = *mut c_void;
type Loop = *mut c_void;
type PollCallback = unsafe extern "C" fn(Handle, c_int, c_int);
type CloseCallback = unsafe extern "C" fn(Handle);
type SignalCallback = unsafe extern "C" fn(Handle, c_int);

/// The functions of libuv that are used.
struct Libuv {
    handle_size: unsafe extern "C" fn(c_int) -> usize,
    handle_set_data: unsafe extern "C" fn(Handle, *mut c_void),
    handle_get_data: unsafe extern "C" fn(Handle) -> *mut c_void,
    poll_init: unsafe extern "C" fn(Loop, Handle, c_int) -> c_int,
    poll_start: unsafe extern "C" fn(Handle, c_int, PollCallback) -> c_int,
    poll_stop: unsafe extern "C" fn(Handle) -> c_int,
    signal_init: unsafe extern "C" fn(Loop, Handle) -> c_int,
    signal_start: unsafe extern "C" fn(Handle, SignalCallback, c_int) -> c_int,
    signal_stop: unsafe extern "C" fn(Handle) -> c_int,
    close: unsafe extern "C" fn(Handle, Option<CloseCallback>),
    backend_fd: unsafe extern "C" fn(Loop) -> c_int,
    loop_size: unsafe extern "C" fn() -> usize,
    loop_init: unsafe extern "C" fn(Loop) -> c_int,
    loop_close: unsafe extern "C" fn(Loop) -> c_int,
    run: unsafe extern "C" fn(Loop, c_int) -> c_int,
}

impl Libuv {
    fn get() -> Result<&'static Self> {
        static LIBUV: OnceLock<Option<Libuv>> = OnceLock::new();
        LIBUV.get_or_init(Self::look_up).as_ref().ok_or_else(|| {
            Error::from_reason("this host has no libuv (uv_poll); only the blocking way to run works here")
        })
    }

    fn look_up() -> Option<Self> {
        let program = Library::this();
        // SAFETY: the types are those of libuv 1.x's public headers, and the program stays loaded.
        unsafe {
            Some(Self {
                handle_size: *program.get(b"uv_handle_size\0").ok()?,
                handle_set_data: *program.get(b"uv_handle_set_data\0").ok()?,
                handle_get_data: *program.get(b"uv_handle_get_data\0").ok()?,
                poll_init: *program.get(b"uv_poll_init\0").ok()?,
                poll_start: *program.get(b"uv_poll_start\0").ok()?,
                poll_stop: *program.get(b"uv_poll_stop\0").ok()?,
                signal_init: *program.get(b"uv_signal_init\0").ok()?,
                signal_start: *program.get(b"uv_signal_start\0").ok()?,
                signal_stop: *program.get(b"uv_signal_stop\0").ok()?,
                close: *program.get(b"uv_close\0").ok()?,
                backend_fd: *program.get(b"uv_backend_fd\0").ok()?,
                loop_size: *program.get(b"uv_loop_size\0").ok()?,
                loop_init: *program.get(b"uv_loop_init\0").ok()?,
                loop_close: *program.get(b"uv_loop_close\0").ok()?,
                run: *program.get(b"uv_run\0").ok()?,
            })
        }
    }
}

/// Memory for `bytes` bytes of a structure of libuv's; of u64 for its alignment.
fn room_for(bytes: usize) -> Box<[u64]> {
    vec![0u64; bytes.div_ceil(8)].into_boxed_slice()
}

/// What the handle and its owner share. The handle's data holds one reference until its close callback.
struct Inner {
    libuv: &'static Libuv,
    env: sys::napi_env,
    handle: Handle,
    /// The handle's memory.
    _memory: Box<[u64]>,
    /// The JavaScript callback while started.
    callback: Cell<sys::napi_ref>,
    cleanup: Cell<sys::napi_async_cleanup_hook_handle>,
    closing: Cell<bool>,
    /// Dropped when libuv has let go of the selector.
    driver: RefCell<Option<Driver>>,
}

/// A `uv_poll` handle on the selector.
pub struct Watcher {
    inner: Rc<Inner>,
}

impl Watcher {
    /// A handle for `descriptor`, not started.
    pub fn new(env: &Env, descriptor: c_int) -> Result<Self> {
        let libuv = Libuv::get()?;
        let uv_loop = event_loop(env)?;
        // SAFETY: a plain query.
        let mut memory = room_for(unsafe { (libuv.handle_size)(UV_POLL) });
        let handle: Handle = memory.as_mut_ptr().cast();
        // SAFETY: `handle` is memory of the size that libuv asked for; it lives in `Inner` until the close
        // callback has run.
        let status = unsafe { (libuv.poll_init)(uv_loop, handle, descriptor) };
        if status != 0 {
            return Err(Error::from_reason(format!("libuv can't watch the selector (error {status})")));
        }
        let inner = Rc::new(Inner {
            libuv,
            env: env.raw(),
            handle,
            _memory: memory,
            callback: Cell::new(ptr::null_mut()),
            cleanup: Cell::new(ptr::null_mut()),
            closing: Cell::new(false),
            driver: RefCell::new(None),
        });
        let data = Rc::into_raw(Rc::clone(&inner)).cast_mut().cast();
        let mut cleanup = ptr::null_mut();
        // SAFETY: the handle is initialised; `data` is a counted reference that only `on_close` gives back,
        // so it outlives both the handle's callbacks and the hook.
        unsafe {
            (libuv.handle_set_data)(handle, data);
            sys::napi_add_async_cleanup_hook(env.raw(), Some(on_environment_end), data, &mut cleanup);
        }
        inner.cleanup.set(cleanup);
        Ok(Self { inner })
    }

    /// Calls `callback` while the selector has events; keeps the process alive until `stop`.
    pub fn start(&mut self, callback: &Function<'_, (), ()>) -> Result<()> {
        self.stop();
        let inner = &self.inner;
        if inner.closing.get() {
            return Ok(());
        }
        let mut reference = ptr::null_mut();
        // SAFETY: the value belongs to this environment and this call; the handle is initialised.
        unsafe {
            sys::napi_create_reference(inner.env, callback.raw(), 1, &mut reference);
            inner.callback.set(reference);
            let status = (inner.libuv.poll_start)(inner.handle, UV_READABLE, on_readable);
            if status != 0 {
                return Err(Error::from_reason(format!("libuv can't watch the selector (error {status})")));
            }
        }
        Ok(())
    }

    /// Ends `start`.
    pub fn stop(&mut self) {
        let inner = &self.inner;
        let reference = inner.callback.replace(ptr::null_mut());
        if reference.is_null() || inner.closing.get() {
            return;
        }
        // SAFETY: the handle is open, and the reference was made by `start`.
        unsafe {
            (inner.libuv.poll_stop)(inner.handle);
            sys::napi_delete_reference(inner.env, reference);
        }
    }

    /// Closes the handle, and drops `driver` after that.
    pub fn close(mut self, driver: Option<Driver>) {
        self.stop();
        *self.inner.driver.borrow_mut() = driver;
        self.inner.close();
    }
}

impl Inner {
    fn close(&self) {
        if self.closing.replace(true) {
            return;
        }
        // SAFETY: the handle is open; its memory stays until `on_close` has run.
        unsafe { (self.libuv.close)(self.handle, Some(on_close)) };
    }
}

/// libuv: the selector has events.
unsafe extern "C" fn on_readable(handle: Handle, _status: c_int, _events: c_int) {
    let Ok(libuv) = Libuv::get() else { return };
    // SAFETY: the data is the reference that `Watcher::new` set; it lives until `on_close`. The extra count
    // keeps it while JavaScript runs, which may close the watcher.
    let inner = unsafe {
        let data: *const Inner = (libuv.handle_get_data)(handle).cast();
        Rc::increment_strong_count(data);
        Rc::from_raw(data)
    };
    let env = inner.env;
    // SAFETY: on the environment's own thread, from its event loop, with a handle scope around all values.
    unsafe {
        let mut scope = ptr::null_mut();
        if sys::napi_open_handle_scope(env, &mut scope) != sys::Status::napi_ok {
            return;
        }
        let mut function = ptr::null_mut();
        let mut receiver = ptr::null_mut();
        sys::napi_get_reference_value(env, inner.callback.get(), &mut function);
        sys::napi_get_global(env, &mut receiver);
        if !function.is_null() && !receiver.is_null() {
            let mut result = ptr::null_mut();
            let status = sys::napi_make_callback(
                env,
                ptr::null_mut(),
                receiver,
                function,
                0,
                ptr::null(),
                &mut result,
            );
            if status == sys::Status::napi_pending_exception {
                let mut error = ptr::null_mut();
                sys::napi_get_and_clear_last_exception(env, &mut error);
                sys::napi_fatal_exception(env, error);
            }
        }
        sys::napi_close_handle_scope(env, scope);
    }
}

/// libuv: the handle is closed.
unsafe extern "C" fn on_close(handle: Handle) {
    let Ok(libuv) = Libuv::get() else { return };
    // SAFETY: this takes back the one reference that the handle's data holds; libuv is done with the handle.
    let inner = unsafe { Rc::from_raw((libuv.handle_get_data)(handle).cast::<Inner>().cast_const()) };
    drop(inner.driver.borrow_mut().take());
    let cleanup = inner.cleanup.replace(ptr::null_mut());
    if !cleanup.is_null() {
        // SAFETY: the hook was added by `Watcher::new` and is removed once.
        unsafe { sys::napi_remove_async_cleanup_hook(cleanup) };
    }
}

/// Node: the environment ends (a worker's end, or the process's).
unsafe extern "C" fn on_environment_end(_hook: sys::napi_async_cleanup_hook_handle, data: *mut c_void) {
    // SAFETY: `data` is the reference that the handle holds until `on_close`, which removes this hook.
    let inner = unsafe { &*data.cast::<Inner>().cast_const() };
    inner.close();
}

/// libuv's own descriptor: readable while libuv has something to do.
pub fn backend_descriptor(env: &Env) -> Result<c_int> {
    let uv_loop = event_loop(env)?;
    // SAFETY: the environment's loop is alive for as long as the environment.
    Ok(unsafe { (Libuv::get()?.backend_fd)(uv_loop) })
}

fn event_loop(env: &Env) -> Result<Loop> {
    let mut uv_loop = ptr::null_mut();
    // SAFETY: a query of a live environment.
    let status = unsafe { sys::napi_get_uv_event_loop(env.raw(), &mut uv_loop) };
    if status != sys::Status::napi_ok || uv_loop.is_null() {
        return Err(Error::from_reason("this host has no libuv loop"));
    }
    Ok(uv_loop.cast())
}

/// Raises `error` as an uncaught exception.
pub fn raise_uncaught(env: &Env, error: &Unknown<'_>) {
    // SAFETY: the value belongs to this environment and this call.
    unsafe { sys::napi_fatal_exception(env.raw(), error.raw()) };
}
