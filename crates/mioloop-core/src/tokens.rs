//! Sources in numbered slots, each slot with a generation, so that an event or a record about a source that
//! is gone can never reach the one that has its slot now.

use mio::Token;
use slab::Slab;

/// Names one source: a slot and its generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub slot: u32,
    pub generation: u32,
}

// A token has room for both halves.
const _: () = assert!(usize::BITS == 64, "mioloop needs a 64-bit system");

impl Key {
    /// The key as a token of the selector.
    #[must_use]
    pub fn token(self) -> Token {
        Token((self.generation as usize) << 32 | self.slot as usize)
    }

    /// The key that `token` was made of.
    #[must_use]
    pub fn from_token(token: Token) -> Self {
        Self { slot: (token.0 & 0xffff_ffff) as u32, generation: (token.0 >> 32) as u32 }
    }
}

/// A table of sources by key.
#[derive(Debug)]
pub struct Registry<T> {
    slots: Slab<T>,
    generations: Vec<u32>,
}

impl<T> Default for Registry<T> {
    fn default() -> Self {
        Self { slots: Slab::new(), generations: Vec::new() }
    }
}

impl<T> Registry<T> {
    /// The key that the next `insert` will give, for a source that has to be registered before it is kept.
    #[must_use]
    pub fn next_key(&self) -> Key {
        let slot = self.slots.vacant_key();
        let generation = self.generations.get(slot).copied().unwrap_or(0);
        Key { slot: slot as u32, generation }
    }

    /// Keeps `source` and gives its key.
    pub fn insert(&mut self, source: T) -> Key {
        let key = self.next_key();
        let slot = self.slots.insert(source);
        if slot == self.generations.len() {
            self.generations.push(0);
        }
        key
    }

    /// The source of `key`, unless it is gone.
    pub fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let slot = key.slot as usize;
        if self.generations.get(slot) == Some(&key.generation) { self.slots.get_mut(slot) } else { None }
    }

    /// The source of `key`, unless it is gone.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&T> {
        let slot = key.slot as usize;
        if self.generations.get(slot) == Some(&key.generation) { self.slots.get(slot) } else { None }
    }

    /// Removes the source of `key`; its slot gets a new generation.
    pub fn remove(&mut self, key: Key) -> Option<T> {
        self.get(key)?;
        let slot = key.slot as usize;
        // 24 bits would do for years; 31 keep the number positive in JavaScript's 32-bit arithmetic.
        self.generations[slot] = (key.generation + 1) & 0x7fff_ffff;
        self.slots.try_remove(slot)
    }

    /// All sources.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().map(|(_, source)| source)
    }

    /// Removes all sources.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        std::mem::take(&mut self.slots).into_iter().map(|(_, source)| source)
    }

    /// How many sources there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recycled_slot_does_not_answer_to_its_old_key() {
        let mut table = Registry::default();
        let first = table.insert("first");
        assert_eq!(table.remove(first), Some("first"));
        let second = table.insert("second");
        assert_eq!(second.slot, first.slot);
        assert_eq!(table.get(first), None);
        assert_eq!(table.remove(first), None);
        assert_eq!(table.get_mut(second), Some(&mut "second"));
    }

    #[test]
    fn next_key_is_the_key_that_insert_gives() {
        let mut table = Registry::default();
        for round in 0..3 {
            let expected = table.next_key();
            assert_eq!(table.insert(round), expected);
            table.remove(expected);
        }
    }

    #[test]
    fn a_key_survives_the_way_through_a_token() {
        let key = Key { slot: 0xffff_fff0, generation: 0x7fff_ffff };
        assert_eq!(Key::from_token(key.token()), key);
    }
}
