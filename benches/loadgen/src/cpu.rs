//! CPU time of the server, read by the load generator so that both readings lie exactly on the measured window.

use std::fs;
use std::time::Duration;

/// `USER_HZ`, the unit of `/proc/<pid>/stat`: 100 on every architecture that Linux shows to programs.
const TICK: Duration = Duration::from_millis(10);

/// User and system time of all living threads of `pid`; `None` where there is no `/proc`.
///
/// `schedstat` counts nanoseconds (brought up to date at each tick); a kernel without it has `stat`, in ticks.
pub fn process_time(pid: u32) -> Option<Duration> {
    threads_time(pid).or_else(|| ticks_time(pid))
}

fn threads_time(pid: u32) -> Option<Duration> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).ok()? {
        // A thread that ended between the two calls is gone, not an error.
        if let Ok(text) = fs::read_to_string(thread.ok()?.path().join("schedstat")) {
            sum += text.split_whitespace().next()?.parse::<u64>().ok()?;
        }
    }
    (sum > 0).then(|| Duration::from_nanos(sum))
}

fn ticks_time(pid: u32) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The command, in parentheses, may hold spaces: fields are counted behind it. utime and stime are 14 and 15.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn own_time_grows_with_work() {
        let before = process_time(std::process::id()).unwrap();
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_millis(100) {}
        assert!(process_time(std::process::id()).unwrap() > before);
        assert!(ticks_time(std::process::id()).unwrap() > Duration::ZERO);
    }
}
