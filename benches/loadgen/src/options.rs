//! The command line.

use std::time::Duration;

pub const USAGE: &str = "\
usage: mioloop-loadgen --port P [--connections N] [--size BYTES] [--depth D]
                       [--seconds S] [--warmup S] [--server-pid PID]
       mioloop-loadgen --port P --requests TOTAL [--connections N] [--size BYTES] [--depth D] [--seconds LIMIT]
       mioloop-loadgen --port P --idle [--connections N]";

/// What one run does.
#[derive(Debug)]
pub struct Options {
    pub port: u16,
    pub connections: usize,
    /// Bytes of a message.
    pub size: usize,
    /// Messages that a connection keeps on the way.
    pub depth: u64,
    /// Length of the measured window; with `requests`, the most time that they may take.
    pub seconds: Duration,
    /// Load before the measured window, not counted.
    pub warmup: Duration,
    /// A run bounded by a count, shared out among the connections, with a check of the end of each stream.
    pub requests: Option<u64>,
    /// Open the connections and hold them until stdin ends.
    pub idle: bool,
    /// The process whose CPU time is read at both ends of the measured window.
    pub server_pid: Option<u32>,
}

impl Options {
    pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            port: 0,
            connections: 1,
            size: 1024,
            depth: 1,
            seconds: Duration::from_secs(5),
            warmup: Duration::ZERO,
            requests: None,
            idle: false,
            server_pid: None,
        };
        while let Some(name) = args.next() {
            if name == "--idle" {
                options.idle = true;
                continue;
            }
            let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--port" => options.port = number(&name, &value)?,
                "--connections" => options.connections = number(&name, &value)?,
                "--size" => options.size = number(&name, &value)?,
                "--depth" => options.depth = number(&name, &value)?,
                "--seconds" => options.seconds = duration(&name, &value)?,
                "--warmup" => options.warmup = duration(&name, &value)?,
                "--requests" => options.requests = Some(number(&name, &value)?),
                "--server-pid" => options.server_pid = Some(number(&name, &value)?),
                _ => return Err(format!("unknown option {name}")),
            }
        }
        if options.port == 0 || options.connections == 0 || options.size == 0 || options.depth == 0 {
            return Err("--port, --connections, --size and --depth must be at least 1".to_owned());
        }
        Ok(options)
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
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for line in
            ["", "--port", "--port 70000", "--port 1 --size 0", "--port 1 --seconds -1", "--port 1 --what 2"]
        {
            assert!(parse(line).is_err(), "{line:?}");
        }
    }
}
