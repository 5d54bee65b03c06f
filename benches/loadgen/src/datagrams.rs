//! The echo over UDP: each socket keeps a number of datagrams on the way, and sends again what did not come back.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use mio::net::UdpSocket;
use mio::{Interest, Token};

use crate::drive::{Drive, Stage, Traffic, quota};
use crate::options::{NUMBER_BYTES, Options};
use crate::pattern::Pattern;
use crate::report::Report;

/// A datagram without an answer is sent again after so long: far over what a loaded server takes.
const RESEND_AFTER: Duration = Duration::from_millis(250);
/// Then the server counts as lost.
const MAX_RESENDS: u32 = 12;

pub fn run(options: &Options) -> io::Result<Report> {
    let datagrams = Datagrams {
        options,
        pattern: Pattern::new(options.size),
        buffer: vec![0; options.size + 1],
        message: vec![0; options.size],
        sockets: Vec::with_capacity(options.connections),
    };
    let mut drive = Drive::new(options, datagrams)?;
    drive.run(options)?;
    Ok(drive.report())
}

struct Datagrams<'a> {
    options: &'a Options,
    pattern: Pattern,
    /// A byte longer than a message, so that one that is too long shows.
    buffer: Vec<u8>,
    message: Vec<u8>,
    /// A slot is emptied when its socket failed.
    sockets: Vec<Option<Socket>>,
}

struct Socket {
    socket: UdpSocket,
    index: usize,
    /// Number of the next new datagram.
    next: u64,
    under_way: VecDeque<Flight>,
}

/// A datagram that is on the way.
struct Flight {
    number: u64,
    began: Instant,
    resends: u32,
}

impl Traffic for Datagrams<'_> {
    fn open(&mut self, stage: &mut Stage) -> io::Result<()> {
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, self.options.port));
        for index in 0..self.options.connections {
            let mut socket = UdpSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
            socket.connect(server)?;
            stage.registry.register(&mut socket, Token(index), Interest::READABLE | Interest::WRITABLE)?;
            self.sockets.push(Some(Socket { socket, index, next: 0, under_way: VecDeque::new() }));
            self.serve(stage, index, false)?;
        }
        Ok(())
    }

    fn serve(&mut self, stage: &mut Stage, index: usize, readable: bool) -> io::Result<()> {
        let outcome = if readable { self.receive(stage, index) } else { Ok(()) };
        let outcome = outcome.and_then(|()| self.send(stage, index));
        self.settle(stage, index, outcome)
    }

    /// Sends again what has been on the way for too long.
    fn tick(&mut self, stage: &mut Stage) -> io::Result<()> {
        for index in 0..self.sockets.len() {
            let outcome = self.resend(stage, index);
            self.settle(stage, index, outcome)?;
        }
        Ok(())
    }

    fn is_quiet(&self, draining: bool) -> bool {
        self.sockets.iter().flatten().all(|socket| {
            let quota = if draining { 0 } else { self.quota(socket.index) };
            socket.under_way.is_empty() && socket.next >= quota
        })
    }

    fn is_over(&self) -> bool {
        self.sockets.iter().all(Option::is_none)
    }

    fn waiting(&self) -> usize {
        self.sockets.iter().flatten().filter(|socket| !socket.under_way.is_empty()).count()
    }
}

impl Datagrams<'_> {
    fn quota(&self, index: usize) -> u64 {
        quota(self.options.requests, index, self.options.connections)
    }

    /// A fault ends its socket, and is no error of the run.
    fn settle(&mut self, stage: &mut Stage, index: usize, outcome: Result<(), String>) -> io::Result<()> {
        let Err(text) = outcome else { return Ok(()) };
        stage.meter.fault(format_args!("socket {index}: {text}"));
        match self.sockets[index].take() {
            Some(mut socket) => stage.registry.deregister(&mut socket.socket),
            None => Ok(()),
        }
    }

    fn send(&mut self, stage: &mut Stage, index: usize) -> Result<(), String> {
        let quota = if stage.draining { 0 } else { self.quota(index) };
        let Some(socket) = &mut self.sockets[index] else { return Ok(()) };
        while (socket.under_way.len() as u64) < self.options.depth && socket.next < quota {
            let number = socket.next;
            write_message(&self.pattern, index, number, &mut self.message);
            if !socket.send(&self.message)? {
                return Ok(());
            }
            socket.next += 1;
            socket.under_way.push_back(Flight { number, began: Instant::now(), resends: 0 });
        }
        Ok(())
    }

    fn resend(&mut self, stage: &mut Stage, index: usize) -> Result<(), String> {
        let Some(socket) = &mut self.sockets[index] else { return Ok(()) };
        for at in 0..socket.under_way.len() {
            let Flight { number, began, resends } = socket.under_way[at];
            if began.elapsed() < RESEND_AFTER * (resends + 1) {
                continue;
            }
            if resends == MAX_RESENDS {
                return Err(format!("no answer to datagram {number} after {MAX_RESENDS} resends"));
            }
            write_message(&self.pattern, index, number, &mut self.message);
            if socket.send(&self.message)? {
                socket.under_way[at].resends += 1;
                stage.meter.record_resent();
            }
        }
        Ok(())
    }

    /// Takes and checks all answers that are there.
    fn receive(&mut self, stage: &mut Stage, index: usize) -> Result<(), String> {
        let Some(socket) = &mut self.sockets[index] else { return Ok(()) };
        loop {
            let count = match socket.socket.recv(&mut self.buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.to_string()),
            };
            let answer = &self.buffer[..count];
            let number = socket.number_of(answer)?;
            write_message(&self.pattern, index, number, &mut self.message);
            if answer != self.message {
                return Err(format!("wrong bytes in the answer to datagram {number}"));
            }
            // An answer to what was sent twice may come twice.
            let Some(at) = socket.under_way.iter().position(|flight| flight.number == number) else {
                continue;
            };
            let flight = &socket.under_way[at];
            stage.meter.record(flight.began.elapsed());
            socket.under_way.remove(at);
        }
    }
}

impl Socket {
    /// False when the system takes no more at the moment.
    fn send(&self, message: &[u8]) -> Result<bool, String> {
        match self.socket.send(message) {
            Ok(count) if count == message.len() => Ok(true),
            Ok(count) => Err(format!("{count} bytes of a datagram of {} were sent", message.len())),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The number that `answer` begins with: of a datagram that has been sent.
    fn number_of(&self, answer: &[u8]) -> Result<u64, String> {
        let first = answer.first_chunk::<NUMBER_BYTES>();
        let low = u32::from_le_bytes(*first.ok_or_else(|| format!("an answer of {} bytes", answer.len()))?);
        // Numbers wrap around; what is on the way lies just below the next one.
        let behind = (self.next as u32).wrapping_sub(low);
        match self.next.checked_sub(u64::from(behind)) {
            Some(number) if behind > 0 => Ok(number),
            _ => Err(format!("an answer with the number {low:#x}, which was never sent")),
        }
    }
}

fn write_message(pattern: &Pattern, index: usize, number: u64, message: &mut [u8]) {
    message.copy_from_slice(pattern.message(index, number));
    message[..NUMBER_BYTES].copy_from_slice(&(number as u32).to_le_bytes());
}
