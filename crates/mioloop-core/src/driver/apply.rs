//! Carries out what JavaScript submitted, in order. Small writes of one turn to one connection are collected
//! and leave as one gathered write: at the end, or before anything that has to come after them.

use super::{Driver, Source};
use crate::layout::*;
use crate::rings::{Completion, Shared, Submission};
use crate::tokens::Key;
use crate::watch::interest;
use std::io::{self, IoSlice};

/// A part of the submission slab that one source has to send, and the source's next one.
#[derive(Debug)]
pub(super) struct PendingWrite {
    pub start: usize,
    pub end: usize,
    /// Of these bytes, how many in front are a datagram's address.
    pub address: usize,
    pub next: Option<u32>,
}

impl Driver {
    /// Applies every submission that waits. Each direct call begins with this, so order always holds.
    pub fn apply(&mut self, shared: &mut Shared<'_>) {
        let count = shared.header[HEADER_SUBMITTED as usize] as usize;
        if count == 0 {
            return;
        }
        for index in 0..count {
            let submission = Submission::read(shared.submissions, index);
            self.apply_one(shared, submission);
        }
        let touched = std::mem::take(&mut self.touched);
        for &key in &touched {
            self.send_collected(shared, key);
        }
        self.touched = touched;
        self.touched.clear();
        self.writes.clear();
        shared.header[HEADER_SUBMITTED as usize] = 0;
        shared.header[HEADER_OUTGOING as usize] = 0;
        shared.header[HEADER_FLUSHES as usize] = shared.header[HEADER_FLUSHES as usize].wrapping_add(1);
    }

    fn apply_one(&mut self, shared: &mut Shared<'_>, submission: Submission) {
        let key = submission.key;
        match submission.kind {
            SUBMIT_WRITE => self.collect_write(submission),
            SUBMIT_TIMER => self.set_timer(submission),
            SUBMIT_TIMER_CANCEL => {
                self.wheel.cancel(key.slot);
            }
            SUBMIT_PAUSE => {
                if let Some(outlet) = self.outlet(key) {
                    outlet.stop_reading();
                }
            }
            SUBMIT_RESUME => self.resume(key),
            SUBMIT_BUFFERED => {
                if let Some(stream) = self.stream(key) {
                    stream.buffered = submission.length != 0;
                }
            }
            SUBMIT_HAND_BACK => self.hand_back(shared, submission),
            SUBMIT_WRITE_EOF => {
                self.send_collected(shared, key);
                if let Some(stream) = self.stream(key)
                    && let Err(error) = stream.write_eof()
                {
                    self.write_failed(key, &error, false);
                }
            }
            SUBMIT_NOTIFY_LOW => self.notify_low(shared, submission),
            SUBMIT_NOTIFY_DRAINED => self.notify_drained(shared, key),
            SUBMIT_ABORT => self.abort(shared, key),
            SUBMIT_CLOSE => {
                self.send_collected(shared, key);
                self.close(shared, key);
            }
            SUBMIT_ARM => self.arm(submission),
            SUBMIT_SENDTO => self.collect_datagram(submission),
            SUBMIT_SEND_AGAIN => self.send_again(key),
            kind => debug_assert_eq!(kind, SUBMIT_NOTHING, "an unknown submission"),
        }
    }

    fn set_timer(&mut self, submission: Submission) {
        let Key { slot, generation } = submission.key;
        let index = slot as usize;
        if index >= self.timer_generations.len() {
            self.timer_generations.resize(index + 1, 0);
        }
        self.timer_generations[index] = generation;
        self.wheel.insert(slot, submission.when);
    }

    fn resume(&mut self, key: Key) {
        match self.sources.get_mut(key) {
            Some(Source::Stream(stream)) => {
                stream.reading = true;
                if stream.wants_read() {
                    self.enqueue(key);
                }
            }
            Some(Source::Endpoint(endpoint)) => {
                endpoint.reading = true;
                if endpoint.wants_read() {
                    self.enqueue(key);
                }
            }
            _ => {}
        }
    }

    fn hand_back(&mut self, shared: &Shared<'_>, submission: Submission) {
        let start = submission.offset as usize;
        let Some(bytes) = shared.incoming.get(start..start + submission.length as usize) else { return };
        if let Some(stream) = self.stream(submission.key) {
            stream.hand_back(bytes);
        }
    }

    fn notify_low(&mut self, shared: &mut Shared<'_>, submission: Submission) {
        self.send_collected(shared, submission.key);
        let low = submission.length as usize;
        let Some(outlet) = self.outlet(submission.key) else { return };
        if outlet.queued() <= low {
            self.completions.defer(Completion::new(COMPLETE_LOW, submission.key));
        } else {
            outlet.marks().low = Some(low);
        }
    }

    fn notify_drained(&mut self, shared: &mut Shared<'_>, key: Key) {
        self.send_collected(shared, key);
        let Some(outlet) = self.outlet(key) else { return };
        outlet.stop_reading();
        if outlet.queued() == 0 {
            self.completions.defer(Completion::new(COMPLETE_DRAINED, key));
        } else {
            outlet.marks().drained = true;
        }
    }

    fn abort(&mut self, shared: &mut Shared<'_>, key: Key) {
        // asyncio's write sends at once, so what was written before abort() has had its chance there too.
        self.send_collected(shared, key);
        let Some(outlet) = self.outlet(key) else { return };
        outlet.stop_reading();
        outlet.drop_queue();
        shared.publish_buffered(key.slot, 0);
    }

    fn arm(&mut self, submission: Submission) {
        if self.sources.has_lost_its_number(submission.key) {
            return;
        }
        let Some(Source::Watch(watch)) = self.sources.get(submission.key) else { return };
        // It fails where the user has closed the descriptor: nothing will come of it any more.
        let _ = watch.arm(&self.selector, submission.key, interest(submission.length));
    }

    /// Closes the source of `key` and frees its slot; a watched descriptor stays open.
    pub(super) fn close(&mut self, shared: &mut Shared<'_>, key: Key) {
        let is_elsewhere = self.sources.has_lost_its_number(key);
        let Some(source) = self.sources.remove(key) else { return };
        if !is_elsewhere {
            source.close(&self.selector);
        }
        shared.publish_buffered(key.slot, 0);
    }

    fn collect_write(&mut self, submission: Submission) {
        let Submission { key, offset, length, .. } = submission;
        let (start, end) = (offset as usize, offset as usize + length as usize);
        let index = self.writes.len() as u32;
        let Some(Source::Stream(stream)) = self.sources.get_mut(key) else { return };
        match stream.pending {
            None => {
                stream.pending = Some((index, index));
                self.touched.push(key);
            }
            Some((first, last)) => {
                let tail = &mut self.writes[last as usize];
                if tail.end == start {
                    tail.end = end;
                    return;
                }
                tail.next = Some(index);
                stream.pending = Some((first, index));
            }
        }
        self.writes.push(PendingWrite { start, end, address: 0, next: None });
    }

    /// Sends what was collected for `key`.
    fn send_collected(&mut self, shared: &mut Shared<'_>, key: Key) {
        if let Some(Source::Endpoint(_)) = self.sources.get(key) {
            self.send_collected_datagrams(shared, key);
            return;
        }
        let Some(Source::Stream(stream)) = self.sources.get_mut(key) else { return };
        let Some((first, last)) = stream.pending.take() else { return };
        let outgoing = shared.outgoing;
        let piece = |index: u32| {
            let write = &self.writes[index as usize];
            IoSlice::new(outgoing.get(write.start..write.end).unwrap_or_default())
        };
        let result = if first == last {
            stream.send(&mut [piece(first)])
        } else {
            let mut slices = Vec::new();
            let mut next = Some(first);
            while let Some(index) = next {
                slices.push(piece(index));
                next = self.writes[index as usize].next;
            }
            stream.send(&mut slices)
        };
        shared.publish_buffered(key.slot, stream.queued());
        if stream.has_failed() {
            shared.publish_failed(key.slot);
        }
        if let Err(error) = result {
            self.write_failed(key, &error, true);
        }
    }

    /// Tells JavaScript that writing failed. `fresh`: by a write that was submitted in the turn before, which
    /// asyncio would have found out about at once.
    pub(super) fn write_failed(&mut self, key: Key, error: &io::Error, fresh: bool) {
        let mut completion = Completion::new(COMPLETE_WRITE_FAILED, key);
        completion.detail = errno(error);
        completion.length = u32::from(fresh);
        self.completions.defer(completion);
    }
}

/// The errno of `error`; where it is not the system's, EINVAL for what was refused before, else EIO.
#[must_use]
pub fn errno(error: &io::Error) -> u32 {
    let own = match error.kind() {
        io::ErrorKind::InvalidInput => rustix::io::Errno::INVAL,
        _ => rustix::io::Errno::IO,
    };
    error.raw_os_error().unwrap_or(own.raw_os_error()) as u32
}
