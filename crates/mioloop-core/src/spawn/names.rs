//! The numbers of users and groups by their names. The system may ask a server for them.

use nix::unistd::{Group, User};
use std::io;

/// The number of the user `name`; none when there is no such user.
///
/// # Errors
/// The operating system's.
pub fn user_id(name: &str) -> io::Result<Option<u32>> {
    Ok(User::from_name(name)?.map(|user| user.uid.as_raw()))
}

/// The number of the group `name`; none when there is no such group.
///
/// # Errors
/// The operating system's.
pub fn group_id(name: &str) -> io::Result<Option<u32>> {
    Ok(Group::from_name(name)?.map(|group| group.gid.as_raw()))
}
