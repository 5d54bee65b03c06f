//! `TimerWheel` against a list of `(when, sequence, key)`: random insertions, moves, cancellations and jumps
//! have to give exactly what the list gives.

use mioloop_core::wheel::TimerWheel;
use proptest::prelude::*;
use proptest::sample::select;

/// Few enough that moves and cancellations hit keys that are in.
const KEYS: u32 = 48;

/// The wheel's levels and one more: how many wakes may pass until a deadline is reached.
const WAKES: usize = 7;

/// Sizes around every level's width, from below a millisecond to beyond the top level.
const SPANS: [f64; 14] =
    [0.0, 1e-9, 0.0004, 0.001, 0.01, 0.064, 0.5, 4.096, 100.0, 262.144, 16777.216, 1.1e6, 6.9e7, 3e9];

/// A time relative to the state in which it is used.
#[derive(Clone, Debug)]
enum When {
    /// This far from the present; negative is the past.
    Delay(f64),
    /// At the start of the millisecond that many after the present one, or the smallest step beside it.
    Boundary(u32, i8),
    /// Where another key is.
    SameAs(u32),
    Exactly(f64),
}

#[derive(Clone, Debug)]
enum Step {
    Insert(u32, When),
    Cancel(u32),
    Advance(When),
    Wakeup,
    /// Sleep until the next wake, that many times.
    Follow(u8),
}

fn whens() -> impl Strategy<Value = When> {
    let span = (select(&SPANS[..]), 0.0..1.5).prop_map(|(span, factor)| span * factor);
    prop_oneof![
        4 => span.prop_map(When::Delay),
        4 => (0.0..0.08).prop_map(When::Delay),
        1 => (-3.0..0.0).prop_map(When::Delay),
        3 => (prop_oneof![0..130u32, 4000..4200u32, any::<u32>()], -1..2i8)
            .prop_map(|(ticks, step)| When::Boundary(ticks, step)),
        3 => (0..KEYS).prop_map(When::SameAs),
    ]
}

fn deadlines() -> impl Strategy<Value = When> {
    let extremes = [f64::INFINITY, f64::MAX, 1e300, 1e15, 0.0, -0.0, -1.0, f64::MIN];
    prop_oneof![15 => whens(), 1 => select(extremes.to_vec()).prop_map(When::Exactly)]
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => (0..KEYS, deadlines()).prop_map(|(key, when)| Step::Insert(key, when)),
        3 => (0..KEYS).prop_map(Step::Cancel),
        3 => whens().prop_map(Step::Advance),
        2 => Just(Step::Wakeup),
        1 => (1..10u8).prop_map(Step::Follow),
    ]
}

struct Model {
    now: f64,
    sequence: u64,
    timers: Vec<(f64, u64, u32)>,
}

impl Model {
    fn time(&self, when: &When) -> f64 {
        match *when {
            When::Delay(delay) => self.now + delay,
            When::Boundary(ticks, step) => {
                let time = ((self.now * 1000.0).floor() + f64::from(ticks)) / 1000.0;
                match step {
                    -1 => time.next_down(),
                    0 => time,
                    _ => time.next_up(),
                }
            }
            When::SameAs(key) => {
                self.timers.iter().find(|timer| timer.2 == key).map_or(self.now, |timer| timer.0)
            }
            When::Exactly(time) => time,
        }
    }

    fn insert(&mut self, key: u32, when: f64) {
        self.cancel(key);
        self.sequence += 1;
        self.timers.push((when, self.sequence, key));
    }

    fn cancel(&mut self, key: u32) -> bool {
        let before = self.timers.len();
        self.timers.retain(|timer| timer.2 != key);
        self.timers.len() < before
    }

    fn expire(&mut self, now: f64) -> Vec<u32> {
        // Stable, and the list is in the order of insertion: equal deadlines stay in it.
        let mut due: Vec<_> = self.timers.iter().filter(|timer| timer.0 <= now).copied().collect();
        due.sort_by(|one, other| one.0.partial_cmp(&other.0).expect("no time is NaN"));
        self.timers.retain(|timer| timer.0 > now);
        self.now = now;
        due.into_iter().map(|timer| timer.2).collect()
    }

    fn earliest(&self) -> Option<f64> {
        self.timers.iter().map(|timer| timer.0).filter(|when| *when < f64::INFINITY).reduce(f64::min)
    }
}

/// Which turn of the first level a time lies in: 64 slots of a millisecond.
fn first_level_turn(time: f64) -> u64 {
    (time * 1000.0) as u64 / 64
}

/// The wheel's answer, checked: never late, and exact unless the deadline is in a higher level.
fn wakeup(wheel: &mut TimerWheel, model: &Model) -> Result<Option<f64>, TestCaseError> {
    let wakeup = wheel.next_wakeup();
    let earliest = model.earliest();
    prop_assert_eq!(wakeup.is_some(), earliest.is_some());
    if let (Some(wakeup), Some(earliest)) = (wakeup, earliest) {
        prop_assert!(wakeup <= earliest, "wakes at {}, too late for {}", wakeup, earliest);
        if wakeup < earliest {
            prop_assert!(wakeup > model.now, "a wake at {} would do nothing", wakeup);
            prop_assert!(
                first_level_turn(earliest) > first_level_turn(model.now),
                "wakes at {} for nothing before {}",
                wakeup,
                earliest
            );
        }
    }
    Ok(wakeup)
}

fn expire(wheel: &mut TimerWheel, model: &mut Model, now: f64) -> Result<usize, TestCaseError> {
    let mut due = vec![u32::MAX];
    wheel.expire(now, &mut due);
    prop_assert_eq!(due[0], u32::MAX, "`due` is appended to");
    prop_assert_eq!(&due[1..], model.expire(now));
    Ok(due.len() - 1)
}

fn run(start: f64, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut wheel = TimerWheel::new(start);
    let mut model = Model { now: start, sequence: 0, timers: Vec::new() };
    for step in steps {
        match step {
            Step::Insert(key, when) => {
                let when = model.time(when);
                wheel.insert(*key, when);
                model.insert(*key, when);
            }
            Step::Cancel(key) => prop_assert_eq!(wheel.cancel(*key), model.cancel(*key)),
            Step::Advance(when) => {
                // The present is finite, and so are the times that later steps make from it.
                let now = model.time(when).clamp(-1e18, 1e18);
                // A clock that goes back moves the model's present only; the wheel keeps its own.
                let present = model.now.max(now);
                expire(&mut wheel, &mut model, now)?;
                model.now = present;
            }
            Step::Wakeup => {
                wakeup(&mut wheel, &model)?;
            }
            Step::Follow(wakes) => {
                for _ in 0..*wakes {
                    let Some(now) = wakeup(&mut wheel, &model)? else { break };
                    let now = now.max(model.now);
                    if now > 1e18 {
                        break;
                    }
                    expire(&mut wheel, &mut model, now)?;
                }
            }
        }
        prop_assert_eq!(wheel.len(), model.timers.len());
        prop_assert_eq!(wheel.is_empty(), model.timers.is_empty());
    }
    let mut wakes = 0;
    while let Some(now) = wakeup(&mut wheel, &model)? {
        wakes += 1;
        prop_assert!(wakes <= WAKES, "{:?} is not reached in {} wakes", model.earliest(), WAKES);
        let now = now.max(model.now);
        if expire(&mut wheel, &mut model, now)? > 0 {
            wakes = 0;
        }
    }
    prop_assert_eq!(wheel.len(), model.timers.len(), "what is left is at infinity");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn the_wheel_does_what_a_sorted_list_does(
        start in select(vec![0.0, -2.5, 0.063, 12345.6789, 68_719_476.7, 1.7e9, 1e14]),
        steps in prop::collection::vec(steps(), 1..120),
    ) {
        run(start, &steps)?;
    }
}
