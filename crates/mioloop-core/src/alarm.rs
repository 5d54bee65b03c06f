//! Wakes the selector at a point in time: a timerfd on Linux, which is exact to microseconds where a
//! selector's own timeout counts milliseconds, and which also wakes a host that watches the selector.
//! It is set only when the new deadline is earlier than the one it has; a later one costs one early wake-up.

#[cfg(target_os = "linux")]
mod imp {
    use crate::selector::Selector;
    use mio::unix::SourceFd;
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use std::io;
    use std::os::fd::{AsRawFd, OwnedFd};

    #[derive(Debug)]
    pub struct Alarm {
        timer: OwnedFd,
        /// The deadline it is set to, in seconds of the monotonic clock.
        armed: Option<f64>,
    }

    impl Alarm {
        pub fn new(selector: &Selector) -> io::Result<Self> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
            selector.register_alarm(&mut SourceFd(&timer.as_raw_fd()))?;
            Ok(Self { timer, armed: None })
        }

        /// Sets the alarm; true: it will ring.
        pub fn arm(&mut self, deadline: f64, now: f64) -> io::Result<bool> {
            if self.armed.is_some_and(|armed| armed <= deadline && armed > now) {
                return Ok(true);
            }
            // Rounded up: ringing a nanosecond early would be a turn for nothing. Zero would disarm it.
            let nanoseconds = (deadline * 1e9).ceil().max(1.0) as i64;
            let value =
                Timespec { tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000 };
            let once = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: value };
            timerfd_settime(&self.timer, TimerfdTimerFlags::ABSTIME, &once)?;
            self.armed = Some(deadline);
            Ok(true)
        }

        pub fn seen(&mut self) {
            self.armed = None;
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use crate::selector::Selector;
    use std::io;

    /// No alarm here: the selector's timeout has to do (kqueue's counts nanoseconds).
    #[derive(Debug)]
    pub struct Alarm;

    impl Alarm {
        pub fn new(_selector: &Selector) -> io::Result<Self> {
            Ok(Self)
        }

        pub fn arm(&mut self, _deadline: f64, _now: f64) -> io::Result<bool> {
            Ok(false)
        }

        pub fn seen(&mut self) {}
    }
}

pub use imp::Alarm;

/// Whether this system has an alarm; without one a host needs a timer of its own for the next deadline.
pub const HAS_ALARM: bool = cfg!(target_os = "linux");
