//! The bytes of a message: different for each connection and each round, and free to make.

/// How many different messages there are; a prime, so that the steps below reach all of them.
const WINDOWS: usize = 16_381;
/// Both steps are primes other than `WINDOWS`: neighbouring connections and rounds start far apart.
const CONNECTION_STEP: u64 = 7_919;
const ROUND_STEP: u64 = 104_729;

/// One table of random bytes; a message is a window of it, so that sending and checking copy nothing.
#[derive(Debug)]
pub struct Pattern {
    table: Vec<u8>,
    size: usize,
}

impl Pattern {
    /// Messages of `size` bytes.
    pub fn new(size: usize) -> Self {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let table = (0..size + WINDOWS).map(|_| next_byte(&mut state)).collect();
        Self { table, size }
    }

    pub fn message(&self, connection: usize, round: u64) -> &[u8] {
        let windows = WINDOWS as u64;
        let mixed = (connection as u64 % windows) * CONNECTION_STEP + (round % windows) * ROUND_STEP;
        let start = (mixed % windows) as usize;
        &self.table[start..start + self.size]
    }
}

/// xorshift64: any sequence without a short period will do.
fn next_byte(state: &mut u64) -> u8 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 32) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_differ_by_connection_and_by_round() {
        let pattern = Pattern::new(64);
        for round in 0..50 {
            for connection in 0..50 {
                let message = pattern.message(connection, round);
                assert_eq!(message.len(), 64);
                assert_ne!(message, pattern.message(connection + 1, round));
                assert_ne!(message, pattern.message(connection, round + 1));
            }
        }
    }
}
