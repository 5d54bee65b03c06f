//! Bytes that a connection still has to send, in order: what the kernel did not take. Used by `stream`.

use crate::limits::{WRITE_CALL_BYTES, WRITE_CHUNK_BYTES, WRITE_SLICES};
use std::collections::VecDeque;
use std::io::IoSlice;

/// A queue of byte chunks with a cursor into the first.
#[derive(Debug, Default)]
pub struct WriteQueue {
    chunks: VecDeque<Vec<u8>>,
    /// Bytes of the first chunk that are sent already.
    sent: usize,
    bytes: usize,
}

impl WriteQueue {
    /// Bytes that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Appends a copy of `data`: the caller's memory may change as soon as this returns.
    pub fn push(&mut self, data: &[u8]) {
        self.bytes += data.len();
        if let Some(last) = self.chunks.back_mut()
            && last.len() + data.len() <= WRITE_CHUNK_BYTES
        {
            last.extend_from_slice(data);
            return;
        }
        self.chunks.extend(data.chunks(WRITE_CHUNK_BYTES).map(<[u8]>::to_vec));
    }

    /// The front of the queue as slices for one gathered write.
    #[must_use]
    pub fn slices(&self) -> Vec<IoSlice<'_>> {
        let mut skip = self.sent;
        let mut bytes = 0;
        let mut slices = Vec::new();
        for chunk in self.chunks.iter().take(WRITE_SLICES) {
            let rest = chunk.get(skip..).unwrap_or_default();
            slices.push(IoSlice::new(rest));
            bytes += rest.len();
            if bytes >= WRITE_CALL_BYTES {
                break;
            }
            skip = 0;
        }
        slices
    }

    /// Removes `count` sent bytes from the front.
    pub fn advance(&mut self, count: usize) {
        self.bytes = self.bytes.saturating_sub(count);
        self.sent += count;
        while let Some(first) = self.chunks.front() {
            if self.sent < first.len() {
                return;
            }
            self.sent -= first.len();
            self.chunks.pop_front();
        }
        // A long queue that is over keeps no memory, a short one keeps its place.
        self.chunks.shrink_to(WRITE_SLICES);
        self.sent = 0;
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(queue: &WriteQueue) -> Vec<u8> {
        queue.slices().iter().flat_map(|slice| slice.to_vec()).collect()
    }

    #[test]
    fn bytes_leave_in_the_order_they_came_whatever_the_steps() {
        let mut queue = WriteQueue::default();
        let all: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        for part in all.chunks(7_001) {
            queue.push(part);
        }
        assert_eq!(queue.len(), all.len());
        let mut seen = Vec::new();
        for step in (1..).map(|n| n * 977) {
            let now = content(&queue);
            let count = step.min(now.len());
            seen.extend_from_slice(&now[..count]);
            queue.advance(count);
            if queue.is_empty() {
                break;
            }
        }
        assert!(seen == all);
        assert!(queue.chunks.is_empty());
    }

    #[test]
    fn what_is_sent_of_a_large_piece_is_free() {
        let mut queue = WriteQueue::default();
        let all = vec![7; 10 * 1024 * 1024 + 1];
        queue.push(&all);
        while !queue.is_empty() {
            let held: usize = queue.chunks.iter().map(Vec::capacity).sum();
            assert!(held <= queue.len() + WRITE_CHUNK_BYTES, "{held} bytes for {}", queue.len());
            queue.advance(100_000.min(queue.len()));
        }
        assert!(queue.chunks.capacity() <= 2 * WRITE_SLICES);
    }

    #[test]
    fn one_call_is_offered_no_more_than_it_can_use() {
        let mut queue = WriteQueue::default();
        queue.push(&vec![7; 10 * WRITE_CALL_BYTES]);
        let offered = content(&queue).len();
        assert!((WRITE_CALL_BYTES..WRITE_CALL_BYTES + WRITE_CHUNK_BYTES).contains(&offered), "{offered}");
    }

    #[test]
    fn small_pieces_share_a_chunk() {
        let mut queue = WriteQueue::default();
        for _ in 0..1000 {
            queue.push(b"0123456789");
        }
        assert_eq!((queue.len(), queue.chunks.len()), (10_000, 1));
    }

    #[test]
    fn clear_leaves_nothing() {
        let mut queue = WriteQueue::default();
        queue.push(b"abc");
        queue.advance(1);
        queue.clear();
        queue.push(b"xyz");
        assert_eq!(content(&queue), b"xyz");
    }
}
