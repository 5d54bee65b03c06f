//! Which descriptors of this process a child would inherit by accident.
//!
//! Rust, Node and libuv mark theirs to be closed on exec, so mostly there is none. But a library may have opened one, or
//! whoever started Node; and then a child would hold a connection or a pipe open that has been closed here.

use super::FlagsOf;
use crate::limits::DESCRIPTOR_GAP;
use rustix::io::FdFlags;
use std::os::fd::RawFd;

/// The flag with which a child inherits only what is said.
#[cfg(target_vendor = "apple")]
pub(super) const OFF_BY_DEFAULT: i32 = libc::POSIX_SPAWN_CLOEXEC_DEFAULT;
#[cfg(not(target_vendor = "apple"))]
pub(super) const OFF_BY_DEFAULT: i32 = 0;

/// Whether there is such a flag, and no need to look.
pub(super) const IS_OFF_BY_DEFAULT: bool = OFF_BY_DEFAULT != 0;

/// The inheritable descriptors from 3 on, but for those to `pass`. Asking the flags of a number costs 50 ns, while a list of
/// `/proc/self/fd` would cost a microsecond for each; how many there are is that directory's size.
pub(super) fn inheritable(pass: &[RawFd], flags_of: FlagsOf) -> Vec<RawFd> {
    let standard = (0..3).filter(|number| flags_of(*number).is_ok()).count();
    let mut left = open_count().map(|count| count.saturating_sub(standard));
    let mut end = left.map_or_else(table_size, |left| left + DESCRIPTOR_GAP);
    let mut asked_size = left.is_none();
    let mut found = Vec::new();
    let mut number = 3;
    while left != Some(0) {
        if number >= end {
            // Far fewer than counted: large numbers are in use, or another thread has closed some.
            if asked_size {
                break;
            }
            asked_size = true;
            end = table_size();
            continue;
        }
        if let Ok(flags) = flags_of(number as RawFd) {
            left = left.map(|left| left - 1);
            if !flags.contains(FdFlags::CLOEXEC) && !pass.contains(&(number as RawFd)) {
                found.push(number as RawFd);
            }
        }
        number += 1;
    }
    found
}

/// How many descriptors are open, where the system counts them (Linux from 6.2 on).
fn open_count() -> Option<usize> {
    let size = rustix::fs::stat("/proc/self/fd").ok()?.st_size;
    usize::try_from(size).ok().filter(|size| *size > 0)
}

/// A number that no descriptor reaches: the size of the system's table, else the limit.
fn table_size() -> usize {
    let in_table = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("FDSize:"))?;
        line.trim().parse().ok()
    });
    in_table.unwrap_or_else(|| {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX)
    })
}
