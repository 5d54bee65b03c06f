//! The one place that waits for the operating system: mio's poll with its event buffer, and the tokens of
//! what is not a source (waker, alarm, signals, the host's own loop).

use crate::limits::EVENTS;
use crate::socket::Socket;
use crate::tokens::Key;
use mio::event::{Event, Source};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token, Waker};
use std::io;
use std::time::Duration;

/// Token of the waker. Slots count from 0 and never come near these.
const WAKER: Token = Token(usize::MAX);
/// Token of the alarm (a timerfd).
const ALARM: Token = Token(usize::MAX - 1);
/// Token of the host's own loop.
const HOST: Token = Token(usize::MAX - 2);
/// Token of what tells of signals.
const SIGNALS: Token = Token(usize::MAX - 3);

/// What a readiness event means to the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    pub key: Key,
    pub readable: bool,
    pub writable: bool,
    /// The peer has finished, or the connection is broken: a short read is not the last one.
    pub closing: bool,
    /// Writing can't block any more, because it fails.
    pub hung_up: bool,
    /// Urgent data: the kernel stops a read at its mark, so that a short read says nothing.
    pub urgent: bool,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    Source(Ready),
    Alarm,
    Signals,
    /// The waker or the host: being awake is all there is to it.
    Awake,
}

/// mio's poll and its events.
#[derive(Debug)]
pub struct Selector {
    poll: Poll,
    events: Events,
}

impl Selector {
    /// A new selector.
    ///
    /// # Errors
    /// The operating system's, when it has no descriptor left.
    pub fn new() -> io::Result<Self> {
        Ok(Self { poll: Poll::new()?, events: Events::with_capacity(EVENTS) })
    }

    /// The waker of this selector; there can be only one.
    ///
    /// # Errors
    /// The operating system's.
    pub fn waker(&self) -> io::Result<Waker> {
        Waker::new(self.poll.registry(), WAKER)
    }

    /// Watches `source`, edge-triggered, under `key`. One that is watched already changes hands, as with kqueue.
    ///
    /// # Errors
    /// The operating system's.
    pub fn register(&self, source: &mut impl Source, key: Key, interest: Interest) -> io::Result<()> {
        match self.poll.registry().register(source, key.token(), interest) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.reregister(source, key, interest)
            }
            result => result,
        }
    }

    /// Looks again at a watched `source`: what it is ready for now is told (again).
    ///
    /// # Errors
    /// The operating system's.
    pub fn reregister(&self, source: &mut impl Source, key: Key, interest: Interest) -> io::Result<()> {
        self.poll.registry().reregister(source, key.token(), interest)
    }

    /// Watches the alarm's descriptor.
    ///
    /// # Errors
    /// The operating system's.
    pub fn register_alarm(&self, source: &mut impl Source) -> io::Result<()> {
        self.poll.registry().register(source, ALARM, Interest::READABLE)
    }

    /// Watches the host loop's descriptor.
    ///
    /// # Errors
    /// The operating system's.
    pub fn register_host(&self, source: &mut impl Source) -> io::Result<()> {
        self.poll.registry().register(source, HOST, Interest::READABLE)
    }

    /// Watches what tells of signals.
    ///
    /// # Errors
    /// The operating system's.
    pub fn register_signals(&self, source: &mut impl Source) -> io::Result<()> {
        self.poll.registry().register(source, SIGNALS, Interest::READABLE)
    }

    /// Ends watching `source`; always before its descriptor is closed.
    ///
    /// # Errors
    /// The operating system's, when `source` was not watched.
    pub fn deregister(&self, source: &mut impl Source) -> io::Result<()> {
        self.poll.registry().deregister(source)
    }

    /// Ends watching a socket, and closes it for all who hold it.
    pub fn close(&self, socket: &Socket) {
        // It fails only for a socket that is not registered; then there is nothing to end.
        let _ = self.deregister(&mut SourceFd(&socket.descriptor()));
        socket.close();
    }

    /// Waits for events, at most `timeout` (`None`: without end). A signal ends the wait early.
    ///
    /// # Errors
    /// The operating system's.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        match self.poll.poll(&mut self.events, timeout) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                self.events.clear();
                Ok(())
            }
            result => result,
        }
    }

    /// What the last wait found.
    pub fn occurrences(&self) -> impl Iterator<Item = Occurrence> + '_ {
        self.events.iter().map(occurrence)
    }

    /// Whether the last wait found nothing.
    #[must_use]
    pub fn found_nothing(&self) -> bool {
        self.events.is_empty()
    }

    /// The descriptor that a host can watch: it is readable while events wait.
    #[cfg(unix)]
    #[must_use]
    pub fn descriptor(&self) -> std::os::fd::RawFd {
        use std::os::fd::AsRawFd;
        self.poll.as_raw_fd()
    }
}

fn occurrence(event: &Event) -> Occurrence {
    match event.token() {
        ALARM => Occurrence::Alarm,
        SIGNALS => Occurrence::Signals,
        WAKER | HOST => Occurrence::Awake,
        token => Occurrence::Source(Ready {
            key: Key::from_token(token),
            readable: event.is_readable(),
            writable: event.is_writable(),
            closing: event.is_read_closed() || event.is_error(),
            hung_up: event.is_write_closed() || event.is_error(),
            urgent: event.is_priority(),
        }),
    }
}
