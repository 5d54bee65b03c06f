// Generated from crates/mioloop-core/src/layout.rs by `npm run build`. Do not edit.
// The byte layouts that Rust and JavaScript share.

/** Words of one submission record: op, slot, generation, offset, length, detail, `when` as an f64. */
export const SUBMISSION_WORDS = 8;

/** Records in the submission ring. A turn of 1,000 echoes fits; a full ring is a direct flush. */
export const SUBMISSION_CAPACITY = 4096;

/** Bytes of the submission slab, where small writes wait for the end of the turn. */
export const OUTGOING_BYTES = 524288;

/** Bytes of a file that one connection sends at most in a turn: a few hundred microseconds on loopback, so that the others do not wait long. Smaller portions cost more calls; larger ones gain nothing. */
export const SENDFILE_BYTES = 1048576;

/** Words of one completion record: kind, slot, generation, offset, length, detail. */
export const COMPLETION_WORDS = 8;

/** Records in the completion ring; what does not fit is fetched with `more`. */
export const COMPLETION_CAPACITY = 4096;

/** Bytes of the receive slab: what one turn reads at most. It has to stay in the processor's cache. */
export const INCOMING_BYTES = 524288;

/** Slots of the datagram slab: as many datagrams are received in one turn at most. */
export const DATAGRAM_SLOTS = 64;

/** Bytes from one slot to the next: the sender's address, 64 KiB, and 2 KiB by which the beginnings of slots, which are all that small datagrams touch, spread over the processor's cache. */
export const DATAGRAM_SLOT_BYTES = 67712;

/** Bytes that an address takes at most, in a slot and before a datagram in the submission slab. */
export const ADDRESS_BYTES = 128;

/** Word of a record: what it asks for (submission) or tells (completion). */
export const RECORD_KIND = 0;

/** Word of a record: the slot of the source (or timer) that it is about. */
export const RECORD_SLOT = 1;

/** Word of a record: the slot's generation; a record about an earlier one is stale. */
export const RECORD_GENERATION = 2;

/** Word of a record: where its bytes start in the slab; for ACCEPTED the new connection's slot. */
export const RECORD_OFFSET = 3;

/** Word of a record: how many bytes; for ACCEPTED the new connection's generation. */
export const RECORD_LENGTH = 4;

/** Word of a record: an errno, bytes of an address, or what the kind says. */
export const RECORD_DETAIL = 5;

/** Index of a submission's f64 `when`, counted in 64-bit units from the record's start. */
export const RECORD_WHEN = 3;

/** Header word: submissions that wait; JavaScript counts up, the core sets 0 when it has applied them. */
export const HEADER_SUBMITTED = 0;

/** Header word: bytes used of the submission slab. */
export const HEADER_OUTGOING = 1;

/** Header word: how often submissions have been applied; tells a transport whether its writes left. */
export const HEADER_FLUSHES = 2;

/** Header word: not 0 when more completions of this turn wait behind a full ring. */
export const HEADER_MORE = 3;

/** Header word: not 0 when other threads have posted something. */
export const HEADER_POSTED = 4;

/** Header word: not 0 when connections wait that were not read to their end. */
export const HEADER_UNFINISHED = 5;

/** Words of the header. */
export const HEADER_WORDS = 8;

/** Submission: nothing (a timer cancelled before it left). */
export const SUBMIT_NOTHING = 0;

/** Submission: send `length` bytes, the next ones of the submission slab. */
export const SUBMIT_WRITE = 1;

/** Submission: shut down the writing side when everything before it has been sent. */
export const SUBMIT_WRITE_EOF = 2;

/** Submission: stop reading. */
export const SUBMIT_PAUSE = 3;

/** Submission: start reading (again). */
export const SUBMIT_RESUME = 4;

/** Submission: bytes of the receive slab that the protocol could not take; they go back in front. */
export const SUBMIT_HAND_BACK = 5;

/** Submission: tell when no more than `length` bytes wait to be sent (once). */
export const SUBMIT_NOTIFY_LOW = 6;

/** Submission: stop reading and tell when nothing waits to be sent (once). */
export const SUBMIT_NOTIFY_DRAINED = 7;

/** Submission: stop reading and drop what waits to be sent. */
export const SUBMIT_ABORT = 8;

/** Submission: close the descriptor and free the slot. */
export const SUBMIT_CLOSE = 9;

/** Submission: `length` 1 reports readability only (BufferedProtocol), 0 reads into the slab. */
export const SUBMIT_BUFFERED = 10;

/** Submission: schedule (or move) the timer in `slot`. */
export const SUBMIT_TIMER = 11;

/** Submission: cancel the timer in `slot`. */
export const SUBMIT_TIMER_CANCEL = 12;

/** Submission: tell (again) when a watched descriptor is ready for `length`, bits of READY_…. */
export const SUBMIT_ARM = 13;

/** Submission: send a datagram of `length` bytes, the next ones of the submission slab, behind `detail` bytes of its address (0: to where the socket is connected). */
export const SUBMIT_SENDTO = 20;

/** Submission: try again to send the datagrams that wait. */
export const SUBMIT_SEND_AGAIN = 21;

/** Completion: bytes were received. */
export const COMPLETE_DATA = 1;

/** Completion: bytes wait in the kernel for a BufferedProtocol. */
export const COMPLETE_READABLE = 2;

/** Completion: the peer will send no more. */
export const COMPLETE_EOF = 3;

/** Completion: reading failed; `detail` is the errno. */
export const COMPLETE_READ_FAILED = 4;

/** Completion: writing failed; `detail` is the errno. */
export const COMPLETE_WRITE_FAILED = 5;

/** Completion: the write queue fell to the mark that NOTIFY_LOW gave. */
export const COMPLETE_LOW = 6;

/** Completion: the write queue is empty, as NOTIFY_DRAINED asked. */
export const COMPLETE_DRAINED = 7;

/** Completion: a listener accepted a connection. */
export const COMPLETE_ACCEPTED = 8;

/** Completion: a listener is out of resources and has paused; `detail` is the errno. */
export const COMPLETE_ACCEPT_FAILED = 9;

/** Completion: an outgoing connection stands. */
export const COMPLETE_CONNECTED = 10;

/** Completion: an outgoing connection failed; `detail` is the errno. */
export const COMPLETE_CONNECT_FAILED = 11;

/** Completion: the timer in `slot` is due. */
export const COMPLETE_TIMER = 12;

/** Completion: a watched descriptor is ready; `detail` says for what, as bits of READY_…. */
export const COMPLETE_READY = 13;

/** Completion: a datagram of the datagram slab; `detail` is where its sender's address is. */
export const COMPLETE_DATAGRAM = 20;

/** Completion: receiving a datagram failed, and others may come; `detail` is the errno. */
export const COMPLETE_RECEIVE_FAILED = 21;

/** Completion: datagrams could not be sent, and others may be; `takeUnsent` tells. */
export const COMPLETE_UNSENT = 22;

/** Completion: the receiver's queue is full, and nothing will tell when it is not: ask to send again, later. */
export const COMPLETE_STALLED = 23;

/** Completion: signals have come; `NativeSignals.take` tells which. */
export const COMPLETE_SIGNAL = 40;

/** Completion: the file of number `offset` is sent, or has failed with the errno in `detail`. */
export const COMPLETE_FILE_SENT = 14;

/** Completion: a child has ended. `offset` is its return code as 32 bits with a sign: the exit status, or minus the signal that ended it; or `detail` is `ECHILD`: somebody else has reaped it, and nobody knows. */
export const COMPLETE_EXITED = 30;

/** Bit of what a descriptor is watched or ready for: reading. */
export const READY_READ = 1;

/** Bit of what a descriptor is watched or ready for: writing. */
export const READY_WRITE = 2;

/** Kind of an address, the low half of its first word: none. */
export const ADDRESS_NONE = 0;

/** Kind of an address: a name of the Unix family; the high half of the word says how many bytes follow. */
export const ADDRESS_UNIX = 1;

/** Kind of an address: IPv4; the high half is the port, four octets follow. */
export const ADDRESS_IPV4 = 4;

/** Kind of an address: IPv6; the high half is the port, sixteen octets, flowinfo and scope follow. */
export const ADDRESS_IPV6 = 6;

/** Way to poll: look once, other work is ready. */
export const POLL_NOW = 0;

/** Way to poll: look once, and arm the alarm for the next timer if nothing was found (hosted). */
export const POLL_PARK = 1;

/** Way to poll: sleep until something happens (blocking). */
export const POLL_SLEEP = 2;
