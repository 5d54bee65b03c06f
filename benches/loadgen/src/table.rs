//! The bytes of a stream of any length: a table, over and over. Servers know them from a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use crate::pattern::Pattern;

/// After so many bytes the stream begins anew. A prime: a piece of any usual size that is lost, doubled or in the wrong
/// place shows. `servers/pieces.ts` knows it, too.
const PERIOD: usize = 1_000_003;

#[derive(Debug)]
pub struct Table {
    bytes: Vec<u8>,
    position: usize,
}

impl Table {
    pub fn new() -> Self {
        Self { bytes: Pattern::new(PERIOD).message(0, 0).to_vec(), position: 0 }
    }

    /// Goes back to the begin of the stream.
    pub fn rewind(&mut self) {
        self.position = 0;
    }

    /// Whether `bytes` come next in the stream; else the place of the first that is wrong.
    pub fn check(&mut self, bytes: &[u8]) -> Result<(), usize> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = PERIOD.min(self.position + rest.len());
            let expected = &self.bytes[self.position..end];
            let (part, behind) = rest.split_at(expected.len());
            if part != expected {
                let at = part.iter().zip(expected).position(|(a, b)| a != b).unwrap_or(0);
                return Err(bytes.len() - rest.len() + at);
            }
            self.position = end % PERIOD;
            rest = behind;
        }
        Ok(())
    }
}

/// Writes the first `length` bytes of the stream.
pub fn write_stream(target: &mut impl Write, length: u64) -> io::Result<()> {
    let table = Table::new();
    let mut left = length;
    while left > 0 {
        let part = &table.bytes[..usize::try_from(left).unwrap_or(PERIOD).min(PERIOD)];
        target.write_all(part)?;
        left -= part.len() as u64;
    }
    Ok(())
}

/// The same into a file, until the disk has it: it then rests while others measure.
pub fn write_file(path: &Path, length: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    write_stream(&mut file, length)?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_checked_across_its_periods() {
        let mut stream = Table::new().bytes;
        stream.extend_from_within(..);
        let mut table = Table::new();
        for part in stream.chunks(65_536) {
            assert_eq!(table.check(part), Ok(()));
        }
        stream[PERIOD + 5] ^= 1;
        table.rewind();
        assert_eq!(table.check(&stream[..PERIOD - 3]), Ok(()));
        assert_eq!(table.check(&stream[PERIOD - 3..]), Err(8));
    }
}
