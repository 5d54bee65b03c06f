//! Every limit of the core, each with its reason. Sizes that JavaScript shares are in `layout`.

/// Bytes that one read takes at most from one connection. Together with the receive slab (512 KiB a turn)
/// this keeps the data in the processor's cache: 52,000 requests/s at 100 KiB against 25,000 with 4 MiB.
pub const READ_BYTES: usize = 128 * 1024;

/// A turn stops reading when less than this is left of the receive slab: a tiny read would cost a system
/// call for little. The connections that are left wait in line for the next turn.
pub const READ_LEAST_BYTES: usize = 16 * 1024;

/// Events that one wait takes at most; the kernel keeps the others for the next turn.
pub const EVENTS: usize = 1024;

/// What one write call offers at most on the loopback device, in equal portions. Its segments have 65,483 bytes: a call of
/// 64 KiB leaves as two, the second of 53 bytes, and that one costs as much as copying 20 KiB: another packet, and with
/// BBR a timer of the kernel's to pace it. 1 GiB in writes of 64 KiB took 355 ms of CPU whole and 227 ms in halves (with
/// BBR; with CUBIC the same either way).
pub const SEGMENT_BYTES: usize = 64_000;

/// Segments from this size on are the loopback device's, also of a connection whose window is still small.
pub const LARGE_SEGMENT_BYTES: u32 = 16 * 1024;

/// Slices of one gathered write. Linux allows 1,024 (`IOV_MAX`); past 64 the gain is gone.
pub const WRITE_SLICES: usize = 64;

/// Datagrams that one call sends at most. As with slices, past 64 the gain is gone.
pub const SEND_BATCH: usize = 64;

/// Datagrams that one call receives at most: half of a turn's slots, so that two flooded endpoints have equal shares. Room
/// that stays empty costs a nanosecond each.
pub const RECEIVE_BATCH: usize = 32;

/// What a datagram that waits counts beyond its bytes, as in asyncio: many empty ones are not nothing.
pub const DATAGRAM_OVERHEAD_BYTES: usize = 8;

/// Chunks of a write queue. A small write joins the chunk before it up to this size, so that many small writes to a slow
/// peer do not become many small allocations; a large one is cut, so that what is sent of it is free.
pub const WRITE_CHUNK_BYTES: usize = 64 * 1024;

/// What a write queue offers to one call, and what one connection flushes of it in a turn, so that the others do not wait
/// long for one whose peer reads as fast as it is sent to.
pub const WRITE_CALL_BYTES: usize = 1024 * 1024;

/// The longest sleep in seconds: a day, as asyncio's `MAXIMUM_SELECT_TIMEOUT`.
pub const SLEEP_SECONDS: f64 = 24.0 * 3600.0;

/// The shortest sleep that is worth its two system calls and its wake-up, in seconds. Timers due within it run
/// together: 200,000 of them in half a second cost 10,000 wake-ups at most.
pub const SLEEP_LEAST_SECONDS: f64 = 50e-6;

/// Timers due within this many seconds run now, as asyncio's clock resolution: waking for a nanosecond
/// costs more than it gives.
pub const CLOCK_RESOLUTION_SECONDS: f64 = 1e-9;

/// Resolver threads of one loop. `getaddrinfo` blocks on the network, so this many slow names can wait at
/// once before one waits for another; Node's own pool has 4 for files and names together.
pub const RESOLVER_THREADS: usize = 8;

/// How long an unused resolver thread stays, in seconds.
pub const RESOLVER_IDLE_SECONDS: u64 = 10;

/// The stack of a thread that spawns, in bytes: it makes a dozen calls, the child itself gets a stack of its own.
pub const DRESSING_STACK_BYTES: usize = 128 * 1024;

/// The stack of a thread that waits for one child, in bytes: there may be as many as children.
pub const REAPER_STACK_BYTES: usize = 64 * 1024;

/// Numbers that the search for inheritable descriptors goes through beyond those that the system counts, before it asks
/// how large the table is: that costs as much as 500 of them.
pub const DESCRIPTOR_GAP: usize = 512;

/// Bytes from which on one read tells that a child's pipe was full: what pipes hold on every system.
pub const FULL_PIPE_BYTES: usize = 64 * 1024;

/// Bytes that a child's pipe holds once it was found full, if no size was asked for: `cat` and this process wait less for
/// each other (1.4 GiB/s there and back with 128 KiB, 1.85 with 256, 2.0 with 512, in one run on a busy machine), and it
/// still lies in the processor's cache.
#[cfg(target_os = "linux")]
pub const GROWN_PIPE_BYTES: usize = 256 * 1024;
