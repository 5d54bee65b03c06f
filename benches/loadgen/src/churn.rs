//! A connection for each request: connect, send, get it back, end the stream, see the server end it, and the next.

use std::io::{self, ErrorKind};
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Interest, Token};

use crate::connection::{Connection, Fault};
use crate::drive::{Drive, Stage, Traffic};
use crate::options::Options;
use crate::pattern::Pattern;
use crate::report::Report;
use crate::sources::Sources;

const READ_BUFFER: usize = 16 * 1024;

pub fn run(options: &Options) -> io::Result<Report> {
    let churn = Churn {
        options,
        sources: Sources::new(options.sources),
        pattern: Pattern::new(options.size),
        buffer: vec![0; READ_BUFFER],
        places: Vec::with_capacity(options.connections),
        opened: 0,
    };
    let mut drive = Drive::new(options, churn)?;
    drive.run(options)?;
    Ok(drive.report())
}

struct Churn<'a> {
    options: &'a Options,
    sources: Sources,
    pattern: Pattern,
    buffer: Vec<u8>,
    /// A place holds one connection after another; it stays empty once it is out of work.
    places: Vec<Option<Visit>>,
    opened: u64,
}

/// One connection's life.
struct Visit {
    connection: Connection,
    began: Instant,
    /// The request is answered, and the client's side of the stream has ended.
    ended: bool,
}

impl Traffic for Churn<'_> {
    fn open(&mut self, stage: &mut Stage) -> io::Result<()> {
        for index in 0..self.options.connections {
            self.places.push(None);
            self.visit(stage, index)?;
        }
        Ok(())
    }

    fn serve(&mut self, stage: &mut Stage, index: usize, readable: bool) -> io::Result<()> {
        let Some(visit) = &mut self.places[index] else { return Ok(()) };
        match visit.go_on(&self.pattern, &mut self.buffer, readable) {
            Ok(false) => return Ok(()),
            Ok(true) => stage.meter.record(visit.began.elapsed()),
            Err(fault) => stage.meter.fault(format_args!("connection {index}: {fault}")),
        }
        self.places[index] = None;
        self.visit(stage, index)
    }

    fn is_quiet(&self, draining: bool) -> bool {
        self.is_over() && (draining || self.is_enough())
    }

    fn is_over(&self) -> bool {
        self.places.iter().all(Option::is_none)
    }

    fn waiting(&self) -> usize {
        self.places.iter().flatten().count()
    }
}

impl Churn<'_> {
    fn is_enough(&self) -> bool {
        self.options.requests.is_some_and(|total| self.opened >= total)
    }

    /// Puts a new connection into an empty place, unless the run is over.
    fn visit(&mut self, stage: &mut Stage, index: usize) -> io::Result<()> {
        if stage.draining || self.is_enough() {
            return Ok(());
        }
        let began = Instant::now();
        let mut stream = TcpStream::from_std(self.sources.connect(self.options.port, true)?.into());
        stage.registry.register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)?;
        // Each connection has a message of its own.
        let connection = Connection::new(stream, self.opened as usize);
        self.opened += 1;
        self.places[index] = Some(Visit { connection, began, ended: false });
        Ok(())
    }
}

impl Visit {
    /// True when the connection's life is over, as it should.
    fn go_on(&mut self, pattern: &Pattern, buffer: &mut [u8], readable: bool) -> Result<bool, Fault> {
        if readable && self.connection.receive(pattern, buffer, |_| {})? {
            return if self.ended { Ok(true) } else { Err(Fault::EarlyEnd { round: 0, offset: 0 }) };
        }
        match self.connection.send(pattern, 1, 1, self.began) {
            // An event from before the connection was up.
            Err(Fault::Io(error)) if error.kind() == ErrorKind::NotConnected => return Ok(false),
            other => other?,
        }
        if !self.ended && self.connection.checked_rounds() == 1 {
            self.connection.finish_sending().map_err(Fault::Io)?;
            self.ended = true;
        }
        Ok(false)
    }
}
