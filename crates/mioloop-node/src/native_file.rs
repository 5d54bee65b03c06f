//! Files of the user's, by their descriptors: what sending one needs besides sendfile.

use crate::convert::errno;
use crate::memory::{self, bytes_mut};
use mioloop_core::file;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;

/// Reads at `position`, or, below 0, what comes next; the number of bytes, or a negative errno: `EAGAIN` when a pipe has
/// nothing yet, also one that would block.
#[napi]
pub fn read_file(descriptor: i32, position: f64, mut buffer: Uint8ArraySlice<'_>) -> i32 {
    let position = (position >= 0.0).then_some(position as u64);
    memory::lend(descriptor, |file| file::read(file, position, bytes_mut(&mut buffer)))
        .map_or_else(|error| -errno(&error), |count| count as i32)
}

/// Sets a file's position; 0, or a negative errno.
#[napi]
pub fn move_file(descriptor: i32, position: f64) -> i32 {
    memory::lend(descriptor, |file| file::move_to(file, position as u64))
        .map_or_else(|error| -errno(&error), |()| 0)
}
