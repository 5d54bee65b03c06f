//! Drives traffic of any kind through warm-up, measured window and drain, with all its sockets on one `mio::Poll`.

use std::io;
use std::time::{Duration, Instant};

use mio::{Events, Poll, Registry};

use crate::meter::Meter;
use crate::options::Options;
use crate::report::Report;

/// After the last request: how long replies (and the ends of the streams) may take.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
/// The longest time between two calls of `Traffic::tick`.
const TICK: Duration = Duration::from_millis(20);

/// What the sockets of a run do.
pub trait Traffic {
    /// Opens the sockets that the run begins with, and sends the first messages.
    fn open(&mut self, stage: &mut Stage) -> io::Result<()>;
    /// Answers an event of socket `index`.
    fn serve(&mut self, stage: &mut Stage, index: usize, readable: bool) -> io::Result<()>;
    /// What time brings; called between events.
    fn tick(&mut self, _stage: &mut Stage) -> io::Result<()> {
        Ok(())
    }
    /// Nothing is under way and, unless the run drains, nothing is left to send.
    fn is_quiet(&self, draining: bool) -> bool;
    /// No socket is left.
    fn is_over(&self) -> bool;
    /// Sockets that still wait for a reply.
    fn waiting(&self) -> usize;
}

/// What traffic works with.
#[derive(Debug)]
pub struct Stage {
    pub registry: Registry,
    pub meter: Meter,
    /// No new messages: what is on the way may come back.
    pub draining: bool,
}

pub struct Drive<T> {
    pub traffic: T,
    pub stage: Stage,
    poll: Poll,
    events: Events,
}

impl<T: Traffic> Drive<T> {
    pub fn new(options: &Options, traffic: T) -> io::Result<Self> {
        let poll = Poll::new()?;
        let registry = poll.registry().try_clone()?;
        let stage = Stage { registry, meter: Meter::new(options), draining: false };
        Ok(Self { traffic, stage, poll, events: Events::with_capacity(1024) })
    }

    /// A run by its options: for a time, or for a count.
    pub fn run(&mut self, options: &Options) -> io::Result<()> {
        self.traffic.open(&mut self.stage)?;
        let by_count = options.requests.is_some();
        if !by_count {
            self.until(Instant::now() + options.warmup, |_| false)?;
        }
        self.stage.meter.begin();
        self.until(Instant::now() + options.seconds, |traffic| by_count && traffic.is_quiet(false))?;
        self.stage.meter.end();
        self.stage.draining = true;
        self.drain(|traffic| traffic.is_quiet(true))?;
        let missing = self.traffic.waiting();
        if missing > 0 {
            self.stage.meter.fault(format_args!("{missing} connections still wait for a reply"));
        }
        Ok(())
    }

    /// Turns until `finished`, for as long as a drain may take.
    pub fn drain(&mut self, finished: impl Fn(&T) -> bool) -> io::Result<()> {
        self.until(Instant::now() + DRAIN_LIMIT, finished)
    }

    pub fn report(&self) -> Report {
        self.stage.meter.report()
    }

    /// Turns until `deadline`, until `finished`, or until no socket is left.
    fn until(&mut self, deadline: Instant, finished: impl Fn(&T) -> bool) -> io::Result<()> {
        let mut ready = Vec::with_capacity(1024);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || finished(&self.traffic) || self.traffic.is_over() {
                return Ok(());
            }
            match self.poll.poll(&mut self.events, Some(left.min(TICK))) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            }
            let events = self.events.iter();
            ready
                .extend(events.map(|event| (event.token().0, event.is_readable() || event.is_read_closed())));
            for (index, readable) in ready.drain(..) {
                self.traffic.serve(&mut self.stage, index, readable)?;
            }
            self.traffic.tick(&mut self.stage)?;
        }
    }
}

/// Of `total` messages those that socket `index` of `sockets` may send; all it likes without a total.
pub fn quota(total: Option<u64>, index: usize, sockets: usize) -> u64 {
    let Some(total) = total else { return u64::MAX };
    let sockets = sockets as u64;
    total / sockets + u64::from((index as u64) < total % sockets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_add_up_to_the_total() {
        assert_eq!((0..7).map(|index| quota(Some(23), index, 7)).sum::<u64>(), 23);
        assert_eq!(quota(None, 0, 7), u64::MAX);
    }
}
