//! The result of a run and its line of JSON.

use std::fmt;
use std::time::Duration;

/// What the measured window showed.
#[derive(Debug)]
pub struct Report {
    pub requests: u64,
    pub bytes: u64,
    pub window: Duration,
    pub p50: Duration,
    pub p99: Duration,
    pub max: Duration,
    /// Requests that were sent again.
    pub resent: u64,
    /// Wrong, missing or unexpected bytes, lost connections: of the whole run, not only of the window.
    pub errors: u64,
    pub server_cpu: Option<Duration>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.window.as_secs_f64();
        let rate = if seconds > 0.0 { self.requests as f64 / seconds } else { 0.0 };
        write!(f, "{{\"requests\":{},\"bytes\":{},\"seconds\":{seconds:.6}", self.requests, self.bytes)?;
        write!(f, ",\"requestsPerSecond\":{rate:.1},\"resent\":{}", self.resent)?;
        for (name, value) in [("p50", self.p50), ("p99", self.p99), ("max", self.max)] {
            write!(f, ",\"{name}Us\":{:.3}", value.as_secs_f64() * 1e6)?;
        }
        match self.server_cpu {
            Some(time) => write!(f, ",\"serverCpuUs\":{:.3}", time.as_secs_f64() * 1e6)?,
            None => write!(f, ",\"serverCpuUs\":null")?,
        }
        write!(f, ",\"errors\":{}}}", self.errors)
    }
}
