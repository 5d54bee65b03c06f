//! Signals for another process, each with the moment just before it was sent.

use std::io;
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use rustix::time::{ClockId, clock_gettime};

use crate::options::Options;

const NO_PROCESS: &str = "--server-pid is no process";

/// Sends SIGUSR2 `requests` times with a pause before each, and SIGHUP behind them; then prints when: nanoseconds of
/// the monotonic clock, which all processes share.
pub fn send(options: &Options) -> io::Result<()> {
    let pid = options.server_pid.and_then(|pid| Pid::from_raw(pid.try_into().ok()?));
    let pid = pid.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, NO_PROCESS))?;
    let mut sent = Vec::new();
    for _ in 0..options.requests.unwrap_or(0) {
        thread::sleep(options.pause);
        sent.push(now());
        kill_process(pid, Signal::USR2)?;
    }
    thread::sleep(options.pause);
    kill_process(pid, Signal::HUP)?;
    let times: Vec<_> = sent.iter().map(ToString::to_string).collect();
    println!("{{\"sent\":[{}]}}", times.join(","));
    Ok(())
}

fn now() -> i64 {
    let time = clock_gettime(ClockId::Monotonic);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
