//! The Node-API addon of mioloop: a thin export of `mioloop-core`. It holds no logic of the loop; it turns
//! JavaScript values into the core's and back, and lets libuv watch the core's selector.
//!
//! `native_loop` and `native_socket` are the exported classes; `memory` and `libuv` are the only modules with unsafe code.

#![deny(unsafe_code)]

pub mod address_blocks;
pub mod bells;
pub mod constants;
mod convert;
#[expect(unsafe_code, reason = "libuv and Node-API are C interfaces")]
mod libuv;
mod mailboxes;
#[expect(unsafe_code, reason = "JavaScript's memory is borrowed for the length of a call")]
mod memory;
pub mod native_children;
pub mod native_file;
pub mod native_loop;
pub mod native_pipes;
pub mod native_signals;
pub mod native_socket;
