//! Datagram endpoints: collects what a turn sends, receives in batches, and tells what failed.

use super::apply::{PendingWrite, errno};
use super::{Driver, Source};
use crate::address::Address;
use crate::address_block;
use crate::batch::Outgoing;
use crate::datagram::{Endpoint, Unsent};
use crate::layout::*;
use crate::limits::RECEIVE_BATCH;
use crate::outlet::Outlet;
use crate::rings::{Completion, Shared, Submission};
use crate::socket::Socket;
use crate::tokens::Key;
use rustix::net::SocketAddrAny;
use std::io::{self, ErrorKind, IoSlice};

const SLOT_BYTES: usize = DATAGRAM_SLOT_BYTES as usize;

impl Driver {
    /// Takes a datagram socket over. It is the caller's still when this fails.
    ///
    /// # Errors
    /// The operating system's.
    pub fn adopt_endpoint(&mut self, socket: &Socket) -> io::Result<Key> {
        let mut endpoint = Endpoint::new(socket.clone())?;
        endpoint.register(&self.selector, self.sources.next_key())?;
        Ok(self.sources.insert(Source::Endpoint(endpoint)))
    }

    /// Sends a datagram at once, to the address in `block` (empty: to where the socket is connected); it is copied if
    /// the kernel does not take it. A failure comes as a completion.
    pub fn send_to(&mut self, shared: &mut Shared<'_>, key: Key, data: &[u8], block: &[u8]) {
        self.apply(shared);
        let Some(endpoint) = self.endpoint(key) else { return };
        match destination(block) {
            Ok(to) => endpoint.send(&[Outgoing { data: IoSlice::new(data), to }]),
            Err(error) => endpoint.fail(error, None),
        }
        self.sent(shared, key);
    }

    /// The datagrams that could not be sent since the last call, in order.
    pub fn take_unsent(&mut self, shared: &mut Shared<'_>, key: Key) -> Vec<Unsent> {
        self.apply(shared);
        self.endpoint(key).map(Endpoint::take_unsent).unwrap_or_default()
    }

    pub(super) fn collect_datagram(&mut self, submission: Submission) {
        let Submission { key, offset, length, detail, .. } = submission;
        let address = detail as usize;
        let start = offset as usize;
        let index = self.writes.len() as u32;
        let Some(Source::Endpoint(endpoint)) = self.sources.get_mut(key) else { return };
        match endpoint.pending {
            None => {
                endpoint.pending = Some((index, index));
                self.touched.push(key);
            }
            Some((first, last)) => {
                self.writes[last as usize].next = Some(index);
                endpoint.pending = Some((first, index));
            }
        }
        self.writes.push(PendingWrite { start, end: start + address + length as usize, address, next: None });
    }

    /// Sends what was collected for the endpoint `key`.
    pub(super) fn send_collected_datagrams(&mut self, shared: &mut Shared<'_>, key: Key) {
        let Some(Source::Endpoint(endpoint)) = self.sources.get_mut(key) else { return };
        let Some((first, _)) = endpoint.pending.take() else { return };
        let mut datagrams = Vec::new();
        let mut next = Some(first);
        while let Some(index) = next {
            let write = &self.writes[index as usize];
            next = write.next;
            let bytes = shared.outgoing.get(write.start..write.end).unwrap_or_default();
            let (block, data) = bytes.split_at_checked(write.address).unwrap_or_default();
            match destination(block) {
                Ok(to) => datagrams.push(Outgoing { data: IoSlice::new(data), to }),
                Err(error) => endpoint.fail(error, None),
            }
        }
        endpoint.send(&datagrams);
        self.sent(shared, key);
    }

    /// What has to be told when an endpoint has sent in a call of the facade's: with the next turn.
    fn sent(&mut self, shared: &mut Shared<'_>, key: Key) {
        for kind in self.after_sending(shared, key).into_iter().flatten() {
            self.completions.defer(Completion::new(kind, key));
        }
    }

    /// What has to be told when an endpoint has sent in a turn.
    pub(super) fn tell_sent(&mut self, shared: &mut Shared<'_>, key: Key) {
        for kind in self.after_sending(shared, key).into_iter().flatten() {
            self.completions.push(shared.completions, Completion::new(kind, key));
        }
    }

    fn after_sending(&mut self, shared: &mut Shared<'_>, key: Key) -> [Option<u32>; 2] {
        let Some(Source::Endpoint(endpoint)) = self.sources.get_mut(key) else { return [None; 2] };
        if let Err(error) = endpoint.watch_writes(&self.selector, key) {
            endpoint.fail(error, None);
        }
        shared.publish_buffered(key.slot, endpoint.queued());
        [
            endpoint.has_unsent().then_some(COMPLETE_UNSENT),
            // Nothing else will tell when those that wait can be sent.
            endpoint.tell_stalled().then_some(COMPLETE_STALLED),
        ]
    }

    /// Puts an endpoint in line, so that the next turn tries to send what waits.
    pub(super) fn send_again(&mut self, key: Key) {
        if let Some(endpoint) = self.endpoint(key) {
            endpoint.send_again = true;
            self.enqueue(key);
        }
    }

    /// Serves an endpoint that has waited in line.
    pub(super) fn serve_endpoint(&mut self, shared: &mut Shared<'_>, key: Key) {
        let Some(endpoint) = self.endpoint(key) else { return };
        let send_again = endpoint.take_send_again();
        if endpoint.wants_read() {
            self.receive_datagrams(shared, key);
        }
        if send_again {
            self.serve_write(shared, key);
        }
    }

    /// Receives one batch.
    pub(super) fn receive_datagrams(&mut self, shared: &mut Shared<'_>, key: Key) {
        let first = self.slots_used;
        let Some(Source::Endpoint(endpoint)) = self.sources.get_mut(key) else { return };
        let each = endpoint.slots_each();
        let slots = shared.datagrams.len() / SLOT_BYTES;
        let room = RECEIVE_BATCH.min(slots.saturating_sub(first) / each);
        if room == 0 {
            self.pass_over(key);
            return;
        }
        let slab = &mut shared.datagrams[first * SLOT_BYTES..(first + room * each) * SLOT_BYTES];
        let socket = endpoint.socket().clone();
        let Ok(socket) = socket.get() else { return };
        let batch = self.receiver.receive(&socket, endpoint.family(), slab, each * SLOT_BYTES);
        for (index, arrival) in batch.arrivals.iter().enumerate() {
            let block = (first + index * each) * SLOT_BYTES;
            let mut completion = Completion::new(COMPLETE_DATAGRAM, key);
            completion.offset = block as u32 + ADDRESS_BYTES;
            completion.length = arrival.length as u32;
            completion.detail = block as u32;
            if arrival.truncated {
                completion = Completion::new(COMPLETE_RECEIVE_FAILED, key);
                completion.detail = rustix::io::Errno::MSGSIZE.raw_os_error() as u32;
            }
            self.completions.push(shared.completions, completion);
        }
        let count = batch.arrivals.len();
        self.slots_used += count * each;
        let error = batch.error.as_ref().filter(|error| error.kind() != ErrorKind::WouldBlock);
        if let Some(error) = error
            && error.kind() != ErrorKind::Interrupted
        {
            let mut completion = Completion::new(COMPLETE_RECEIVE_FAILED, key);
            completion.detail = errno(error);
            self.completions.push(shared.completions, completion);
        }
        // A batch that was not filled has found nothing more.
        endpoint.unread = count == room || error.is_some();
        if endpoint.unread {
            self.enqueue(key);
        }
    }

    fn endpoint(&mut self, key: Key) -> Option<&mut Endpoint> {
        match self.sources.get_mut(key) {
            Some(Source::Endpoint(endpoint)) => Some(endpoint),
            _ => None,
        }
    }
}

/// Where a datagram goes, by the block in front of it; none without a block.
fn destination(block: &[u8]) -> io::Result<Option<SocketAddrAny>> {
    if block.is_empty() {
        return Ok(None);
    }
    let address: Address = address_block::read(block).ok_or(ErrorKind::InvalidInput)?;
    SocketAddrAny::try_from(&address).map(Some)
}
