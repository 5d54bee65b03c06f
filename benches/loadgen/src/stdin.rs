//! The end of stdin is the sign to stop: it comes even when the parent was killed.

use std::io::{self, Read};

/// Returns when stdin has ended.
pub fn wait_for_end() {
    let mut stdin = io::stdin().lock();
    let mut ignored = [0; 256];
    while matches!(stdin.read(&mut ignored), Ok(1..)) {}
}
