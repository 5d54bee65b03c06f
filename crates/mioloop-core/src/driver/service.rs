//! Serves sources that are ready: accepts, reads into the receive slab, flushes write queues. What a portion
//! leaves waits in line, and the oldest in line is served first.

use super::apply::errno;
use super::{Driver, Source};
use crate::accept::AcceptOutcome;
use crate::address::Address;
use crate::channel::Channel;
use crate::layout::*;
use crate::limits::{READ_BYTES, READ_LEAST_BYTES};
use crate::rings::{Completion, Shared};
use crate::selector::{Occurrence, Ready};
use crate::socket::Socket;
use crate::stream::{ConnectOutcome, FileOutcome, ReadOutcome, Stream};
use crate::tokens::Key;
use crate::watch::readiness;
use rustix::io::Errno;
use std::io;

impl Driver {
    /// Serves what waits in line; what has to wait again goes to its end.
    pub(super) fn serve_line(&mut self, shared: &mut Shared<'_>) {
        for _ in 0..self.line.len() {
            let Some(key) = self.line.pop_front() else { return };
            match self.sources.get_mut(key) {
                Some(Source::Stream(stream)) => {
                    stream.in_line = false;
                    let writes = std::mem::take(&mut stream.write_in_line);
                    self.serve_read(shared, key);
                    if writes {
                        self.serve_sending(shared, key);
                    }
                }
                Some(Source::Listener(listener)) => {
                    listener.in_line = false;
                    self.serve_accept(shared, key);
                }
                Some(Source::Endpoint(endpoint)) => {
                    endpoint.in_line = false;
                    self.serve_endpoint(shared, key);
                }
                Some(Source::Watch(_) | Source::Child(_)) | None => {}
            }
        }
    }

    /// Lets a source wait for the next turn, because a slab is full: ahead of all that were served in this one.
    pub(super) fn pass_over(&mut self, key: Key) {
        let Some(source) = self.sources.get_mut(key) else { return };
        if !source.stand_in_line() {
            self.passed_over.push(key);
        }
    }

    /// Puts those that were passed over to the front of the line, in their order.
    pub(super) fn put_first(&mut self) {
        for key in self.passed_over.drain(..).rev() {
            self.line.push_front(key);
        }
    }

    /// Serves what the selector has found in this turn.
    pub(super) fn serve_occurrences(&mut self, shared: &mut Shared<'_>) {
        let mut occurrences = std::mem::take(&mut self.occurrences);
        occurrences.extend(self.selector.occurrences());
        for occurrence in occurrences.drain(..) {
            match occurrence {
                Occurrence::Source(ready) => self.serve_ready(shared, ready),
                Occurrence::Alarm => self.pace.alarm_seen(),
                Occurrence::Signals => {
                    let nobodys = Key { slot: 0, generation: 0 };
                    self.completions.push(shared.completions, Completion::new(COMPLETE_SIGNAL, nobodys));
                }
                Occurrence::Awake => {}
            }
        }
        self.occurrences = occurrences;
    }

    fn serve_ready(&mut self, shared: &mut Shared<'_>, ready: Ready) {
        match self.sources.get_mut(ready.key) {
            Some(Source::Stream(stream)) if stream.connecting => {
                stream.note(ready);
                self.serve_connect(shared, ready.key);
            }
            Some(Source::Stream(stream)) => {
                stream.note(ready);
                if stream.wants_read() && !stream.in_line {
                    self.serve_read(shared, ready.key);
                }
                // Of a full pipe whose reader has gone, only that is told.
                if ready.writable || ready.hung_up {
                    self.serve_sending(shared, ready.key);
                }
            }
            Some(Source::Listener(listener)) => {
                listener.unfinished = true;
                if !listener.in_line && !listener.resting {
                    self.serve_accept(shared, ready.key);
                }
            }
            Some(Source::Endpoint(endpoint)) => {
                endpoint.note(ready);
                if endpoint.wants_read() && !endpoint.in_line {
                    self.receive_datagrams(shared, ready.key);
                }
                if ready.writable {
                    self.serve_write(shared, ready.key);
                }
            }
            Some(Source::Watch(_)) => {
                let mut completion = Completion::new(COMPLETE_READY, ready.key);
                completion.detail = readiness(ready);
                self.completions.push(shared.completions, completion);
            }
            Some(Source::Child(_)) => self.serve_child(shared, ready.key),
            None => {}
        }
    }

    fn serve_read(&mut self, shared: &mut Shared<'_>, key: Key) {
        let (received, turn) = (self.received, self.turn);
        let Some(stream) = self.stream(key) else { return };
        if !stream.wants_read() {
            return;
        }
        if stream.read_in_turn == turn {
            self.enqueue(key);
            return;
        }
        stream.read_in_turn = turn;
        if stream.buffered {
            // `recv_into` reads, and puts the stream in line when there may be more.
            self.completions.push(shared.completions, Completion::new(COMPLETE_READABLE, key));
            return;
        }
        let end = shared.incoming.len().min(received + READ_BYTES);
        if end < received + READ_LEAST_BYTES {
            stream.read_in_turn = 0;
            self.pass_over(key);
            return;
        }
        let broken = stream.channel().only_sends() && stream.queued() > 0;
        let outcome = stream.read(&mut shared.incoming[received..end]);
        let again = stream.wants_read();
        let mut completion = Completion::new(COMPLETE_DATA, key);
        match outcome {
            ReadOutcome::Data(count) => {
                completion.offset = received as u32;
                completion.length = count as u32;
                self.received += count;
            }
            ReadOutcome::Eof if broken => {
                completion.kind = COMPLETE_WRITE_FAILED;
                completion.detail = Errno::PIPE.raw_os_error() as u32;
            }
            ReadOutcome::Eof => completion.kind = COMPLETE_EOF,
            ReadOutcome::Blocked => return,
            ReadOutcome::Failed(error) => {
                completion.kind = COMPLETE_READ_FAILED;
                completion.detail = errno(&error);
            }
        }
        self.completions.push(shared.completions, completion);
        if again {
            self.enqueue(key);
        }
    }

    /// Puts a source in line for its next read, accept, or portion of a file.
    pub(super) fn enqueue(&mut self, key: Key) {
        let Some(source) = self.sources.get_mut(key) else { return };
        if !source.stand_in_line() {
            self.line.push_back(key);
        }
    }

    /// Sends of a stream what waits: a portion of the queue, else of a file.
    fn serve_sending(&mut self, shared: &mut Shared<'_>, key: Key) {
        let Some(stream) = self.stream(key) else { return };
        // In line: it has had its portion of this turn.
        if stream.write_in_line {
            return;
        }
        self.serve_write(shared, key);
        self.serve_file(shared, key);
        if self.stream(key).is_some_and(|stream| stream.write_in_line) {
            self.enqueue(key);
        }
    }

    pub(super) fn serve_write(&mut self, shared: &mut Shared<'_>, key: Key) {
        let Some(outlet) = self.outlet(key) else { return };
        if outlet.queued() == 0 {
            return;
        }
        let result = outlet.flush();
        let queued = outlet.queued();
        let marks = outlet.marks();
        let low = result.is_ok() && marks.low.is_some_and(|low| queued <= low);
        let drained = result.is_ok() && queued == 0 && marks.drained;
        if low {
            marks.low = None;
        }
        if drained {
            marks.drained = false;
        }
        shared.publish_buffered(key.slot, queued);
        self.tell_sent(shared, key);
        // As asyncio: the protocol may resume (and write again) before an empty queue closes the transport.
        if low {
            self.completions.push(shared.completions, Completion::new(COMPLETE_LOW, key));
        }
        if drained {
            self.completions.push(shared.completions, Completion::new(COMPLETE_DRAINED, key));
        }
        if let Err(error) = result {
            let mut completion = Completion::new(COMPLETE_WRITE_FAILED, key);
            completion.detail = errno(&error);
            self.completions.push(shared.completions, completion);
        }
    }

    fn serve_file(&mut self, shared: &mut Shared<'_>, key: Key) {
        let Some(stream) = self.stream(key) else { return };
        if !stream.has_file() {
            return;
        }
        match stream.send_file() {
            FileOutcome::Blocked => {}
            FileOutcome::More => stream.write_in_line = true,
            FileOutcome::Over(number, result) => {
                let mut completion = Completion::new(COMPLETE_FILE_SENT, key);
                completion.offset = number;
                completion.detail = result.map_or_else(|error| errno(&error), |()| 0);
                self.completions.push(shared.completions, completion);
            }
        }
    }

    fn serve_connect(&mut self, shared: &mut Shared<'_>, key: Key) {
        let Some(stream) = self.stream(key) else { return };
        let mut completion = Completion::new(COMPLETE_CONNECTED, key);
        match stream.connect_outcome() {
            ConnectOutcome::Pending => return,
            ConnectOutcome::Connected => {}
            ConnectOutcome::Failed(error) => {
                completion.kind = COMPLETE_CONNECT_FAILED;
                completion.detail = errno(&error);
            }
        }
        self.completions.push(shared.completions, completion);
    }

    pub(super) fn serve_accept(&mut self, shared: &mut Shared<'_>, key: Key) {
        let Some(Source::Listener(listener)) = self.sources.get(key) else { return };
        if listener.resting {
            return;
        }
        for _ in 0..listener.portion() {
            let Some(Source::Listener(listener)) = self.sources.get_mut(key) else { return };
            if !listener.has_room() {
                return;
            }
            let outcome = match listener.accept() {
                AcceptOutcome::Accepted(socket, peer) => self.adopt(socket, peer),
                AcceptOutcome::Blocked => return,
                AcceptOutcome::Failed(error) => Err(error),
            };
            match outcome {
                Ok(accepted) => {
                    if let Some(Source::Listener(listener)) = self.sources.get(key) {
                        listener.take_room();
                    }
                    let mut completion = Completion::new(COMPLETE_ACCEPTED, key);
                    completion.offset = accepted.slot;
                    completion.length = accepted.generation;
                    self.completions.push(shared.completions, completion);
                }
                Err(error) => {
                    // It rests until JavaScript asks for `accept_again`.
                    if let Some(Source::Listener(listener)) = self.sources.get_mut(key) {
                        listener.resting = true;
                    }
                    let mut completion = Completion::new(COMPLETE_ACCEPT_FAILED, key);
                    completion.detail = errno(&error);
                    self.completions.push(shared.completions, completion);
                    return;
                }
            }
        }
        if let Some(Source::Listener(listener)) = self.sources.get(key)
            && listener.unfinished
        {
            self.enqueue(key);
        }
    }

    /// Takes an accepted socket over. From here on nothing fails half-way: on an error it is closed.
    fn adopt(&mut self, socket: Socket, peer: Address) -> io::Result<Key> {
        let mut stream = Stream::new(Channel::Socket(socket));
        // Elsewhere it is inherited from the listener.
        #[cfg(not(target_os = "linux"))]
        if matches!(peer, Address::Internet(_)) {
            stream.set_nodelay();
        }
        stream.peer = Some(peer);
        stream.register(&self.selector, self.sources.next_key())?;
        Ok(self.sources.insert(Source::Stream(stream)))
    }
}
