//! The byte layouts that Rust and JavaScript share: one definition for both sides.
//!
//! Rust uses the constants as they stand; `examples/layout.rs` prints the same list as TypeScript, and CI
//! checks that `bindings/native/layout.ts` is what it prints. Every number is a count of 32-bit words
//! unless its name says bytes.

macro_rules! layout {
    ($($(#[doc = $doc:literal])+ $name:ident = $value:expr;)+) => {
        $($(#[doc = $doc])+ pub const $name: u32 = $value;)+

        /// Name, value and description of every constant, in order, for the TypeScript side.
        pub const DEFINITIONS: &[(&str, u32, &str)] =
            &[$((stringify!($name), $value, concat!($($doc),+))),+];
    };
}

layout! {
    /// Words of one submission record: op, slot, generation, offset, length, detail, `when` as an f64.
    SUBMISSION_WORDS = 8;
    /// Records in the submission ring. A turn of 1,000 echoes fits; a full ring is a direct flush.
    SUBMISSION_CAPACITY = 4096;
    /// Bytes of the submission slab, where small writes wait for the end of the turn.
    OUTGOING_BYTES = 512 * 1024;
    /// Bytes of a file that one connection sends at most in a turn: a few hundred microseconds on loopback, so that the
    /// others do not wait long. Smaller portions cost more calls; larger ones gain nothing.
    SENDFILE_BYTES = 1024 * 1024;
    /// Words of one completion record: kind, slot, generation, offset, length, detail.
    COMPLETION_WORDS = 8;
    /// Records in the completion ring; what does not fit is fetched with `more`.
    COMPLETION_CAPACITY = 4096;
    /// Bytes of the receive slab: what one turn reads at most. It has to stay in the processor's cache.
    INCOMING_BYTES = 512 * 1024;
    /// Slots of the datagram slab: as many datagrams are received in one turn at most.
    DATAGRAM_SLOTS = 64;
    /// Bytes from one slot to the next: the sender's address, 64 KiB, and 2 KiB by which the beginnings of slots,
    /// which are all that small datagrams touch, spread over the processor's cache.
    DATAGRAM_SLOT_BYTES = 128 + 64 * 1024 + 2 * 1024;
    /// Bytes that an address takes at most, in a slot and before a datagram in the submission slab.
    ADDRESS_BYTES = 128;

    /// Word of a record: what it asks for (submission) or tells (completion).
    RECORD_KIND = 0;
    /// Word of a record: the slot of the source (or timer) that it is about.
    RECORD_SLOT = 1;
    /// Word of a record: the slot's generation; a record about an earlier one is stale.
    RECORD_GENERATION = 2;
    /// Word of a record: where its bytes start in the slab; for ACCEPTED the new connection's slot.
    RECORD_OFFSET = 3;
    /// Word of a record: how many bytes; for ACCEPTED the new connection's generation.
    RECORD_LENGTH = 4;
    /// Word of a record: an errno, bytes of an address, or what the kind says.
    RECORD_DETAIL = 5;
    /// Index of a submission's f64 `when`, counted in 64-bit units from the record's start.
    RECORD_WHEN = 3;

    /// Header word: submissions that wait; JavaScript counts up, the core sets 0 when it has applied them.
    HEADER_SUBMITTED = 0;
    /// Header word: bytes used of the submission slab.
    HEADER_OUTGOING = 1;
    /// Header word: how often submissions have been applied; tells a transport whether its writes left.
    HEADER_FLUSHES = 2;
    /// Header word: not 0 when more completions of this turn wait behind a full ring.
    HEADER_MORE = 3;
    /// Header word: not 0 when other threads have posted something.
    HEADER_POSTED = 4;
    /// Header word: not 0 when connections wait that were not read to their end.
    HEADER_UNFINISHED = 5;
    /// Words of the header.
    HEADER_WORDS = 8;

    /// Submission: nothing (a timer cancelled before it left).
    SUBMIT_NOTHING = 0;
    /// Submission: send `length` bytes, the next ones of the submission slab.
    SUBMIT_WRITE = 1;
    /// Submission: shut down the writing side when everything before it has been sent.
    SUBMIT_WRITE_EOF = 2;
    /// Submission: stop reading.
    SUBMIT_PAUSE = 3;
    /// Submission: start reading (again).
    SUBMIT_RESUME = 4;
    /// Submission: bytes of the receive slab that the protocol could not take; they go back in front.
    SUBMIT_HAND_BACK = 5;
    /// Submission: tell when no more than `length` bytes wait to be sent (once).
    SUBMIT_NOTIFY_LOW = 6;
    /// Submission: stop reading and tell when nothing waits to be sent (once).
    SUBMIT_NOTIFY_DRAINED = 7;
    /// Submission: stop reading and drop what waits to be sent.
    SUBMIT_ABORT = 8;
    /// Submission: close the descriptor and free the slot.
    SUBMIT_CLOSE = 9;
    /// Submission: `length` 1 reports readability only (BufferedProtocol), 0 reads into the slab.
    SUBMIT_BUFFERED = 10;
    /// Submission: schedule (or move) the timer in `slot`.
    SUBMIT_TIMER = 11;
    /// Submission: cancel the timer in `slot`.
    SUBMIT_TIMER_CANCEL = 12;
    /// Submission: tell (again) when a watched descriptor is ready for `length`, bits of READY_….
    SUBMIT_ARM = 13;
    /// Submission: send a datagram of `length` bytes, the next ones of the submission slab, behind `detail` bytes of its
    /// address (0: to where the socket is connected).
    SUBMIT_SENDTO = 20;
    /// Submission: try again to send the datagrams that wait.
    SUBMIT_SEND_AGAIN = 21;

    /// Completion: bytes were received.
    COMPLETE_DATA = 1;
    /// Completion: bytes wait in the kernel for a BufferedProtocol.
    COMPLETE_READABLE = 2;
    /// Completion: the peer will send no more.
    COMPLETE_EOF = 3;
    /// Completion: reading failed; `detail` is the errno.
    COMPLETE_READ_FAILED = 4;
    /// Completion: writing failed; `detail` is the errno.
    COMPLETE_WRITE_FAILED = 5;
    /// Completion: the write queue fell to the mark that NOTIFY_LOW gave.
    COMPLETE_LOW = 6;
    /// Completion: the write queue is empty, as NOTIFY_DRAINED asked.
    COMPLETE_DRAINED = 7;
    /// Completion: a listener accepted a connection.
    COMPLETE_ACCEPTED = 8;
    /// Completion: a listener is out of resources and has paused; `detail` is the errno.
    COMPLETE_ACCEPT_FAILED = 9;
    /// Completion: an outgoing connection stands.
    COMPLETE_CONNECTED = 10;
    /// Completion: an outgoing connection failed; `detail` is the errno.
    COMPLETE_CONNECT_FAILED = 11;
    /// Completion: the timer in `slot` is due.
    COMPLETE_TIMER = 12;

    /// Completion: a watched descriptor is ready; `detail` says for what, as bits of READY_….
    COMPLETE_READY = 13;
    /// Completion: a datagram of the datagram slab; `detail` is where its sender's address is.
    COMPLETE_DATAGRAM = 20;
    /// Completion: receiving a datagram failed, and others may come; `detail` is the errno.
    COMPLETE_RECEIVE_FAILED = 21;
    /// Completion: datagrams could not be sent, and others may be; `takeUnsent` tells.
    COMPLETE_UNSENT = 22;
    /// Completion: the receiver's queue is full, and nothing will tell when it is not: ask to send again, later.
    COMPLETE_STALLED = 23;

    /// Completion: signals have come; `NativeSignals.take` tells which.
    COMPLETE_SIGNAL = 40;

    /// Completion: the file of number `offset` is sent, or has failed with the errno in `detail`.
    COMPLETE_FILE_SENT = 14;

    /// Completion: a child has ended. `offset` is its return code as 32 bits with a sign: the exit status, or minus the
    /// signal that ended it; or `detail` is `ECHILD`: somebody else has reaped it, and nobody knows.
    COMPLETE_EXITED = 30;

    /// Bit of what a descriptor is watched or ready for: reading.
    READY_READ = 1;
    /// Bit of what a descriptor is watched or ready for: writing.
    READY_WRITE = 2;

    /// Kind of an address, the low half of its first word: none.
    ADDRESS_NONE = 0;
    /// Kind of an address: a name of the Unix family; the high half of the word says how many bytes follow.
    ADDRESS_UNIX = 1;
    /// Kind of an address: IPv4; the high half is the port, four octets follow.
    ADDRESS_IPV4 = 4;
    /// Kind of an address: IPv6; the high half is the port, sixteen octets, flowinfo and scope follow.
    ADDRESS_IPV6 = 6;

    /// Way to poll: look once, other work is ready.
    POLL_NOW = 0;
    /// Way to poll: look once, and arm the alarm for the next timer if nothing was found (hosted).
    POLL_PARK = 1;
    /// Way to poll: sleep until something happens (blocking).
    POLL_SLEEP = 2;
}

// A timer's `when` lies behind the other words of its record, and inside the record.
const _: () = assert!(RECORD_WHEN * 2 > RECORD_DETAIL && (RECORD_WHEN + 1) * 2 <= SUBMISSION_WORDS);

/// The constants as a TypeScript module.
#[must_use]
pub fn typescript() -> String {
    let mut text = String::from(
        "// Generated from crates/mioloop-core/src/layout.rs by `npm run build`. Do not edit.\n\
         // The byte layouts that Rust and JavaScript share.\n",
    );
    for (name, value, doc) in DEFINITIONS {
        text.push_str(&format!("\n/** {} */\nexport const {name} = {value};\n", doc.trim()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typescript_names_every_constant_once() {
        let text = typescript();
        for (name, value, _) in DEFINITIONS {
            assert_eq!(text.matches(&format!("export const {name} = {value};")).count(), 1);
        }
    }
}
