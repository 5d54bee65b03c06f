//! The driver's clock and its way to wait, as an interface: real time for programs, virtual time for tests.

use crate::alarm::Alarm;
use crate::limits::{SLEEP_LEAST_SECONDS, SLEEP_SECONDS};
use crate::selector::Selector;
use std::fmt::Debug;
use std::io;
use std::time::Duration;

/// A clock and a way to wait on it. Deadlines are seconds on that clock.
pub trait Pace: Debug {
    /// Seconds on the clock; it never goes back.
    fn now(&self) -> f64;

    /// Waits for events until `deadline` (`None`: without end).
    ///
    /// # Errors
    /// The operating system's.
    fn sleep(&mut self, selector: &mut Selector, deadline: Option<f64>) -> io::Result<()>;

    /// Somebody else will wait on the selector's descriptor: makes it readable at `deadline`. Returns true
    /// when time has moved to the deadline instead, so that there is no need to wait.
    ///
    /// # Errors
    /// The operating system's.
    fn park(&mut self, deadline: f64) -> io::Result<bool>;

    /// The alarm has gone off.
    fn alarm_seen(&mut self);
}

/// Real time: the monotonic clock, and an alarm where the system has one.
#[derive(Debug)]
pub struct RealTime {
    alarm: Alarm,
}

impl RealTime {
    /// A pace whose alarm rings in `selector`.
    ///
    /// # Errors
    /// The operating system's, when it has no descriptor left.
    pub fn new(selector: &Selector) -> io::Result<Self> {
        Ok(Self { alarm: Alarm::new(selector)? })
    }
}

impl Pace for RealTime {
    fn now(&self) -> f64 {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
    }

    fn sleep(&mut self, selector: &mut Selector, deadline: Option<f64>) -> io::Result<()> {
        let Some(deadline) = deadline else {
            return selector.wait(None);
        };
        let now = self.now();
        if deadline <= now {
            return selector.wait(Some(Duration::ZERO));
        }
        let seconds = (deadline - now).clamp(SLEEP_LEAST_SECONDS, SLEEP_SECONDS);
        if self.alarm.arm(now + seconds, now)? {
            return selector.wait(None);
        }
        selector.wait(Some(Duration::from_secs_f64(seconds)))
    }

    fn park(&mut self, deadline: f64) -> io::Result<bool> {
        let now = self.now();
        self.alarm.arm(deadline.clamp(now + SLEEP_LEAST_SECONDS, now + SLEEP_SECONDS), now)?;
        Ok(false)
    }

    fn alarm_seen(&mut self) {
        self.alarm.seen();
    }
}

/// Virtual time: it stands still while callbacks run, and jumps to the next deadline when nothing is ready.
#[derive(Debug, Default)]
pub struct VirtualTime {
    now: f64,
}

impl Pace for VirtualTime {
    fn now(&self) -> f64 {
        self.now
    }

    fn sleep(&mut self, selector: &mut Selector, deadline: Option<f64>) -> io::Result<()> {
        let Some(deadline) = deadline else {
            // Nothing is scheduled: only the outside world (a peer, a thread) can go on.
            return selector.wait(None);
        };
        selector.wait(Some(Duration::ZERO))?;
        if selector.found_nothing() {
            self.now = self.now.max(deadline);
        }
        Ok(())
    }

    fn park(&mut self, deadline: f64) -> io::Result<bool> {
        self.now = self.now.max(deadline);
        Ok(true)
    }

    fn alarm_seen(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_moves_to_the_deadline_and_nowhere_else() {
        let mut selector = Selector::new().unwrap();
        let mut pace = VirtualTime::default();
        pace.sleep(&mut selector, Some(3600.5)).unwrap();
        assert_eq!(pace.now(), 3600.5);
        assert!(pace.park(1.0).unwrap());
        assert_eq!(pace.now(), 3600.5);
    }

    #[test]
    fn real_time_sleeps_until_the_deadline_never_less() {
        let mut selector = Selector::new().unwrap();
        let mut pace = RealTime::new(&selector).unwrap();
        let deadline = pace.now() + 0.003;
        pace.sleep(&mut selector, Some(deadline)).unwrap();
        assert!(pace.now() >= deadline);
    }

    #[test]
    fn a_parked_selector_becomes_readable_at_the_deadline() {
        let mut selector = Selector::new().unwrap();
        let mut pace = RealTime::new(&selector).unwrap();
        let deadline = pace.now() + 0.002;
        pace.park(deadline).unwrap();
        selector.wait(None).unwrap();
        assert!(pace.now() >= deadline);
    }
}
