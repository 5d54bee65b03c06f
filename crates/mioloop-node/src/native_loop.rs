//! The class that the facade drives: the core's calls, one to one.

use crate::convert::{Begun, Ends, Hints, NativeAddress, NotBegun, NotSent, Opened, Posted, errno};
use crate::libuv::{self, Watcher};
use crate::mailboxes;
use crate::memory::{self, Memory, SharedArrays, bytes_mut};
use crate::native_socket::NativeSocket;
use mioloop_core::accept::ListenOptions;
use mioloop_core::address::literal;
use mioloop_core::alarm::HAS_ALARM;
use mioloop_core::driver::{ConnectError, Driver, Received};
use mioloop_core::file::FilePart;
use mioloop_core::mailbox::Post;
use mioloop_core::resolver::{Query, listed_kinds};
use mioloop_core::tokens::Key;
use napi::bindgen_prelude::{Either, Float64Array, Function, Uint8Array, Uint8ArraySlice, Unknown};
use napi::{Env, Error, Result};
use napi_derive::napi;
use std::io::IoSlice;

/// One loop's core.
#[napi]
pub struct NativeLoop {
    /// `None` once closed.
    driver: Option<Driver>,
    memory: Memory,
    mailbox: u32,
    watcher: Option<Watcher>,
    /// libuv's descriptor while a blocking run watches it.
    host: Option<i32>,
}

#[napi]
impl NativeLoop {
    /// A core that shares `arrays` with its facade. Throws the system's error when no descriptor is left.
    #[napi(constructor)]
    pub fn new(arrays: SharedArrays, virtual_time: bool) -> Result<Self> {
        let driver = if virtual_time { Driver::with_virtual_time() } else { Driver::new() };
        let driver = driver.map_err(|error| Error::from_reason(error.to_string()))?;
        let mailbox = mailboxes::publish(driver.mailbox());
        Ok(Self { driver: Some(driver), memory: Memory::new(arrays), mailbox, watcher: None, host: None })
    }

    /// One turn; returns the number of completions, or the negative errno of a failed selector.
    #[napi]
    pub fn poll(&mut self, way: u32) -> i32 {
        let Some(driver) = &mut self.driver else { return 0 };
        match driver.poll(&mut self.memory.lend(), way) {
            Ok(count) => count as i32,
            Err(error) => -errno(&error),
        }
    }

    /// Further completions of this turn.
    #[napi]
    pub fn more(&mut self) -> u32 {
        self.driver.as_mut().map_or(0, |driver| driver.more(&mut self.memory.lend()) as u32)
    }

    /// Applies what was submitted.
    #[napi]
    pub fn flush(&mut self) {
        if let Some(driver) = &mut self.driver {
            driver.apply(&mut self.memory.lend());
        }
    }

    /// Sends at once; returns the bytes that wait then.
    #[napi]
    pub fn write(&mut self, slot: u32, generation: u32, data: Uint8ArraySlice<'_>) -> f64 {
        let Some(driver) = &mut self.driver else { return 0.0 };
        let key = Key { slot, generation };
        driver.write(&mut self.memory.lend(), key, &mut [IoSlice::new(&data)]) as f64
    }

    /// Sends several pieces at once; returns the bytes that wait then.
    #[napi]
    pub fn writev(&mut self, slot: u32, generation: u32, pieces: Vec<Uint8ArraySlice<'_>>) -> f64 {
        let Some(driver) = &mut self.driver else { return 0.0 };
        let mut slices: Vec<_> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
        driver.write(&mut self.memory.lend(), Key { slot, generation }, &mut slices) as f64
    }

    /// Reads into `buffer`: the number of bytes, 0 at the end, -1 when nothing is there; below that, an errno
    /// as -1 - errno.
    #[napi]
    pub fn recv_into(&mut self, slot: u32, generation: u32, mut buffer: Uint8ArraySlice<'_>) -> i32 {
        let Some(driver) = &mut self.driver else { return -1 };
        let key = Key { slot, generation };
        match driver.recv_into(&mut self.memory.lend(), key, bytes_mut(&mut buffer)) {
            Received::Data(count) => count as i32,
            Received::Eof => 0,
            Received::Blocked => -1,
            Received::Failed(errno) => -1 - errno as i32,
        }
    }

    /// Begins to send `count` bytes (null: all) of a file from `offset` on. Its number, with which FILE_SENT will tell the
    /// end; 0 when there was nothing to send; or a negative errno.
    #[napi]
    pub fn send_file(
        &mut self,
        slot: u32,
        generation: u32,
        file: i32,
        offset: f64,
        count: Option<f64>,
    ) -> i32 {
        let Some(driver) = &mut self.driver else { return -libc::EBADF };
        let count = count.map(|count| count as u64);
        let begun = memory::lend(file, |lent| lent.try_clone_to_owned())
            .map(|owned| FilePart::new(owned, offset as u64, count))
            .and_then(|part| driver.send_file(&mut self.memory.lend(), Key { slot, generation }, part));
        begun.map_or_else(|error| -errno(&error), |number| number.unwrap_or(0) as i32)
    }

    /// Ends sending a file, also one that is sent: no more of it leaves. Returns how many bytes have left.
    #[napi]
    pub fn end_file(&mut self, slot: u32, generation: u32) -> f64 {
        let Some(driver) = &mut self.driver else { return 0.0 };
        driver.end_file(&mut self.memory.lend(), Key { slot, generation }) as f64
    }

    /// Replaces the table of buffered bytes.
    #[napi]
    pub fn set_buffered(&mut self, table: Float64Array) {
        self.memory.set_buffered(table);
    }

    /// Seconds on the core's clock.
    #[napi]
    pub fn now(&self) -> f64 {
        self.driver.as_ref().map_or(0.0, Driver::now)
    }

    /// When the next timer is due at the earliest; null when there is none.
    #[napi]
    pub fn next_deadline(&mut self) -> Option<f64> {
        self.driver.as_mut().and_then(Driver::next_deadline)
    }

    /// Whether nothing is open and no timer is set: a sleep would have no end.
    #[napi]
    pub fn is_idle(&mut self) -> bool {
        self.driver.as_mut().is_none_or(Driver::is_idle)
    }

    /// Binds a listener; returns it, or an errno.
    #[napi]
    pub fn bind(
        &mut self,
        address: NativeAddress,
        backlog: u32,
        reuse_address: bool,
        reuse_port: bool,
        keep_alive: bool,
    ) -> Result<Either<Opened, i32>> {
        let driver = self.open()?;
        let options = ListenOptions { reuse_address, reuse_port, keep_alive };
        let bound = address.to_address().and_then(|address| driver.bind(&address, options, backlog));
        Ok(bound.map_or_else(|error| Either::B(errno(&error)), |key| Either::A(key.into())))
    }

    /// A listener on a bound socket.
    #[napi]
    pub fn adopt_listener(&mut self, socket: &NativeSocket, backlog: u32) -> Result<Opened> {
        Ok(self.open()?.adopt_listener(socket.shared().clone(), backlog).into())
    }

    /// Takes a connected socket over; returns the source, or an errno, and the socket stays the caller's.
    #[napi]
    pub fn adopt_stream(&mut self, socket: &NativeSocket) -> Result<Either<Opened, i32>> {
        let adopted = self.open()?.adopt_stream(socket.shared());
        Ok(adopted.map_or_else(|error| Either::B(errno(&error)), |key| Either::A(key.into())))
    }

    /// Takes a datagram socket over; returns the source, or an errno, and the socket stays the caller's.
    #[napi]
    pub fn adopt_endpoint(&mut self, socket: &NativeSocket) -> Result<Either<Opened, i32>> {
        let adopted = self.open()?.adopt_endpoint(socket.shared());
        Ok(adopted.map_or_else(|error| Either::B(errno(&error)), |key| Either::A(key.into())))
    }

    /// Sends a datagram at once, to the address in `block` (empty: to where the socket is connected).
    #[napi]
    pub fn send_to(
        &mut self,
        slot: u32,
        generation: u32,
        data: Uint8ArraySlice<'_>,
        block: Uint8ArraySlice<'_>,
    ) {
        if let Some(driver) = &mut self.driver {
            driver.send_to(&mut self.memory.lend(), Key { slot, generation }, &data, &block);
        }
    }

    /// The datagrams that could not be sent since the last call.
    #[napi]
    pub fn take_unsent(&mut self, slot: u32, generation: u32) -> Vec<NotSent> {
        let Some(driver) = &mut self.driver else { return Vec::new() };
        let unsent = driver.take_unsent(&mut self.memory.lend(), Key { slot, generation });
        unsent.into_iter().map(NotSent::from).collect()
    }

    /// Gives the memory that datagrams are received into.
    #[napi]
    pub fn set_datagrams(&mut self, slab: Uint8Array) {
        self.memory.set_datagrams(slab);
    }

    /// Watches a descriptor of the user's for `bits` of READY_…; returns the source, or an errno.
    #[napi]
    pub fn watch(&mut self, descriptor: i32, bits: u32) -> Result<Either<Opened, i32>> {
        let watched = self.open()?.watch(descriptor, bits);
        Ok(watched.map_or_else(|error| Either::B(errno(&error)), |key| Either::A(key.into())))
    }

    /// Watches for `bits` from now on and tells again what is there; 0, or an errno: `ENOENT` when the descriptor was
    /// closed and its number is another one's.
    #[napi]
    pub fn rearm(&mut self, slot: u32, generation: u32, bits: u32) -> Result<i32> {
        let key = Key { slot, generation };
        let driver = self.driver.as_mut().ok_or_else(closed)?;
        let armed = driver.rearm(&mut self.memory.lend(), key, bits);
        Ok(armed.map_or_else(|error| errno(&error), |()| 0))
    }

    /// The slot of the source that has `descriptor`; -1 when it is none of this loop's.
    #[napi]
    pub fn holder_of(&self, descriptor: i32) -> i32 {
        let holder = self.driver.as_ref().and_then(|driver| driver.holder_of(descriptor));
        holder.map_or(-1, |key| key.slot as i32)
    }

    /// The socket of a source, to ask it and to set its options; null when the source is gone.
    #[napi]
    pub fn socket_of(&self, slot: u32, generation: u32) -> Option<NativeSocket> {
        let socket = self.driver.as_ref()?.socket_of(Key { slot, generation })?;
        Some(NativeSocket::of(socket))
    }

    /// Makes a listener accept; returns 0 or an errno.
    #[napi]
    pub fn serve(&mut self, slot: u32, generation: u32) -> Result<i32> {
        Ok(self.open()?.serve(Key { slot, generation }).map_or_else(|error| errno(&error), |()| 0))
    }

    /// Lets a listener accept nothing until `acceptAgain`.
    #[napi]
    pub fn rest(&mut self, slot: u32, generation: u32) {
        if let Some(driver) = &mut self.driver {
            driver.rest(Key { slot, generation });
        }
    }

    /// Lets a listener that rests try again.
    #[napi]
    pub fn accept_again(&mut self, slot: u32, generation: u32) {
        if let Some(driver) = &mut self.driver {
            driver.accept_again(Key { slot, generation });
        }
    }

    /// Lets listeners accept no more than `room` connections together, but one more for each `giveRoom`.
    #[napi]
    pub fn share_room(&mut self, listeners: Vec<Opened>, room: u32) -> Result<()> {
        let keys: Vec<Key> = listeners.into_iter().map(Key::from).collect();
        self.open()?.share_room(&keys, room);
        Ok(())
    }

    /// A connection of this listener, or of one that shares its room, has left.
    #[napi]
    pub fn give_room(&mut self, slot: u32, generation: u32) {
        if let Some(driver) = &mut self.driver {
            driver.give_room(Key { slot, generation });
        }
    }

    /// Begins to connect, from `local` if there is one; returns the source, or what failed.
    #[napi]
    pub fn connect(
        &mut self,
        remote: NativeAddress,
        local: Option<NativeAddress>,
        protocol: i32,
    ) -> Result<Either<Begun, NotBegun>> {
        let driver = self.open()?;
        let ends = remote
            .to_address()
            .and_then(|remote| Ok((remote, local.map(|local| local.to_address()).transpose()?)))
            .map_err(|error| ConnectError { call: "connect", error });
        Ok(match ends.and_then(|(remote, local)| driver.connect(&remote, local.as_ref(), protocol)) {
            Ok((key, connected)) => {
                Either::A(Begun { slot: key.slot, generation: key.generation, connected })
            }
            Err(failure) => {
                Either::B(NotBegun { errno: errno(&failure.error), syscall: failure.call.to_owned() })
            }
        })
    }

    /// Looks addresses up on another thread; returns 0 or an errno.
    #[napi]
    pub fn getaddrinfo(
        &mut self,
        request: u32,
        host: Option<String>,
        service: Option<String>,
        hints: Hints,
    ) -> Result<i32> {
        self.look_up(request, Query::Addresses { host, service, hints: hints.into() })
    }

    /// Looks the names of an address up on another thread; returns 0 or an errno.
    #[napi]
    pub fn getnameinfo(
        &mut self,
        request: u32,
        host: String,
        port: u16,
        scope_id: u32,
        flags: i32,
    ) -> Result<i32> {
        self.look_up(request, Query::Name { host, port, scope_id, flags })
    }

    /// Nobody waits for the answer to `request` any more.
    #[napi]
    pub fn forget_look_up(&mut self, request: u32) {
        if let Some(driver) = &self.driver {
            driver.forget_look_up(request);
        }
    }

    /// Closes a source at once.
    #[napi]
    pub fn close_source(&mut self, slot: u32, generation: u32) {
        if let Some(driver) = &mut self.driver {
            driver.close_now(&mut self.memory.lend(), Key { slot, generation });
        }
    }

    /// The addresses of a source, or an errno.
    #[napi]
    pub fn addresses(&mut self, slot: u32, generation: u32) -> Result<Either<Ends, i32>> {
        Ok(match self.open()?.addresses(Key { slot, generation }) {
            Ok(addresses) => Either::A(addresses.into()),
            Err(error) => Either::B(errno(&error)),
        })
    }

    /// The descriptor of a source, -1 when it is gone.
    #[napi]
    pub fn descriptor(&self, slot: u32, generation: u32) -> i32 {
        let key = Key { slot, generation };
        self.driver.as_ref().and_then(|driver| driver.descriptor_of(key)).unwrap_or(-1)
    }

    /// Bytes of a stream that wait to be sent, after everything submitted.
    #[napi]
    pub fn queued(&mut self, slot: u32, generation: u32) -> f64 {
        let Some(driver) = &mut self.driver else { return 0.0 };
        driver.queued(&mut self.memory.lend(), Key { slot, generation }) as f64
    }

    /// The number under which other threads can `post` to this loop.
    #[napi]
    pub fn mailbox(&self) -> u32 {
        self.mailbox
    }

    /// What other threads have posted.
    #[napi]
    pub fn take_posted(&mut self) -> Vec<Posted> {
        let Some(driver) = &self.driver else { return Vec::new() };
        driver.mailbox().take().into_iter().map(Posted::from).collect()
    }

    /// Lets libuv watch the selector: `callback` runs in a callback scope of its own while events wait.
    #[napi]
    pub fn start_hosting(&mut self, env: Env, callback: Function<'_, (), ()>) -> Result<()> {
        let descriptor = self.open()?.descriptor();
        let watcher = match &mut self.watcher {
            Some(watcher) => watcher,
            none => none.insert(Watcher::new(&env, descriptor)?),
        };
        watcher.start(&callback)
    }

    /// Ends `start_hosting`.
    #[napi]
    pub fn stop_hosting(&mut self) {
        if let Some(watcher) = &mut self.watcher {
            watcher.stop();
        }
    }

    /// Wakes a blocking poll when libuv has something to do, a thread's end for example.
    #[napi]
    pub fn watch_host(&mut self, env: Env) -> Result<()> {
        let descriptor = libuv::backend_descriptor(&env)?;
        self.open()?.watch_host(descriptor).map_err(|error| Error::from_reason(error.to_string()))?;
        self.host = Some(descriptor);
        Ok(())
    }

    /// Ends `watch_host`.
    #[napi]
    pub fn unwatch_host(&mut self) -> Result<()> {
        if let (Some(driver), Some(descriptor)) = (&self.driver, self.host.take()) {
            driver.unwatch_host(descriptor).map_err(|error| Error::from_reason(error.to_string()))?;
        }
        Ok(())
    }

    /// Sends what was submitted and closes everything.
    #[napi]
    pub fn close(&mut self) {
        self.flush();
        mailboxes::withdraw(self.mailbox);
        let mut driver = self.driver.take();
        if let Some(driver) = &mut driver {
            driver.close_sources();
        }
        match self.watcher.take() {
            // libuv must have let go of the selector's descriptor before it closes.
            Some(watcher) => watcher.close(driver),
            None => drop(driver),
        }
    }

    fn look_up(&mut self, request: u32, query: Query) -> Result<i32> {
        Ok(self.open()?.look_up(request, query).map_or_else(|error| errno(&error), |()| 0))
    }

    pub(crate) fn open(&mut self) -> Result<&mut Driver> {
        self.driver.as_mut().ok_or_else(closed)
    }
}

fn closed() -> Error {
    Error::from_reason("Event loop is closed")
}

impl Drop for NativeLoop {
    fn drop(&mut self) {
        mailboxes::withdraw(self.mailbox);
        if let Some(watcher) = self.watcher.take() {
            watcher.close(self.driver.take());
        }
    }
}

/// Leaves a call of a thread-safe handle for another loop; false when that loop is closed.
#[napi]
pub fn post(mailbox: u32, handle: u32, payload: Uint8ArraySlice<'_>) -> bool {
    let post = Post::Call { handle, payload: payload.to_vec() };
    mailboxes::find(mailbox).is_some_and(|mailbox| mailbox.post(post).is_ok())
}

/// Whether `host` is an address, not a name.
#[napi]
pub fn is_literal(host: String) -> bool {
    literal(&host, 0).is_some()
}

/// The types and protocols of sockets that `getaddrinfo` lists for an address, one after another.
#[napi]
#[must_use]
pub fn listed_socket_kinds() -> Vec<i32> {
    listed_kinds().into_iter().flat_map(|(kind, protocol)| [kind, protocol]).collect()
}

/// Raises `error` as an uncaught exception, at once.
#[napi]
pub fn raise_uncaught(env: Env, error: Unknown<'_>) {
    libuv::raise_uncaught(&env, &error);
}

/// Whether a host is woken at a timer's time by the core itself.
#[napi]
pub fn has_alarm() -> bool {
    HAS_ALARM
}
