//! Latencies, in buckets that are at most 0.4 % wide.

use std::time::Duration;

/// Buckets of each power of two: 2^8, the bits that are kept of a value.
const PRECISION_BITS: u32 = 8;
/// Powers of two above the first bucket row; the top is 2^40 ns, 18 minutes.
const ROWS: usize = 33;

/// Counts of durations in nanoseconds.
#[derive(Debug)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
    max: u64,
}

impl Histogram {
    pub fn new() -> Self {
        Self { counts: vec![0; ROWS << PRECISION_BITS], total: 0, max: 0 }
    }

    pub fn record(&mut self, latency: Duration) {
        let nanoseconds = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        self.max = self.max.max(nanoseconds);
        self.total += 1;
        let last = self.counts.len() - 1;
        self.counts[bucket(nanoseconds).min(last)] += 1;
    }

    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
        self.max = 0;
    }

    /// The latency that `share` (0 to 1) of all requests did not exceed.
    pub fn percentile(&self, share: f64) -> Duration {
        let wanted = ((self.total as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return Duration::from_nanos(upper_edge(index).min(self.max));
            }
        }
        self.max()
    }

    pub fn max(&self) -> Duration {
        Duration::from_nanos(self.max)
    }
}

fn bucket(value: u64) -> usize {
    let bits = u64::BITS - value.leading_zeros();
    let row = bits.saturating_sub(PRECISION_BITS);
    // In row 0 the value is its own bucket; above it the top bit is always set, so each row uses its upper half.
    ((row as usize) << PRECISION_BITS) + (value >> row) as usize
}

fn upper_edge(index: usize) -> u64 {
    let row = index >> PRECISION_BITS;
    let mantissa = (index & ((1 << PRECISION_BITS) - 1)) as u64;
    ((mantissa + 1) << row) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_a_bucket_that_is_at_most_one_percent_wide() {
        for value in [0, 1, 255, 256, 257, 1_000, 65_535, 65_536, 1_000_000, 987_654_321, 1 << 39] {
            let edge = upper_edge(bucket(value));
            assert!(edge >= value && edge as f64 <= value as f64 * 1.01, "{value} in a bucket up to {edge}");
        }
    }

    #[test]
    fn percentiles_of_one_to_hundred() {
        let mut histogram = Histogram::new();
        (1..=100).for_each(|value| histogram.record(Duration::from_nanos(value)));
        assert_eq!(histogram.percentile(0.5), Duration::from_nanos(50));
        assert_eq!(histogram.percentile(0.99), Duration::from_nanos(99));
        assert_eq!(histogram.max(), Duration::from_nanos(100));
    }
}
