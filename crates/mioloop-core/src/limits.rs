//! Every limit of the core, each with its reason. Sizes that JavaScript shares are in `layout`.

/// Bytes that one read takes at most from one connection. Together with the receive slab (512 KiB a turn)
/// this keeps the data in the processor's cache: 52,000 requests/s at 100 KiB against 25,000 with 4 MiB.
pub const READ_BYTES: usize = 128 * 1024;

/// A turn stops reading when less than this is left of the receive slab: a tiny read would cost a system
/// call for little. The connections that are left wait in line for the next turn.
pub const READ_LEAST_BYTES: usize = 16 * 1024;

/// Events that one wait takes at most; the kernel keeps the others for the next turn.
pub const EVENTS: usize = 1024;

/// Slices of one gathered write. Linux allows 1,024 (`IOV_MAX`); past 64 the gain is gone.
pub const WRITE_SLICES: usize = 64;

/// Datagrams that one call sends at most. As with slices, past 64 the gain is gone.
pub const SEND_BATCH: usize = 64;

/// Datagrams that a first batch, or one on a quiet endpoint, has room for. Preparing room that stays empty costs a few
/// nanoseconds each; a batch that was full is followed by one of twice its size, up to all slots.
pub const DATAGRAMS_AT_FIRST: usize = 4;

/// What a datagram that waits counts beyond its bytes, as in asyncio: many empty ones are not nothing.
pub const DATAGRAM_OVERHEAD_BYTES: usize = 8;

/// A queued small write joins the chunk before it up to this size, so that many small writes to a slow
/// peer do not become many small allocations.
pub const WRITE_CHUNK_BYTES: usize = 64 * 1024;

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
