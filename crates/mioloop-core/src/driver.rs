//! One turn of everything: apply what JavaScript submitted, wait once, accept, read and flush what is ready,
//! collect the timers that are due, fill the completion ring.
//!
//! `apply` carries out submissions, `service` serves ready sources, `direct` holds the calls that answer at
//! once. All of them see the shared memory only for the length of a call.

mod apply;
mod children;
mod datagrams;
mod direct;
mod pipes;
mod service;
mod sources;

use crate::accept::Listener;
use crate::batch::Receiver;
use crate::child::Child;
use crate::datagram::Endpoint;
use crate::layout::*;
use crate::limits::CLOCK_RESOLUTION_SECONDS;
use crate::mailbox::Mailbox;
use crate::outlet::Outlet;
use crate::pace::{Pace, RealTime, VirtualTime};
use crate::resolver::Resolver;
use crate::rings::{Completion, Completions, Shared};
use crate::selector::{Occurrence, Selector};
use crate::stream::Stream;
use crate::tokens::Key;
use crate::watch::Watch;
use crate::wheel::TimerWheel;
use apply::PendingWrite;
use sources::Sources;
use std::collections::VecDeque;
use std::io;
use std::os::fd::RawFd;
use std::sync::Arc;
use std::time::Duration;

pub use apply::errno;
pub use children::{ChildMeans, Spawned};
pub use direct::{Addresses, ConnectError, Received};

/// What a slot can hold.
#[derive(Debug)]
enum Source {
    Stream(Stream),
    Listener(Listener),
    Endpoint(Endpoint),
    Watch(Watch),
    Child(Child),
}

impl Source {
    /// The descriptor; -1 when the socket is closed.
    fn descriptor(&self) -> RawFd {
        match self {
            Self::Stream(stream) => stream.channel().descriptor(),
            Self::Listener(listener) => listener.socket().descriptor(),
            Self::Endpoint(endpoint) => endpoint.socket().descriptor(),
            Self::Watch(watch) => watch.descriptor(),
            Self::Child(child) => child.descriptor(),
        }
    }

    /// Whether it waits in line already; it does from now on. A watched descriptor and a child never have to.
    fn stand_in_line(&mut self) -> bool {
        let in_line = match self {
            Self::Stream(stream) => &mut stream.in_line,
            Self::Listener(listener) => &mut listener.in_line,
            Self::Endpoint(endpoint) => &mut endpoint.in_line,
            Self::Watch(_) | Self::Child(_) => return true,
        };
        std::mem::replace(in_line, true)
    }

    /// Ends watching, then closes what the loop owns; a watched descriptor stays open.
    fn close(self, selector: &Selector) {
        match self {
            Self::Stream(mut stream) => stream.close(selector),
            Self::Listener(mut listener) => listener.close(selector),
            Self::Endpoint(mut endpoint) => endpoint.close(selector),
            Self::Watch(watch) => watch.deregister(selector),
            Self::Child(child) => child.close(selector),
        }
    }
}

/// The core of one loop.
#[derive(Debug)]
pub struct Driver {
    selector: Selector,
    pace: Box<dyn Pace>,
    sources: Sources,
    /// Sources that were not read (or accepted from) to their end; the oldest is served first.
    line: VecDeque<Key>,
    wheel: TimerWheel,
    /// Generation of the timer in each slot, for its completion.
    timer_generations: Vec<u32>,
    due: Vec<u32>,
    /// Occurrences of the present turn; kept for its capacity.
    occurrences: Vec<Occurrence>,
    completions: Completions,
    /// Turns made so far.
    turn: u64,
    /// Bytes used of the receive slab in this turn.
    received: usize,
    /// Slots used of the datagram slab in this turn.
    slots_used: usize,
    receiver: Receiver,
    /// Those for which the slabs had no room left in this turn: they are first in the next one.
    passed_over: Vec<Key>,
    writes: Vec<PendingWrite>,
    /// Sources with entries in `writes`.
    touched: Vec<Key>,
    /// The number of the last file that was begun.
    file_number: u32,
    mailbox: Arc<Mailbox>,
    resolver: Resolver,
    child_means: ChildMeans,
}

impl Driver {
    /// A driver on the machine's clock.
    ///
    /// # Errors
    /// The operating system's, when it has no descriptor left.
    pub fn new() -> io::Result<Self> {
        let selector = Selector::new()?;
        let pace = RealTime::new(&selector)?;
        Self::with_pace(selector, Box::new(pace))
    }

    /// A driver whose time moves only when nothing is ready, for tests.
    ///
    /// # Errors
    /// The operating system's, when it has no descriptor left.
    pub fn with_virtual_time() -> io::Result<Self> {
        Self::with_pace(Selector::new()?, Box::new(VirtualTime::default()))
    }

    fn with_pace(selector: Selector, pace: Box<dyn Pace>) -> io::Result<Self> {
        let mailbox = Arc::new(Mailbox::new(selector.waker()?));
        Ok(Self {
            wheel: TimerWheel::new(pace.now()),
            selector,
            pace,
            sources: Sources::default(),
            line: VecDeque::new(),
            timer_generations: Vec::new(),
            due: Vec::new(),
            occurrences: Vec::new(),
            completions: Completions::default(),
            turn: 0,
            received: 0,
            slots_used: 0,
            receiver: Receiver::default(),
            passed_over: Vec::new(),
            writes: Vec::new(),
            touched: Vec::new(),
            file_number: 0,
            resolver: Resolver::new(Arc::clone(&mailbox)),
            child_means: ChildMeans::default(),
            mailbox,
        })
    }

    /// One turn: returns how many completions the ring holds. `way` is one of `POLL_…`.
    ///
    /// # Errors
    /// The selector's; what was applied stays applied.
    pub fn poll(&mut self, shared: &mut Shared<'_>, way: u32) -> io::Result<usize> {
        self.apply(shared);
        self.wait(way)?;
        self.completions.begin(shared.completions);
        self.received = 0;
        self.slots_used = 0;
        self.turn += 1;
        self.serve_line(shared);
        self.serve_occurrences(shared);
        self.put_first();
        self.collect_timers(shared);
        if way == POLL_PARK && self.found_nothing() {
            self.park(shared)?;
        }
        self.publish_state(shared);
        Ok(self.completions.used())
    }

    /// The completions of this turn that did not fit into the ring before.
    pub fn more(&mut self, shared: &mut Shared<'_>) -> usize {
        self.completions.begin(shared.completions);
        self.publish_state(shared);
        self.completions.used()
    }

    /// Seconds on the loop's clock.
    #[must_use]
    pub fn now(&self) -> f64 {
        self.pace.now()
    }

    /// When the next timer is due at the earliest, for a host that has to wait by a timer of its own.
    #[must_use]
    pub fn next_deadline(&mut self) -> Option<f64> {
        self.wheel.next_wakeup()
    }

    /// Whether nothing is open and no timer is set: a sleep would have no end but a post.
    #[must_use]
    pub fn is_idle(&mut self) -> bool {
        self.sources.is_empty() && self.wheel.next_wakeup().is_none()
    }

    /// Where other threads leave what is for this loop.
    #[must_use]
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    /// Closes every source and refuses posts, before what a host still watches goes with the rest.
    pub fn close_sources(&mut self) {
        self.mailbox.close();
        // Others may hold the sockets, too: they are closed, not only let go.
        for source in self.sources.drain() {
            source.close(&self.selector);
        }
        #[cfg(target_os = "linux")]
        crate::orphans::look_after();
    }

    /// What a host watches to know that a turn would find something.
    #[cfg(unix)]
    #[must_use]
    pub fn descriptor(&self) -> RawFd {
        self.selector.descriptor()
    }

    /// Wakes a sleeping `poll` when the host's loop has something to do (a thread's end, for example).
    ///
    /// # Errors
    /// The operating system's.
    #[cfg(unix)]
    pub fn watch_host(&self, descriptor: RawFd) -> io::Result<()> {
        self.selector.register_host(&mut mio::unix::SourceFd(&descriptor))
    }

    /// Ends `watch_host`.
    ///
    /// # Errors
    /// The operating system's.
    #[cfg(unix)]
    pub fn unwatch_host(&self, descriptor: RawFd) -> io::Result<()> {
        self.selector.deregister(&mut mio::unix::SourceFd(&descriptor))
    }

    /// Tells by COMPLETE_SIGNAL when `descriptor` becomes readable: what tells of signals has to be emptied then. It is no
    /// source, and keeps no loop from being idle.
    ///
    /// # Errors
    /// The operating system's.
    #[cfg(unix)]
    pub fn watch_signals(&self, descriptor: RawFd) -> io::Result<()> {
        self.selector.register_signals(&mut mio::unix::SourceFd(&descriptor))
    }

    /// Ends `watch_signals`.
    ///
    /// # Errors
    /// The operating system's.
    #[cfg(unix)]
    pub fn unwatch_signals(&self, descriptor: RawFd) -> io::Result<()> {
        self.selector.deregister(&mut mio::unix::SourceFd(&descriptor))
    }

    fn wait(&mut self, way: u32) -> io::Result<()> {
        let busy = !self.line.is_empty() || self.completions.has_overflow() || self.mailbox.is_pending();
        if way == POLL_SLEEP && !busy {
            let deadline = self.wheel.next_wakeup();
            return self.pace.sleep(&mut self.selector, deadline);
        }
        self.selector.wait(Some(Duration::ZERO))
    }

    fn found_nothing(&self) -> bool {
        self.completions.used() == 0 && self.line.is_empty() && !self.mailbox.is_pending()
    }

    fn park(&mut self, shared: &mut Shared<'_>) -> io::Result<()> {
        while let Some(deadline) = self.wheel.next_wakeup() {
            if !self.pace.park(deadline)? {
                break;
            }
            // Time has moved instead; but a wake-up may only be where the wheel has to look again.
            self.collect_timers(shared);
            if self.completions.used() > 0 {
                break;
            }
        }
        Ok(())
    }

    fn collect_timers(&mut self, shared: &mut Shared<'_>) {
        if self.wheel.is_empty() {
            return;
        }
        let mut due = std::mem::take(&mut self.due);
        self.wheel.expire(self.pace.now() + CLOCK_RESOLUTION_SECONDS, &mut due);
        for slot in due.drain(..) {
            let generation = self.timer_generations.get(slot as usize).copied().unwrap_or(0);
            let completion = Completion::new(COMPLETE_TIMER, Key { slot, generation });
            self.completions.push(shared.completions, completion);
        }
        self.due = due;
    }

    fn publish_state(&self, shared: &mut Shared<'_>) {
        shared.header[HEADER_MORE as usize] = u32::from(self.completions.has_overflow());
        shared.header[HEADER_POSTED as usize] = u32::from(self.mailbox.is_pending());
        shared.header[HEADER_UNFINISHED as usize] = u32::from(!self.line.is_empty());
    }

    fn stream(&mut self, key: Key) -> Option<&mut Stream> {
        match self.sources.get_mut(key) {
            Some(Source::Stream(stream)) => Some(stream),
            _ => None,
        }
    }

    fn outlet(&mut self, key: Key) -> Option<&mut dyn Outlet> {
        match self.sources.get_mut(key)? {
            Source::Stream(stream) => Some(stream),
            Source::Endpoint(endpoint) => Some(endpoint),
            Source::Listener(_) | Source::Watch(_) | Source::Child(_) => None,
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.close_sources();
    }
}
