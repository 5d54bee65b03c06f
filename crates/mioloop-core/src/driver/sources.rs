//! The sources of a driver, by key and by the descriptor that each has.
//!
//! A number belongs to the source that took it last. Users may close a descriptor while it is watched, and the
//! system gives its number away again, perhaps to a connection of this very loop: what is still asked for the
//! old one must not reach the new one.

use super::Source;
use crate::tokens::{Key, Registry};
use std::os::fd::RawFd;

#[derive(Debug, Default)]
pub(super) struct Sources {
    registry: Registry<Source>,
    /// By descriptor, who took it last. That one may be gone, or have another descriptor by now.
    takers: Vec<Option<Key>>,
}

impl Sources {
    /// The key that the next `insert` will give.
    pub fn next_key(&self) -> Key {
        self.registry.next_key()
    }

    /// Keeps `source` and gives its key.
    pub fn insert(&mut self, source: Source) -> Key {
        let descriptor = source.descriptor();
        let key = self.registry.insert(source);
        if let Ok(index) = usize::try_from(descriptor) {
            if index >= self.takers.len() {
                self.takers.resize(index + 1, None);
            }
            self.takers[index] = Some(key);
        }
        key
    }

    pub fn get(&self, key: Key) -> Option<&Source> {
        self.registry.get(key)
    }

    pub fn get_mut(&mut self, key: Key) -> Option<&mut Source> {
        self.registry.get_mut(key)
    }

    pub fn remove(&mut self, key: Key) -> Option<Source> {
        self.registry.remove(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.registry.iter()
    }

    pub fn drain(&mut self) -> impl Iterator<Item = Source> {
        self.registry.drain()
    }

    pub fn is_empty(&self) -> bool {
        self.registry.is_empty()
    }

    /// The source that has `descriptor`.
    pub fn holder(&self, descriptor: RawFd) -> Option<Key> {
        let key = (*self.takers.get(usize::try_from(descriptor).ok()?)?)?;
        (self.get(key)?.descriptor() == descriptor).then_some(key)
    }

    /// Whether the number of a watched descriptor is another source's by now.
    pub fn has_lost_its_number(&self, key: Key) -> bool {
        let Some(Source::Watch(watch)) = self.get(key) else { return false };
        self.holder(watch.descriptor()) != Some(key)
    }
}
