//! The memory that JavaScript and the core share, as the core sees it during one call: submissions to read,
//! completions to fill, and the slabs that their bytes lie in. `driver` is the only user.

use crate::layout::*;
use crate::tokens::Key;
use std::collections::VecDeque;

/// The shared memory, borrowed for one call. Whoever makes it vouches that nothing else touches it meanwhile.
#[derive(Debug)]
pub struct Shared<'a> {
    pub header: &'a mut [u32],
    pub submissions: &'a [u32],
    pub outgoing: &'a [u8],
    pub completions: &'a mut [u32],
    pub incoming: &'a mut [u8],
    /// Empty before the first datagram endpoint.
    pub datagrams: &'a mut [u8],
    /// Bytes that wait to be sent, by slot; below 0 where a write has failed. Grows by replacement, so a slot may lie beyond its end.
    pub buffered: &'a mut [f64],
}

impl Shared<'_> {
    /// Tells JavaScript how many bytes the connection in `slot` has waiting.
    pub fn publish_buffered(&mut self, slot: u32, bytes: usize) {
        if let Some(cell) = self.buffered.get_mut(slot as usize) {
            *cell = bytes as f64;
        }
    }

    /// Tells JavaScript that a write of the connection in `slot` has failed: it must know before the completion comes, because one
    /// who writes without end would never let a turn pass in which it can.
    pub fn publish_failed(&mut self, slot: u32) {
        if let Some(cell) = self.buffered.get_mut(slot as usize) {
            *cell = -1.0;
        }
    }
}

/// One thing that JavaScript asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Submission {
    pub kind: u32,
    pub key: Key,
    pub offset: u32,
    pub length: u32,
    pub detail: u32,
    /// Seconds on the loop's clock; only for timers.
    pub when: f64,
}

impl Submission {
    /// Reads record `index`. Words that are not there (the ring is shorter than its count) read as nothing.
    #[must_use]
    pub fn read(ring: &[u32], index: usize) -> Self {
        let start = index * SUBMISSION_WORDS as usize;
        let Some(record) = ring.get(start..start + SUBMISSION_WORDS as usize) else {
            return Self {
                kind: SUBMIT_NOTHING,
                key: Key { slot: 0, generation: 0 },
                offset: 0,
                length: 0,
                detail: 0,
                when: 0.0,
            };
        };
        let when = RECORD_WHEN as usize * 2;
        // Both sides run on one machine; the order of the two halves is the machine's own.
        let [low, high] = if cfg!(target_endian = "little") { [0, 1] } else { [1, 0] };
        Self {
            kind: record[RECORD_KIND as usize],
            key: Key { slot: record[RECORD_SLOT as usize], generation: record[RECORD_GENERATION as usize] },
            offset: record[RECORD_OFFSET as usize],
            length: record[RECORD_LENGTH as usize],
            detail: record[RECORD_DETAIL as usize],
            when: f64::from_bits(u64::from(record[when + low]) | u64::from(record[when + high]) << 32),
        }
    }
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    pub kind: u32,
    pub key: Key,
    pub offset: u32,
    pub length: u32,
    pub detail: u32,
}

impl Completion {
    /// A completion that says only what happened to whom.
    #[must_use]
    pub fn new(kind: u32, key: Key) -> Self {
        Self { kind, key, offset: 0, length: 0, detail: 0 }
    }
}

/// Fills the completion ring in order; what is beyond its end waits for `refill`. Nothing is ever lost.
#[derive(Debug, Default)]
pub struct Completions {
    used: usize,
    overflow: VecDeque<Completion>,
}

impl Completions {
    /// Begins a new turn: the ring is JavaScript's no longer.
    pub fn begin(&mut self, ring: &mut [u32]) {
        self.used = 0;
        self.move_overflow(ring);
    }

    /// Adds one completion.
    pub fn push(&mut self, ring: &mut [u32], completion: Completion) {
        // Order: nothing may pass what is already waiting.
        if self.overflow.is_empty() && self.write(ring, completion) {
            return;
        }
        self.overflow.push_back(completion);
    }

    /// Adds a completion between turns, when the ring is JavaScript's: it comes first in the next turn.
    pub fn defer(&mut self, completion: Completion) {
        self.overflow.push_back(completion);
    }

    /// How many records the ring holds for JavaScript.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used
    }

    /// Whether completions wait behind a full ring.
    #[must_use]
    pub fn has_overflow(&self) -> bool {
        !self.overflow.is_empty()
    }

    fn move_overflow(&mut self, ring: &mut [u32]) {
        while let Some(&completion) = self.overflow.front() {
            if !self.write(ring, completion) {
                return;
            }
            self.overflow.pop_front();
        }
    }

    fn write(&mut self, ring: &mut [u32], completion: Completion) -> bool {
        let start = self.used * COMPLETION_WORDS as usize;
        let Some(record) = ring.get_mut(start..start + COMPLETION_WORDS as usize) else {
            return false;
        };
        record[RECORD_KIND as usize] = completion.kind;
        record[RECORD_SLOT as usize] = completion.key.slot;
        record[RECORD_GENERATION as usize] = completion.key.generation;
        record[RECORD_OFFSET as usize] = completion.offset;
        record[RECORD_LENGTH as usize] = completion.length;
        record[RECORD_DETAIL as usize] = completion.detail;
        self.used += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completion(slot: u32) -> Completion {
        Completion::new(COMPLETE_TIMER, Key { slot, generation: 7 })
    }

    #[test]
    fn what_does_not_fit_comes_with_the_next_filling_in_order() {
        let mut ring = vec![0; 2 * COMPLETION_WORDS as usize];
        let mut completions = Completions::default();
        completions.begin(&mut ring);
        for slot in 0..5 {
            completions.push(&mut ring, completion(slot));
        }
        let mut seen = Vec::new();
        loop {
            for record in ring.chunks(COMPLETION_WORDS as usize).take(completions.used()) {
                seen.push(record[RECORD_SLOT as usize]);
            }
            if !completions.has_overflow() {
                break;
            }
            completions.begin(&mut ring);
        }
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_submission_carries_its_time_exactly() {
        let mut ring = vec![0u32; SUBMISSION_WORDS as usize];
        let when = 1_234.000_000_001_f64;
        ring[RECORD_KIND as usize] = SUBMIT_TIMER;
        ring[RECORD_SLOT as usize] = 3;
        let bytes: [u8; 8] = when.to_ne_bytes();
        let word = RECORD_WHEN as usize * 2;
        ring[word] = u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        ring[word + 1] = u32::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        let submission = Submission::read(&ring, 0);
        assert_eq!((submission.kind, submission.key.slot, submission.when), (SUBMIT_TIMER, 3, when));
    }

    #[test]
    fn a_record_beyond_the_ring_reads_as_nothing() {
        assert_eq!(Submission::read(&[], 4).kind, SUBMIT_NOTHING);
    }
}
