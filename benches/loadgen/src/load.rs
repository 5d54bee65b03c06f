//! The echo over lasting connections: every connection sends its messages and checks what comes back.

use std::io;
use std::time::Instant;

use mio::{Interest, Token};

use crate::connection::{Connection, open_streams};
use crate::drive::{Drive, Stage, Traffic, quota};
use crate::options::Options;
use crate::pattern::Pattern;
use crate::report::Report;

/// Holds a whole reply of 100 KiB, so that it mostly takes one read.
const READ_BUFFER: usize = 128 * 1024;

pub fn run(options: &Options) -> io::Result<Report> {
    let mut drive = Drive::new(options, Load::new(options))?;
    drive.run(options)?;
    if options.requests.is_some() {
        check_ends(&mut drive)?;
    }
    Ok(drive.report())
}

/// Ends every stream and wants the server to end it too, with not a byte more, and the count to be right.
fn check_ends(drive: &mut Drive<Load<'_>>) -> io::Result<()> {
    let Drive { traffic, stage, .. } = drive;
    for (index, connection) in traffic.connections.iter().enumerate() {
        let Some(connection) = connection else { continue };
        let (replies, wanted) = (connection.checked_rounds(), traffic.quota(index));
        connection.finish_sending()?;
        if replies != wanted {
            stage.meter.fault(format_args!("connection {index}: {replies} replies of {wanted}"));
        }
    }
    drive.drain(|_| false)?;
    let open = drive.traffic.connections.iter().flatten().count();
    if open > 0 {
        let text = "connections were not closed by the server after the end of the stream";
        drive.stage.meter.fault(format_args!("{open} {text}"));
    }
    Ok(())
}

struct Load<'a> {
    options: &'a Options,
    pattern: Pattern,
    buffer: Vec<u8>,
    /// A slot is emptied when its connection failed or ended.
    connections: Vec<Option<Connection>>,
}

impl<'a> Load<'a> {
    fn new(options: &'a Options) -> Self {
        Self {
            options,
            pattern: Pattern::new(options.size),
            buffer: vec![0; READ_BUFFER],
            connections: Vec::with_capacity(options.connections),
        }
    }

    /// Messages that connection `index` may send in the whole run.
    fn quota(&self, index: usize) -> u64 {
        quota(self.options.requests, index, self.options.connections)
    }
}

impl Traffic for Load<'_> {
    fn open(&mut self, stage: &mut Stage) -> io::Result<()> {
        for (index, mut stream) in open_streams(self.options)?.into_iter().enumerate() {
            stage.registry.register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)?;
            self.connections.push(Some(Connection::new(stream, index)));
        }
        for index in 0..self.connections.len() {
            self.serve(stage, index, false)?;
        }
        Ok(())
    }

    fn serve(&mut self, stage: &mut Stage, index: usize, readable: bool) -> io::Result<()> {
        let quota = if stage.draining { 0 } else { self.quota(index) };
        let Some(connection) = &mut self.connections[index] else { return Ok(()) };
        let now = Instant::now();
        let mut ended = Ok(false);
        if readable {
            ended =
                connection.receive(&self.pattern, &mut self.buffer, |start| stage.meter.record(now - start));
        }
        let outcome = ended.and_then(|ended| {
            connection.send(&self.pattern, self.options.depth, quota, now)?;
            Ok(ended)
        });
        match outcome {
            Ok(false) => return Ok(()),
            Ok(true) if stage.draining => {}
            Ok(true) => stage.meter.fault(format_args!("connection {index}: closed by the server")),
            Err(fault) => stage.meter.fault(format_args!("connection {index}: {fault}")),
        }
        if let Some(mut connection) = self.connections[index].take() {
            stage.registry.deregister(&mut connection.stream)?;
        }
        Ok(())
    }

    fn is_quiet(&self, draining: bool) -> bool {
        let mut alive =
            self.connections.iter().enumerate().filter_map(|(index, slot)| Some((index, slot.as_ref()?)));
        let quota = |index| if draining { 0 } else { self.quota(index) };
        alive.all(|(index, connection)| connection.is_quiet() && connection.checked_rounds() >= quota(index))
    }

    fn is_over(&self) -> bool {
        self.connections.iter().all(Option::is_none)
    }

    fn waiting(&self) -> usize {
        self.connections.iter().flatten().filter(|connection| !connection.is_quiet()).count()
    }
}
