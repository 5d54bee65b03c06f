//! Ends of pipes of the user's, by their descriptors, as sources of a loop.

use crate::convert::{Opened, errno};
use crate::memory;
use crate::native_loop::NativeLoop;
use mioloop_core::driver::Driver;
use mioloop_core::pipe::Refused;
use mioloop_core::tokens::Key;
use napi::Result;
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use std::io;
use std::os::fd::{IntoRawFd, OwnedFd};

#[napi]
impl NativeLoop {
    /// Reads from a descriptor, which is the loop's from now on, or from a duplicate of it. Returns the source, or an
    /// errno, and the descriptor stays the caller's.
    #[napi]
    pub fn adopt_read_pipe(&mut self, descriptor: i32, duplicate: bool) -> Result<Either<Opened, i32>> {
        Ok(opened(adopt(self.open()?, descriptor, duplicate, Driver::adopt_read_pipe)))
    }

    /// The same for writing.
    #[napi]
    pub fn adopt_write_pipe(&mut self, descriptor: i32, duplicate: bool) -> Result<Either<Opened, i32>> {
        Ok(opened(adopt(self.open()?, descriptor, duplicate, Driver::adopt_write_pipe)))
    }
}

fn adopt(
    driver: &mut Driver,
    descriptor: i32,
    duplicate: bool,
    call: impl FnOnce(&mut Driver, OwnedFd) -> std::result::Result<Key, Refused>,
) -> io::Result<Key> {
    if duplicate {
        let own = memory::lend(descriptor, |lent| lent.try_clone_to_owned())?;
        return Ok(call(driver, own)?);
    }
    call(driver, memory::adopt_descriptor(descriptor)?).map_err(|Refused { error, descriptor }| {
        // It stays the caller's.
        let _ = descriptor.into_raw_fd();
        error
    })
}

fn opened(adopted: io::Result<Key>) -> Either<Opened, i32> {
    adopted.map_or_else(|error| Either::B(errno(&error)), |key| Either::A(key.into()))
}
