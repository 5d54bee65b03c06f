//! The completion ring against a plain queue: whatever is pushed, deferred and fetched, everything arrives
//! once, in order.

use mioloop_core::layout::*;
use mioloop_core::rings::{Completion, Completions, Submission};
use mioloop_core::tokens::Key;
use proptest::prelude::*;
use std::collections::VecDeque;

#[derive(Clone, Debug)]
enum Step {
    /// A turn tells so many things.
    Push(u8),
    /// A direct call between turns tells something.
    Defer(u8),
    /// JavaScript has drained the ring; the next turn begins.
    Begin,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step =
        prop_oneof![any::<u8>().prop_map(Step::Push), (0..5u8).prop_map(Step::Defer), Just(Step::Begin),];
    proptest::collection::vec(step, 0..60)
}

fn drain(ring: &[u32], completions: &Completions, seen: &mut Vec<u32>) {
    for record in ring.chunks(COMPLETION_WORDS as usize).take(completions.used()) {
        seen.push(record[RECORD_DETAIL as usize]);
    }
}

proptest! {
    #[test]
    fn every_completion_arrives_once_and_in_order(steps in steps(), capacity in 1usize..40) {
        let mut ring = vec![0; capacity * COMPLETION_WORDS as usize];
        let mut completions = Completions::default();
        let mut model: VecDeque<u32> = VecDeque::new();
        let mut seen = Vec::new();
        let mut next = 0;
        let mut told = |model: &mut VecDeque<u32>| {
            let mut completion = Completion::new(COMPLETE_TIMER, Key { slot: 1, generation: 2 });
            completion.detail = next;
            model.push_back(next);
            next += 1;
            completion
        };
        completions.begin(&mut ring);
        for step in steps {
            match step {
                Step::Push(count) => for _ in 0..count {
                    completions.push(&mut ring, told(&mut model));
                },
                Step::Defer(count) => for _ in 0..count {
                    completions.defer(told(&mut model));
                },
                Step::Begin => {
                    drain(&ring, &completions, &mut seen);
                    completions.begin(&mut ring);
                }
            }
            prop_assert!(completions.used() <= capacity);
        }
        drain(&ring, &completions, &mut seen);
        while completions.has_overflow() {
            completions.begin(&mut ring);
            drain(&ring, &completions, &mut seen);
        }
        prop_assert_eq!(seen, Vec::from(model));
    }

    #[test]
    fn a_submission_is_read_as_it_was_written(
        kind in any::<u32>(), slot in any::<u32>(), generation in any::<u32>(),
        offset in any::<u32>(), length in any::<u32>(), index in 0usize..8,
    ) {
        let mut ring = vec![0xdead_beef; 8 * SUBMISSION_WORDS as usize];
        let start = index * SUBMISSION_WORDS as usize;
        for (word, value) in [
            (RECORD_KIND, kind), (RECORD_SLOT, slot), (RECORD_GENERATION, generation),
            (RECORD_OFFSET, offset), (RECORD_LENGTH, length),
        ] {
            ring[start + word as usize] = value;
        }
        let read = Submission::read(&ring, index);
        prop_assert_eq!(read.key, Key { slot, generation });
        prop_assert_eq!((read.kind, read.offset, read.length), (kind, offset, length));
    }
}
