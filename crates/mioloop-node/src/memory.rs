//! What JavaScript lends: the memory that it allocates and shares with the core, the memory of typed arrays that
//! users pass, and descriptors and signals by their numbers; and what the C library lends: the environment. All unsafe
//! access to these is here.
//!
//! The shared arrays are referenced for as long as `Memory` lives, and no view of them ever reaches user
//! code, so they can't be detached. Users' arrays are touched only inside the call that brings them:
//! JavaScript does not run meanwhile.

use mioloop_core::rings::Shared;
use napi::bindgen_prelude::{Float64Array, Uint8Array, Uint8ArraySlice, Uint32Array};
use napi_derive::napi;
use rustix::io::{FdFlags, fcntl_getfd};
use rustix::process::Signal;
use std::ffi::{CStr, c_char};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// The arrays that a loop shares with its core.
#[napi(object, object_to_js = false)]
pub struct SharedArrays {
    pub header: Uint32Array,
    pub submissions: Uint32Array,
    pub outgoing: Uint8Array,
    pub completions: Uint32Array,
    pub incoming: Uint8Array,
    pub datagrams: Uint8Array,
    pub buffered: Float64Array,
}

/// Keeps the shared arrays alive and lends them to the core.
pub struct Memory {
    arrays: SharedArrays,
}

impl Memory {
    pub fn new(arrays: SharedArrays) -> Self {
        Self { arrays }
    }

    /// Replaces the table of buffered bytes by a larger one.
    pub fn set_buffered(&mut self, buffered: Float64Array) {
        self.arrays.buffered = buffered;
    }

    /// Makes room for datagrams, which only loops with a datagram endpoint need.
    pub fn set_datagrams(&mut self, datagrams: Uint8Array) {
        self.arrays.datagrams = datagrams;
    }

    /// The shared memory, for the length of one call.
    pub fn lend(&mut self) -> Shared<'_> {
        let arrays = &mut self.arrays;
        // SAFETY: the references in `arrays` keep the memory alive and undetached (see the module's text),
        // the arrays do not overlap (the facade makes each of its own buffer), and JavaScript, the only
        // other writer, can't run while the returned value is borrowed: no call of the core runs JavaScript.
        unsafe {
            Shared {
                header: arrays.header.as_mut(),
                submissions: arrays.submissions.as_mut(),
                outgoing: arrays.outgoing.as_mut(),
                completions: arrays.completions.as_mut(),
                incoming: arrays.incoming.as_mut(),
                datagrams: arrays.datagrams.as_mut(),
                buffered: arrays.buffered.as_mut(),
            }
        }
    }
}

/// The bytes of a user's array to read into.
pub fn bytes_mut<'a>(array: &'a mut Uint8ArraySlice<'_>) -> &'a mut [u8] {
    // SAFETY: the array was resolved from its value in this very call (a detached one has length 0), and
    // JavaScript can't run, detach or resize it before the call returns.
    unsafe { array.as_mut() }
}

/// A descriptor of the user's, for the length of one call.
///
/// # Errors
/// What `call` says; `EBADF` for a number that can't be one.
pub fn lend<T>(descriptor: RawFd, call: impl FnOnce(BorrowedFd<'_>) -> io::Result<T>) -> io::Result<T> {
    if descriptor < 0 {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    // SAFETY: it is used within this call only, and JavaScript can't close it meanwhile; the system answers one that is
    // closed already by an error.
    call(unsafe { BorrowedFd::borrow_raw(descriptor) })
}

/// The flags of a descriptor.
///
/// # Errors
/// `EBADF` when it is not open.
pub fn descriptor_flags(descriptor: RawFd) -> io::Result<FdFlags> {
    lend(descriptor, |lent| Ok(fcntl_getfd(lent)?))
}

/// A signal by its number; none for 0, which is none.
///
/// # Errors
/// `EINVAL` for a number that no signal has.
pub fn signal(number: i32) -> io::Result<Option<Signal>> {
    if number == 0 {
        return Ok(None);
    }
    if let Some(signal) = Signal::from_named_raw(number) {
        return Ok(Some(signal));
    }
    #[cfg(target_os = "linux")]
    if (libc::SIGRTMIN()..=libc::SIGRTMAX()).contains(&number) {
        // SAFETY: the system leaves these to programs; the C library's own are below.
        return Ok(Some(unsafe { Signal::from_raw_unchecked(number) }));
    }
    Err(io::Error::from_raw_os_error(libc::EINVAL))
}

/// This process's environment, each variable as `name=value`, lent for `call`. Only for Node's main thread: it is who changes
/// the environment.
pub fn lend_environment<T>(call: impl FnOnce(Vec<&CStr>) -> T) -> T {
    let mut variables = Vec::new();
    // SAFETY: a list of C strings that ends with a null pointer, as the C library keeps it. Node changes it by `process.env`
    // of the main thread, where this is called, and no JavaScript runs meanwhile. (A worker that shares `process.env` may as
    // well, as it may under every other reader in the process: C has no lock for that.)
    unsafe {
        let mut next = environment();
        while !next.is_null() && !(*next).is_null() {
            variables.push(CStr::from_ptr(*next));
            next = next.add(1);
        }
    }
    call(variables)
}

#[cfg(target_vendor = "apple")]
fn environment() -> *mut *mut c_char {
    // SAFETY: a plain query.
    unsafe { *libc::_NSGetEnviron() }
}

#[cfg(not(target_vendor = "apple"))]
fn environment() -> *mut *mut c_char {
    unsafe extern "C" {
        static mut environ: *mut *mut c_char;
    }
    // SAFETY: every C library has it, and a pointer is read whole.
    unsafe { environ }
}

/// The socket of a descriptor that the caller gives away.
///
/// # Errors
/// `EBADF` when it is not open, `ENOTSOCK` when it is no socket: it stays the caller's then.
pub fn adopt_socket(descriptor: RawFd) -> io::Result<socket2::Socket> {
    lend(descriptor, |lent| socket2::SockRef::from(&lent).r#type())?;
    // SAFETY: it is open (asked above), and the caller gives it away; nobody else closes it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) }.into())
}

/// A descriptor that the caller gives away.
///
/// # Errors
/// `EBADF` when it is not open.
pub fn adopt_descriptor(descriptor: RawFd) -> io::Result<OwnedFd> {
    descriptor_flags(descriptor)?;
    // SAFETY: it is open (asked above), and the caller gives it away; nobody else closes it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// The value of a socket's option, `size` bytes at most.
///
/// # Errors
/// The operating system's.
pub fn socket_option(socket: &socket2::Socket, level: i32, name: i32, size: usize) -> io::Result<Vec<u8>> {
    let mut value = vec![0u8; size];
    let mut length = size as libc::socklen_t;
    // SAFETY: the pointers are to `value` and `length`, and the system writes no more than `length` bytes.
    let status = unsafe {
        libc::getsockopt(socket.as_raw_fd(), level, name, value.as_mut_ptr().cast(), &raw mut length)
    };
    if status != 0 {
        return Err(io::Error::last_os_error());
    }
    value.truncate(length as usize);
    Ok(value)
}

/// Sets a socket's option.
///
/// # Errors
/// The operating system's.
pub fn set_socket_option(socket: &socket2::Socket, level: i32, name: i32, value: &[u8]) -> io::Result<()> {
    let length = value.len() as libc::socklen_t;
    // SAFETY: the pointer is to `value`, and the system reads `length` bytes of it.
    let status = unsafe { libc::setsockopt(socket.as_raw_fd(), level, name, value.as_ptr().cast(), length) };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
