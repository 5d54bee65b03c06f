//! The memory that JavaScript allocates and shares with the core, and the memory of typed arrays that users
//! pass. All unsafe access to JavaScript's bytes is here.
//!
//! The shared arrays are referenced for as long as `Memory` lives, and no view of them ever reaches user
//! code, so they can't be detached. Users' arrays are touched only inside the call that brings them:
//! JavaScript does not run meanwhile.

use mioloop_core::rings::Shared;
use napi::bindgen_prelude::{Float64Array, Uint8Array, Uint8ArraySlice, Uint32Array};
use napi_derive::napi;

/// The arrays that a loop shares with its core.
#[napi(object, object_to_js = false)]
pub struct SharedArrays {
    pub header: Uint32Array,
    pub submissions: Uint32Array,
    pub outgoing: Uint8Array,
    pub completions: Uint32Array,
    pub incoming: Uint8Array,
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
