//! The timers of one event loop: a hierarchical timer wheel with exact deadlines. `driver` is the only
//! caller: it inserts and cancels by slot index, sleeps until `next_wakeup` and calls `expire` each turn.
//!
//! A deadline's tick (its millisecond) only chooses a bucket; comparing the `f64` deadlines decides what is
//! due and in which order. That is exact because `tick_of` is monotonic: an earlier tick is an earlier
//! deadline, whatever the multiplication rounded. Only equal ticks need a comparison, and those meet in
//! `near`, a heap ordered by deadline and insertion.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::{fmt, iter, mem};

/// Width of a first-level slot: a millisecond, about the finest sleep that programs ask for. Finer slots
/// would cascade more often, coarser ones would put more timers through the heap.
const TICKS_PER_SECOND: f64 = 1000.0;

/// 64 slots a level, so that one `u64` tells which of them are occupied.
const SLOT_BITS: u32 = 6;
const SLOTS: usize = 1 << SLOT_BITS;

/// Six levels cover 2^36 ms, a bit over two years. Later deadlines wait in `BEYOND`.
const LEVELS: usize = 6;

/// The list after the last slot: deadlines in a later turn of the top level.
const BEYOND: usize = LEVELS * SLOTS;

/// Ends a list.
const NIL: u32 = u32::MAX;

/// Cancelled entries that the heap keeps at least before it is compacted: a smaller heap is not worth it.
const STALE_MINIMUM: usize = 64;

/// Where a key is.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Absent,
    /// In the list with this index.
    List(u16),
    /// In the heap.
    Near,
    /// At infinity: counted, but in no list.
    Never,
}

#[derive(Clone)]
struct Node {
    when: f64,
    sequence: u64,
    previous: u32,
    next: u32,
    place: Place,
}

const VACANT: Node = Node { when: 0.0, sequence: 0, previous: NIL, next: NIL, place: Place::Absent };

/// A deadline out of its list, on its way out.
#[derive(Clone, Copy)]
struct Entry {
    when: f64,
    sequence: u64,
    key: u32,
}

impl Entry {
    /// Whether the key still means this insertion; sequence numbers are never used twice.
    fn is_live(&self, nodes: &[Node]) -> bool {
        let node = &nodes[self.key as usize];
        node.sequence == self.sequence && node.place == Place::Near
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.when.total_cmp(&other.when).then(self.sequence.cmp(&other.sequence))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

/// The millisecond that a time belongs to. The cast saturates, so times below 0 share the first tick and
/// absurdly late ones the last; both stay monotonic, which is all that exactness needs.
fn tick_of(when: f64) -> u64 {
    (when * TICKS_PER_SECOND) as u64
}

/// The first time that belongs to `tick`. The division alone may round to the tick before, where a wake
/// would cascade nothing, or to just after a deadline of this tick.
fn first_time_of(tick: u64) -> f64 {
    let mut time = tick as f64 / TICKS_PER_SECOND;
    while tick_of(time) < tick {
        time = time.next_up();
    }
    while tick_of(time.next_down()) >= tick {
        time = time.next_down();
    }
    time
}

/// A hierarchical timer wheel; see the module's description.
///
/// A level holds what shares the present's digits (base 64) above that level. So everything in a level is
/// due before anything in the next, and no slot at or before the present's digit is occupied.
pub struct TimerWheel {
    /// By key. The lists run through it, so a timer needs no allocation of its own.
    nodes: Vec<Node>,
    heads: [u32; BEYOND + 1],
    /// By level, one bit for each slot that is not empty.
    occupied: [u64; LEVELS],
    /// What the present tick and those before it hold, and the first-level slots that `next_wakeup` looked
    /// into. Cancelled entries stay until they surface or dominate.
    near: BinaryHeap<Reverse<Entry>>,
    near_stale: usize,
    /// Not later than any deadline in `BEYOND`. A cancelled one may keep it too early: one idle wake.
    beyond_from: f64,
    /// The present tick. It never goes back, even when the clock does.
    tick: u64,
    sequence: u64,
    len: usize,
    /// What `next_wakeup` answers, infinity when nothing is scheduled; `None` when it has to look again.
    wakeup: Option<f64>,
    /// Due timers that came out of lists, to be sorted. Kept for its capacity; empty between calls.
    batch: Vec<Entry>,
}

impl fmt::Debug for TimerWheel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimerWheel")
            .field("len", &self.len)
            .field("tick", &self.tick)
            .field("near", &self.near.len())
            .field("wakeup", &self.wakeup)
            .finish_non_exhaustive()
    }
}

impl TimerWheel {
    /// An empty wheel whose present is `now`, in seconds of the clock that all deadlines use.
    pub fn new(now: f64) -> Self {
        Self {
            nodes: Vec::new(),
            heads: [NIL; BEYOND + 1],
            occupied: [0; LEVELS],
            near: BinaryHeap::new(),
            near_stale: 0,
            beyond_from: f64::INFINITY,
            tick: tick_of(now),
            sequence: 0,
            len: 0,
            wakeup: Some(f64::INFINITY),
            batch: Vec::new(),
        }
    }

    /// Schedules `key` at `when`; a key that is scheduled already moves there. `when` may be in the past
    /// (due at the next `expire`) or infinite (never due).
    pub fn insert(&mut self, key: u32, when: f64) {
        debug_assert!(!when.is_nan(), "a deadline has to be a number");
        self.cancel(key);
        let index = key as usize;
        if index >= self.nodes.len() {
            self.nodes.resize(index + 1, VACANT);
        }
        self.sequence += 1;
        self.len += 1;
        let node = &mut self.nodes[index];
        // Makes -0.0 into 0.0: `total_cmp` would put one before the other, but they are the same deadline.
        node.when = when + 0.0;
        node.sequence = self.sequence;
        self.file(key);
        // Also right for a higher level: a wake at the deadline itself finds it, without cascades on the way.
        self.wakeup = self.wakeup.map(|wakeup| wakeup.min(when));
    }

    /// Takes `key` out; whether it was in.
    pub fn cancel(&mut self, key: u32) -> bool {
        let Some(node) = self.nodes.get_mut(key as usize) else { return false };
        let when = node.when;
        match mem::replace(&mut node.place, Place::Absent) {
            Place::Absent => return false,
            Place::List(list) => self.unlink(key, usize::from(list)),
            Place::Near => {
                self.near_stale += 1;
                if self.near_stale > STALE_MINIMUM && self.near_stale > self.near.len() / 2 {
                    self.near.retain(|Reverse(entry)| entry.is_live(&self.nodes));
                    self.near_stale = 0;
                }
            }
            Place::Never => {}
        }
        self.len -= 1;
        if self.wakeup.is_some_and(|wakeup| when <= wakeup) {
            self.wakeup = None;
        }
        true
    }

    /// Takes out every key with a deadline at or before `now` and appends it to `due`, by deadline and then
    /// by insertion.
    pub fn expire(&mut self, now: f64, due: &mut Vec<u32>) {
        let tick = tick_of(now);
        if tick > self.tick {
            self.advance(tick, now);
        }
        while let Some(entry) = self.first_near()
            && entry.when <= now
        {
            self.near.pop();
            self.nodes[entry.key as usize].place = Place::Absent;
            self.len -= 1;
            self.wakeup = None;
            if self.batch.is_empty() {
                due.push(entry.key);
            } else {
                self.batch.push(entry);
            }
        }
        self.batch.sort_unstable();
        due.extend(self.batch.drain(..).map(|entry| entry.key));
    }

    /// When to call `expire` next: the earliest deadline, or before it the time at which its slot has to
    /// cascade, if it lies in a higher level. `None` when nothing will ever be due.
    pub fn next_wakeup(&mut self) -> Option<f64> {
        let wakeup = match self.wakeup {
            Some(wakeup) => wakeup,
            None => self.find_wakeup(),
        };
        self.wakeup = Some(wakeup);
        (wakeup < f64::INFINITY).then_some(wakeup)
    }

    /// How many keys are in, those at infinity included.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts a key where its deadline belongs, seen from the present tick.
    fn file(&mut self, key: u32) {
        let node = &mut self.nodes[key as usize];
        let Node { when, sequence, .. } = *node;
        let tick = tick_of(when);
        if when == f64::INFINITY {
            node.place = Place::Never;
            return;
        }
        if tick <= self.tick {
            node.place = Place::Near;
            self.near.push(Reverse(Entry { when, sequence, key }));
            return;
        }
        // The highest digit in which the two differ is the level.
        let level = ((tick ^ self.tick).ilog2() / SLOT_BITS) as usize;
        let list = if level < LEVELS {
            let slot = (tick >> (SLOT_BITS * level as u32)) as usize % SLOTS;
            self.occupied[level] |= 1 << slot;
            level * SLOTS + slot
        } else {
            self.beyond_from = self.beyond_from.min(when);
            BEYOND
        };
        let next = mem::replace(&mut self.heads[list], key);
        node.place = Place::List(list as u16);
        node.previous = NIL;
        node.next = next;
        if next != NIL {
            self.nodes[next as usize].previous = key;
        }
    }

    fn unlink(&mut self, key: u32, list: usize) {
        let Node { previous, next, .. } = self.nodes[key as usize];
        if next != NIL {
            self.nodes[next as usize].previous = previous;
        }
        if previous != NIL {
            self.nodes[previous as usize].next = next;
            return;
        }
        self.heads[list] = next;
        if next == NIL {
            if list == BEYOND {
                self.beyond_from = f64::INFINITY;
            } else {
                self.occupied[list / SLOTS] &= !(1 << (list % SLOTS));
            }
            // The wake may have been for this slot's cascade.
            self.wakeup = None;
        }
    }

    /// Makes `to` the present tick: what the slots up to it hold is due, or moves nearer. It visits occupied
    /// slots only, so the size of the jump does not matter.
    fn advance(&mut self, to: u64, now: f64) {
        let differing = mem::replace(&mut self.tick, to) ^ to;
        for level in 0..LEVELS {
            let shift = SLOT_BITS * level as u32;
            let has_turned = differing >> (shift + SLOT_BITS) != 0;
            let digit = (to >> shift) as usize % SLOTS;
            let passed = if has_turned { u64::MAX } else { u64::MAX >> (SLOTS - 1 - digit) };
            let mut slots = self.occupied[level] & passed;
            self.occupied[level] &= !passed;
            // What moves nearer goes to a lower level, which is done already, or to the heap.
            while slots != 0 {
                self.cascade(level * SLOTS + slots.trailing_zeros() as usize, now);
                slots &= slots - 1;
            }
            if !has_turned {
                return;
            }
        }
        self.beyond_from = f64::INFINITY;
        self.cascade(BEYOND, now);
    }

    /// Empties a list: what is due goes to `batch`, the rest to where it belongs now.
    fn cascade(&mut self, list: usize, now: f64) {
        self.wakeup = None;
        let mut key = mem::replace(&mut self.heads[list], NIL);
        while key != NIL {
            let node = &mut self.nodes[key as usize];
            let Node { when, sequence, next, .. } = *node;
            if when <= now {
                node.place = Place::Absent;
                self.len -= 1;
                self.batch.push(Entry { when, sequence, key });
            } else {
                self.file(key);
            }
            key = next;
        }
    }

    /// The work behind `next_wakeup`; infinity when nothing is scheduled.
    fn find_wakeup(&mut self) -> f64 {
        let mut first = self.first_near();
        if self.occupied[0] != 0 {
            let slot = self.occupied[0].trailing_zeros() as usize;
            let tick = self.tick - self.tick % SLOTS as u64 + slot as u64;
            if first.is_none_or(|entry| tick_of(entry.when) >= tick) {
                // A list has no order. Its timers go through the heap anyway; doing it now means that each
                // is looked at once, even when the earliest of a crowded slot is cancelled turn after turn.
                self.heap_slot(slot);
                first = self.first_near();
            }
        }
        if let Some(entry) = first {
            return entry.when;
        }
        for level in 1..LEVELS {
            if self.occupied[level] != 0 {
                let shift = SLOT_BITS * level as u32;
                let turn = self.tick >> (shift + SLOT_BITS) << SLOT_BITS;
                let slot = u64::from(self.occupied[level].trailing_zeros());
                return first_time_of((turn + slot) << shift);
            }
        }
        self.beyond_from
    }

    /// The earliest entry of the heap, after dropping what was cancelled from its top.
    fn first_near(&mut self) -> Option<Entry> {
        while let Some(&Reverse(entry)) = self.near.peek() {
            if entry.is_live(&self.nodes) {
                return Some(entry);
            }
            self.near.pop();
            self.near_stale -= 1;
        }
        None
    }

    /// Moves a first-level slot to the heap.
    fn heap_slot(&mut self, slot: usize) {
        self.occupied[0] &= !(1 << slot);
        let mut next = mem::replace(&mut self.heads[slot], NIL);
        // `extend` may rebuild the heap as a whole; a list, newest first, is the worst order to push in.
        self.near.extend(iter::from_fn(|| {
            let key = next;
            let node = self.nodes.get_mut(key as usize)?;
            node.place = Place::Near;
            next = node.next;
            Some(Reverse(Entry { when: node.when, sequence: node.sequence, key }))
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: f64 = 1000.0;

    fn expired(wheel: &mut TimerWheel, now: f64) -> Vec<u32> {
        let mut due = Vec::new();
        wheel.expire(now, &mut due);
        due
    }

    /// Goes from wake to wake until something is due: the keys, the time, and how many wakes it took.
    fn follow(wheel: &mut TimerWheel) -> (Vec<u32>, f64, usize) {
        for wakes in 1.. {
            let now = wheel.next_wakeup().expect("something is scheduled");
            let due = expired(wheel, now);
            if !due.is_empty() {
                return (due, now, wakes);
            }
        }
        unreachable!()
    }

    #[test]
    fn negative_delays_come_out_by_their_value() {
        let mut wheel = TimerWheel::new(START);
        wheel.insert(0, START - 1.0);
        wheel.insert(1, START);
        wheel.insert(2, START - 2.0);
        wheel.insert(3, -5.0);
        wheel.insert(4, f64::NEG_INFINITY);
        assert_eq!(expired(&mut wheel, START), [4, 3, 2, 0, 1]);
        assert!(wheel.is_empty());
    }

    #[test]
    fn equal_deadlines_come_out_in_the_order_of_insertion() {
        for delay in [0.0, 0.0005, 0.02, 0.5, 100.0, 1e6, 1e9, 1e300] {
            let mut wheel = TimerWheel::new(START);
            for key in [5, 3, 9, 0, 7] {
                wheel.insert(key, START + delay);
            }
            wheel.insert(3, START + delay);
            assert_eq!(expired(&mut wheel, START + delay), [5, 9, 0, 7, 3], "{delay}");
        }
    }

    #[test]
    fn both_zeros_are_one_deadline() {
        let mut wheel = TimerWheel::new(-1.0);
        wheel.insert(0, 0.0);
        wheel.insert(1, -0.0);
        assert_eq!(expired(&mut wheel, -0.0), [0, 1]);
    }

    #[test]
    fn nothing_is_early_or_missed_by_the_smallest_step() {
        for millis in (0..5000_u64).chain([1 << 36, (1 << 40) + 1, 1 << 50]) {
            let when = START + millis as f64 / 1000.0;
            for when in [when.next_down(), when, when.next_up()] {
                let mut wheel = TimerWheel::new(START - 1.0);
                wheel.insert(0, when);
                assert_eq!(expired(&mut wheel, when.next_down()), [0; 0], "{when}");
                assert_eq!(expired(&mut wheel, when), [0], "{when}");
            }
        }
    }

    #[test]
    fn the_first_time_of_a_tick_is_the_first() {
        for tick in (1..200_000_u64).chain((30..64).flat_map(|bits| [1 << bits, 3 << (bits - 1)])) {
            let time = first_time_of(tick);
            assert!(tick_of(time) >= tick && tick_of(time.next_down()) < tick, "{tick}");
        }
    }

    #[test]
    fn every_deadline_is_reached_in_a_wake_a_level_at_most() {
        for delay in [0.0, 0.0003, 0.03, 1.0, 60.0, 3600.0, 1e5, 1e7, 6e7, 7e7, 1e9, 1e12, 1e20, 1e306] {
            let mut wheel = TimerWheel::new(START);
            wheel.insert(0, START + delay);
            let (due, now, wakes) = follow(&mut wheel);
            assert_eq!((due, now), (vec![0], START + delay));
            assert!(wakes <= LEVELS + 1, "{delay}: {wakes} wakes");
            assert_eq!(wheel.next_wakeup(), None);
        }
    }

    #[test]
    fn a_near_deadline_is_answered_exactly() {
        let mut wheel = TimerWheel::new(0.0);
        wheel.insert(0, 0.0209);
        wheel.insert(1, 0.0203);
        wheel.insert(2, 0.0501);
        assert_eq!(wheel.next_wakeup(), Some(0.0203));
        // Earlier than a slot that was looked into, in it, and later.
        wheel.insert(3, 0.0101);
        assert_eq!(wheel.next_wakeup(), Some(0.0101));
        wheel.cancel(3);
        wheel.insert(4, 0.0201);
        assert_eq!(wheel.next_wakeup(), Some(0.0201));
        wheel.cancel(4);
        wheel.cancel(1);
        assert_eq!(wheel.next_wakeup(), Some(0.0209));
        wheel.insert(0, 0.06);
        assert_eq!(wheel.next_wakeup(), Some(0.0501));
    }

    #[test]
    fn infinity_counts_but_never_wakes_or_fires() {
        let mut wheel = TimerWheel::new(START);
        wheel.insert(0, f64::INFINITY);
        assert_eq!((wheel.len(), wheel.next_wakeup()), (1, None));
        assert_eq!(expired(&mut wheel, f64::MAX), [0; 0]);
        assert!(wheel.cancel(0));
        assert!(wheel.is_empty());
    }

    #[test]
    fn a_cancelled_key_is_gone_wherever_it_was() {
        for delay in [-1.0, 0.0, 0.02, 1.0, 1e6, 1e9, f64::INFINITY] {
            let mut wheel = TimerWheel::new(START);
            wheel.insert(7, START + delay);
            assert!(!wheel.cancel(6) && !wheel.cancel(1_000_000));
            assert!(wheel.cancel(7));
            assert!(!wheel.cancel(7));
            assert_eq!((wheel.len(), wheel.next_wakeup()), (0, None));
            assert_eq!(expired(&mut wheel, f64::MAX), [0; 0]);
        }
    }

    #[test]
    fn a_moved_key_fires_once_at_its_new_time() {
        let delays = [0.0, 0.0004, 0.01, 1.0, 1e4, 1e9];
        for (from, to) in delays.iter().flat_map(|from| delays.map(|to| (*from, to))) {
            let mut wheel = TimerWheel::new(START);
            wheel.insert(0, START + from);
            wheel.next_wakeup();
            wheel.insert(0, START + to);
            assert_eq!(wheel.len(), 1);
            let (due, now, _) = follow(&mut wheel);
            assert_eq!((due, now), (vec![0], START + to));
            assert_eq!(expired(&mut wheel, f64::MAX), [0; 0]);
        }
    }

    #[test]
    fn a_clock_that_goes_back_makes_nothing_early() {
        let mut wheel = TimerWheel::new(START);
        assert_eq!(expired(&mut wheel, START + 10.0), [0; 0]);
        wheel.insert(0, START + 5.0);
        wheel.insert(1, START + 1.0);
        assert_eq!(expired(&mut wheel, START), [0; 0]);
        assert_eq!(wheel.next_wakeup(), Some(START + 1.0));
        assert_eq!(expired(&mut wheel, START + 1.0), [1]);
        assert_eq!(expired(&mut wheel, START + 5.0), [0]);
    }

    #[test]
    fn cancelled_entries_do_not_pile_up_in_the_heap() {
        let mut wheel = TimerWheel::new(START);
        wheel.insert(0, START - 1.0);
        for _ in 0..10_000 {
            wheel.insert(1, START);
        }
        assert!(wheel.near.len() <= STALE_MINIMUM + 3);
        assert_eq!(expired(&mut wheel, START), [0, 1]);
        assert_eq!((wheel.near.len(), wheel.near_stale), (0, 0));
    }

    #[test]
    fn a_jump_sorts_what_it_passes_in_every_level() {
        let mut wheel = TimerWheel::new(START);
        let delays = [7e9, 1e8, 0.0, 1e6, 2e4, 300.0, 5.0, 0.05, 0.01, -3.0, 299.0, 6.9e9];
        for (key, delay) in delays.iter().enumerate() {
            wheel.insert(key as u32, START + delay);
        }
        assert_eq!(expired(&mut wheel, START + 7e9), [9, 2, 8, 7, 6, 10, 5, 4, 3, 1, 11, 0]);
    }
}
