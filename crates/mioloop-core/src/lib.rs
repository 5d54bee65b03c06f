//! mioloop's core: what runs per packet, per timer or per system call. Plain Rust; it knows nothing of Node
//! and never calls JavaScript. `driver` makes one turn of all the others.

#![forbid(unsafe_code)]
#![warn(missing_debug_implementations)]

pub mod accept;
pub mod address;
pub mod address_block;
pub mod alarm;
pub mod batch;
pub mod channel;
pub mod child;
pub mod datagram;
pub mod driver;
pub mod file;
pub mod inet;
pub mod layout;
pub mod limits;
pub mod mailbox;
#[cfg(target_os = "linux")]
pub mod orphans;
pub mod outlet;
pub mod pace;
#[cfg(target_os = "linux")]
pub mod pidfd;
pub mod pipe;
pub mod reaper;
pub mod resolver;
pub mod rings;
pub mod selector;
pub mod socket;
pub mod spawn;
pub mod stream;
pub mod tokens;
pub mod watch;
pub mod wheel;
pub mod write_call;
pub mod write_queue;
