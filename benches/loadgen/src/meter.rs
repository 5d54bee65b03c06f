//! What a run counts: requests and their latencies in the measured window, the server's CPU time, and faults.

use std::fmt;
use std::time::{Duration, Instant};

use crate::cpu::process_time;
use crate::histogram::Histogram;
use crate::options::Options;
use crate::report::Report;

/// Faults that are printed; all are counted.
const PRINTED_FAULTS: u64 = 5;

#[derive(Debug)]
pub struct Meter {
    /// Bytes of a request.
    size: u64,
    server_pid: Option<u32>,
    /// Both readings of the window's start; `None` outside a window.
    began: Option<(Instant, Option<Duration>)>,
    latencies: Histogram,
    requests: u64,
    resent: u64,
    window: Duration,
    server_cpu: Option<Duration>,
    errors: u64,
}

impl Meter {
    pub fn new(options: &Options) -> Self {
        Self {
            size: options.size as u64,
            server_pid: options.server_pid,
            began: None,
            latencies: Histogram::new(),
            requests: 0,
            resent: 0,
            window: Duration::ZERO,
            server_cpu: None,
            errors: 0,
        }
    }

    /// Begins the measured window.
    pub fn begin(&mut self) {
        self.latencies.clear();
        self.requests = 0;
        self.resent = 0;
        let cpu = self.server_pid.and_then(process_time);
        self.began = Some((Instant::now(), cpu));
    }

    /// Ends it; what is recorded later does not count.
    pub fn end(&mut self) {
        let Some((start, cpu_before)) = self.began.take() else { return };
        self.window = start.elapsed();
        let cpu_after = self.server_pid.and_then(process_time);
        self.server_cpu = cpu_before.zip(cpu_after).map(|(before, after)| after.saturating_sub(before));
    }

    /// A request that was answered.
    pub fn record(&mut self, latency: Duration) {
        if self.began.is_some() {
            self.requests += 1;
            self.latencies.record(latency);
        }
    }

    /// A request that was sent again, because its answer did not come.
    pub fn record_resent(&mut self) {
        if self.began.is_some() {
            self.resent += 1;
        }
    }

    /// Something that must not be; counts outside the window as well.
    pub fn fault(&mut self, text: fmt::Arguments<'_>) {
        self.errors += 1;
        if self.errors <= PRINTED_FAULTS {
            eprintln!("mioloop-loadgen: {text}");
        }
    }

    pub fn report(&self) -> Report {
        Report {
            requests: self.requests,
            bytes: self.requests * self.size,
            window: self.window,
            p50: self.latencies.percentile(0.5),
            p99: self.latencies.percentile(0.99),
            max: self.latencies.max(),
            resent: self.resent,
            errors: self.errors,
            server_cpu: self.server_cpu,
        }
    }
}
