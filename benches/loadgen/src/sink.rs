//! `--sink`: receives a stream, as fast as it comes or in bursts with pauses, and checks its bytes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::meter::Meter;
use crate::options::Options;
use crate::report::Report;
use crate::table::{Table, write_stream};

const READ_BUFFER: usize = 256 * 1024;
/// A server that sends nothing for so long has stopped.
const SILENCE_LIMIT: Duration = Duration::from_secs(20);

pub fn run(options: &Options) -> io::Result<Report> {
    let mut sink = Sink { options, table: Table::new(), buffer: vec![0; READ_BUFFER] };
    let mut meter = Meter::new(options);
    let warmup = sink.receive(options.warmup_bytes)?;
    meter.begin();
    let start = Instant::now();
    let outcome = sink.receive(options.bytes)?;
    meter.record(start.elapsed());
    meter.end();
    for problem in [warmup, outcome].into_iter().filter_map(Result::err) {
        meter.fault(format_args!("{problem}"));
    }
    Ok(Report { bytes: options.bytes, ..meter.report() })
}

#[derive(Debug)]
struct Sink<'a> {
    options: &'a Options,
    table: Table,
    buffer: Vec<u8>,
}

impl Sink<'_> {
    /// Asks for a stream of `length` bytes, or sends it to have it echoed, and takes it to its end; the inner error is
    /// of its bytes.
    fn receive(&mut self, length: u64) -> io::Result<Result<(), String>> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.options.port))?;
        stream.set_read_timeout(Some(SILENCE_LIMIT))?;
        if !self.options.feed {
            stream.write_all(&length.to_le_bytes())?;
            return self.take(stream, length);
        }
        let mut sending = stream.try_clone()?;
        let feeder = thread::spawn(move || {
            write_stream(&mut sending, length)?;
            sending.shutdown(Shutdown::Write)
        });
        let outcome = self.take(stream, length)?;
        // After wrong bytes the connection is closed, and the other thread's error is of no interest.
        if outcome.is_ok() {
            feeder.join().unwrap_or_else(|_| Err(io::Error::other("the sending thread panicked")))?;
        }
        Ok(outcome)
    }

    fn take(&mut self, mut stream: TcpStream, length: u64) -> io::Result<Result<(), String>> {
        self.table.rewind();
        let mut received = 0;
        let mut last_pause = 0;
        loop {
            let count = match stream.read(&mut self.buffer) {
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Ok(Err(format!("nothing came for {SILENCE_LIMIT:?} after {received} bytes")));
                }
                other => other?,
            };
            if let Err(at) = self.table.check(&self.buffer[..count]) {
                return Ok(Err(format!("byte {} of the stream is wrong", received + at as u64)));
            }
            received += count as u64;
            if count == 0 && received == length {
                return Ok(Ok(()));
            }
            if count == 0 || received > length {
                return Ok(Err(format!("{received} bytes of a stream of {length}")));
            }
            if self.options.burst > 0 && received - last_pause >= self.options.burst {
                thread::sleep(self.options.pause);
                last_pause = received;
            }
        }
    }
}
