//! The run itself: all connections on one `mio::Poll`, through warm-up, measured window and drain.

use std::io;
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};

use crate::connection::{Connection, open_streams};
use crate::cpu::process_time;
use crate::histogram::Histogram;
use crate::options::Options;
use crate::pattern::Pattern;
use crate::report::Report;

/// Holds a whole reply of 100 KiB, so that it mostly takes one read.
const READ_BUFFER: usize = 128 * 1024;
/// After the last request: how long replies (and the ends of the streams) may take.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
/// Faults that are printed; all are counted.
const PRINTED_FAULTS: u64 = 5;

pub fn run(options: &Options) -> io::Result<Report> {
    let mut load = Load::new(options)?;
    load.start()?;
    if options.requests.is_some() {
        load.measure(options.seconds, |load| load.all_quiet())?;
        load.drain(|load| load.all_quiet())?;
        load.check_ends()?;
    } else {
        load.until(Instant::now() + options.warmup, |_| false)?;
        load.measure(options.seconds, |_| false)?;
        load.drain(|load| load.all_quiet())?;
    }
    Ok(load.report())
}

struct Load<'a> {
    options: &'a Options,
    poll: Poll,
    events: Events,
    pattern: Pattern,
    buffer: Vec<u8>,
    /// A slot is emptied when its connection failed or ended.
    connections: Vec<Option<Connection>>,
    /// No new messages: what is on the way may come back.
    draining: bool,
    latencies: Histogram,
    requests: u64,
    window: Duration,
    server_cpu: Option<Duration>,
    errors: u64,
}

impl<'a> Load<'a> {
    fn new(options: &'a Options) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut connections = Vec::with_capacity(options.connections);
        for (index, mut stream) in open_streams(options.port, options.connections)?.into_iter().enumerate() {
            poll.registry().register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)?;
            connections.push(Some(Connection::new(stream, index)));
        }
        Ok(Self {
            options,
            poll,
            events: Events::with_capacity(1024),
            pattern: Pattern::new(options.size),
            buffer: vec![0; READ_BUFFER],
            connections,
            draining: false,
            latencies: Histogram::new(),
            requests: 0,
            window: Duration::ZERO,
            server_cpu: None,
            errors: 0,
        })
    }

    fn start(&mut self) -> io::Result<()> {
        for index in 0..self.connections.len() {
            self.serve(index, false)?;
        }
        Ok(())
    }

    /// Turns until `deadline`, until `finished`, or until no connection is left.
    fn until(&mut self, deadline: Instant, finished: impl Fn(&Self) -> bool) -> io::Result<()> {
        let mut ready = Vec::with_capacity(1024);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || finished(self) || self.connections.iter().all(Option::is_none) {
                return Ok(());
            }
            match self.poll.poll(&mut self.events, Some(left)) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            }
            let events = self.events.iter();
            ready
                .extend(events.map(|event| (event.token().0, event.is_readable() || event.is_read_closed())));
            for (index, readable) in ready.drain(..) {
                self.serve(index, readable)?;
            }
        }
    }

    fn measure(&mut self, length: Duration, finished: impl Fn(&Self) -> bool) -> io::Result<()> {
        self.latencies.clear();
        self.requests = 0;
        let cpu_before = self.options.server_pid.and_then(process_time);
        let start = Instant::now();
        self.until(start + length, finished)?;
        self.window = start.elapsed();
        let cpu_after = self.options.server_pid.and_then(process_time);
        self.server_cpu = cpu_before.zip(cpu_after).map(|(before, after)| after.saturating_sub(before));
        Ok(())
    }

    /// Sends nothing new and lets `finished` come true; the figures of the window are kept.
    fn drain(&mut self, finished: impl Fn(&Self) -> bool) -> io::Result<()> {
        self.draining = true;
        self.until(Instant::now() + DRAIN_LIMIT, finished)?;
        let missing = self.connections.iter().flatten().filter(|connection| !connection.is_quiet()).count();
        if missing > 0 {
            self.fault(format_args!("{missing} connections still wait for a reply"));
        }
        Ok(())
    }

    /// Ends every stream and wants the server to end it too, with not a byte more, and the count to be right.
    fn check_ends(&mut self) -> io::Result<()> {
        for index in 0..self.connections.len() {
            let quota = self.quota(index);
            let Some(connection) = &self.connections[index] else { continue };
            let replies = connection.checked_rounds();
            connection.finish_sending()?;
            if replies != quota {
                self.fault(format_args!("connection {index}: {replies} replies of {quota}"));
            }
        }
        self.until(Instant::now() + DRAIN_LIMIT, |_| false)?;
        let open = self.connections.iter().flatten().count();
        if open > 0 {
            self.fault(format_args!(
                "{open} connections were not closed by the server after the end of the stream"
            ));
        }
        Ok(())
    }

    fn serve(&mut self, index: usize, readable: bool) -> io::Result<()> {
        let quota = self.quota(index);
        let Some(connection) = &mut self.connections[index] else { return Ok(()) };
        let now = Instant::now();
        let mut ended = Ok(false);
        if readable {
            ended = connection.receive(&self.pattern, &mut self.buffer, |start| {
                if !self.draining {
                    self.requests += 1;
                    self.latencies.record(now - start);
                }
            });
        }
        let quota = if self.draining { 0 } else { quota };
        let outcome = ended.and_then(|ended| {
            connection.send(&self.pattern, self.options.depth, quota, now)?;
            Ok(ended)
        });
        match outcome {
            Ok(false) => return Ok(()),
            Ok(true) if self.draining => {}
            Ok(true) => self.fault(format_args!("connection {index}: closed by the server")),
            Err(fault) => self.fault(format_args!("connection {index}: {fault}")),
        }
        if let Some(mut connection) = self.connections[index].take() {
            self.poll.registry().deregister(&mut connection.stream)?;
        }
        Ok(())
    }

    /// Messages that connection `index` may send in the whole run.
    fn quota(&self, index: usize) -> u64 {
        let Some(total) = self.options.requests else { return u64::MAX };
        let connections = self.options.connections as u64;
        total / connections + u64::from((index as u64) < total % connections)
    }

    fn all_quiet(&self) -> bool {
        let mut alive =
            self.connections.iter().enumerate().filter_map(|(index, slot)| Some((index, slot.as_ref()?)));
        let quota = |index| if self.draining { 0 } else { self.quota(index) };
        alive.all(|(index, connection)| connection.is_quiet() && connection.checked_rounds() >= quota(index))
    }

    fn fault(&mut self, text: std::fmt::Arguments<'_>) {
        self.errors += 1;
        if self.errors <= PRINTED_FAULTS {
            eprintln!("mioloop-loadgen: {text}");
        }
    }

    fn report(&self) -> Report {
        Report {
            requests: self.requests,
            bytes: self.requests * self.options.size as u64,
            window: self.window,
            p50: self.latencies.percentile(0.5),
            p99: self.latencies.percentile(0.99),
            max: self.latencies.max(),
            errors: self.errors,
            server_cpu: self.server_cpu,
        }
    }
}
