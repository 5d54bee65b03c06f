//! The command line.

use std::path::PathBuf;
use std::time::Duration;

pub const USAGE: &str = "\
usage: mioloop-loadgen --port P [--connections N] [--size BYTES] [--depth D] [--sources N]
                       [--seconds S] [--warmup S] [--server-pid PID]
       mioloop-loadgen --port P --requests TOTAL [--connections N] [--size BYTES] [--depth D] [--seconds LIMIT]
       mioloop-loadgen --datagrams --port P ...   the same over UDP: N sockets
       mioloop-loadgen --churn --port P ...       a connection for each request, N at a time
       mioloop-loadgen --sink --port P --bytes N [--warmup-bytes N] [--burst BYTES --pause S] [--feed]
       mioloop-loadgen --idle --port P [--connections N] [--sources N]
       mioloop-loadgen --signals --server-pid PID --requests N --pause S
       mioloop-loadgen --pattern FILE --bytes N";

/// What a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Messages over lasting connections, and their echo.
    Echo,
    /// The same over UDP.
    Datagrams,
    /// A connection for each message and its echo.
    Churn,
    /// Connections that are held until stdin ends.
    Idle,
    /// Receives a stream of `bytes`.
    Sink,
    /// Sends signals to a process.
    Signals,
    /// Writes the file that such streams come from.
    Pattern,
}

/// What one run does.
#[derive(Debug)]
pub struct Options {
    pub mode: Mode,
    pub port: u16,
    pub connections: usize,
    /// Bytes of a message.
    pub size: usize,
    /// Messages that a connection keeps on the way.
    pub depth: u64,
    /// Addresses of 127/8 that connections come from; 0 leaves it to the system.
    pub sources: u8,
    /// Length of the measured window; with `requests`, the most time that they may take.
    pub seconds: Duration,
    /// Load before the measured window, not counted.
    pub warmup: Duration,
    /// A run bounded by a count, shared out among the connections, with a check of the end of each stream; or how many
    /// signals.
    pub requests: Option<u64>,
    /// Of a stream, or of the pattern file.
    pub bytes: u64,
    /// A stream before the measured one, not counted.
    pub warmup_bytes: u64,
    /// After as many bytes a slow reader pauses; 0 for a fast one.
    pub burst: u64,
    /// Of a slow reader, or between two signals.
    pub pause: Duration,
    /// The stream is not asked for: it goes to the server, which echoes it.
    pub feed: bool,
    /// Where the pattern file goes.
    pub file: PathBuf,
    /// The process whose CPU time is read at both ends of the measured window.
    pub server_pid: Option<u32>,
}

impl Options {
    pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(name) = args.next() {
            let mode = match name.as_str() {
                "--datagrams" => Some(Mode::Datagrams),
                "--churn" => Some(Mode::Churn),
                "--idle" => Some(Mode::Idle),
                "--sink" => Some(Mode::Sink),
                "--signals" => Some(Mode::Signals),
                _ => None,
            };
            if let Some(mode) = mode {
                options.mode = mode;
                continue;
            }
            if name == "--feed" {
                options.feed = true;
                continue;
            }
            let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
            options.set(&name, &value)?;
        }
        options.refuse_nonsense()?;
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "--port" => self.port = number(name, value)?,
            "--connections" => self.connections = number(name, value)?,
            "--size" => self.size = number(name, value)?,
            "--depth" => self.depth = number(name, value)?,
            "--sources" => self.sources = number(name, value)?,
            "--seconds" => self.seconds = duration(name, value)?,
            "--warmup" => self.warmup = duration(name, value)?,
            "--requests" => self.requests = Some(number(name, value)?),
            "--bytes" => self.bytes = number(name, value)?,
            "--warmup-bytes" => self.warmup_bytes = number(name, value)?,
            "--burst" => self.burst = number(name, value)?,
            "--pause" => self.pause = duration(name, value)?,
            "--server-pid" => self.server_pid = Some(number(name, value)?),
            "--pattern" => {
                self.mode = Mode::Pattern;
                self.file = PathBuf::from(value);
            }
            _ => return Err(format!("unknown option {name}")),
        }
        Ok(())
    }

    fn refuse_nonsense(&self) -> Result<(), String> {
        match self.mode {
            Mode::Pattern => return Ok(()),
            Mode::Signals if self.server_pid.is_none() => {
                return Err("--signals needs --server-pid".to_owned());
            }
            Mode::Signals => return Ok(()),
            _ => {}
        }
        if self.port == 0 || self.connections == 0 || self.size == 0 || self.depth == 0 {
            return Err("--port, --connections, --size and --depth must be at least 1".to_owned());
        }
        if self.mode == Mode::Datagrams && !(NUMBER_BYTES..=MAX_DATAGRAM).contains(&self.size) {
            return Err(format!("a datagram has {NUMBER_BYTES} to {MAX_DATAGRAM} bytes, got {}", self.size));
        }
        Ok(())
    }
}

/// Each datagram begins with its number.
pub const NUMBER_BYTES: usize = 4;
/// What IPv4 allows, without its header and that of UDP.
const MAX_DATAGRAM: usize = 65_507;

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::Echo,
            port: 0,
            connections: 1,
            size: 1024,
            depth: 1,
            sources: 0,
            seconds: Duration::from_secs(5),
            warmup: Duration::ZERO,
            requests: None,
            bytes: 0,
            warmup_bytes: 0,
            burst: 0,
            pause: Duration::ZERO,
            feed: false,
            file: PathBuf::new(),
            server_pid: None,
        }
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} takes a whole number in range, got {value:?}"))
}

fn duration(name: &str, value: &str) -> Result<Duration, String> {
    let seconds = value.parse().map_err(|_| format!("{name} takes seconds, got {value:?}"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| format!("{name} takes seconds: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_full_line_is_read() {
        let options = parse("--port 80 --connections 3 --size 9 --seconds 0.5 --requests 7").unwrap();
        assert_eq!((options.port, options.connections, options.size), (80, 3, 9));
        assert_eq!((options.seconds, options.requests), (Duration::from_millis(500), Some(7)));
        assert_eq!(options.mode, Mode::Echo);
        assert_eq!(parse("--sink --port 1 --bytes 9").unwrap().mode, Mode::Sink);
        assert_eq!(parse("--signals --server-pid 7").unwrap().mode, Mode::Signals);
        assert_eq!(parse("--pattern f --bytes 9").unwrap().mode, Mode::Pattern);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for line in [
            "",
            "--port",
            "--port 70000",
            "--port 1 --size 0",
            "--port 1 --seconds -1",
            "--port 1 --what 2",
            "--signals --requests 3",
            "--port 1 --datagrams --size 3",
            "--port 1 --datagrams --size 65508",
        ] {
            assert!(parse(line).is_err(), "{line:?}");
        }
    }
}
