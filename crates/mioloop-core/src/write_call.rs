//! One write call of a stream: how much of what waits it offers to the kernel. Used by `stream`.

use crate::channel::Channel;
use crate::limits::{LARGE_SEGMENT_BYTES, SEGMENT_BYTES};
use std::io::{self, ErrorKind, IoSlice};

/// The write calls of one stream.
#[derive(Debug, Default)]
pub struct WriteCall {
    /// What one call offers at most; `None` before that was asked for.
    most: Option<usize>,
}

impl WriteCall {
    /// Offers the first bytes of `slices`, gathered when there is more than one. Gives how many the kernel took, and
    /// whether that is all it was offered: else it takes no more now.
    ///
    /// # Errors
    /// The operating system's; `EINTR` is tried again.
    pub fn offer(&mut self, channel: &Channel, slices: &[IoSlice<'_>]) -> io::Result<(usize, bool)> {
        let offered = self.portion(channel, slices.iter().map(|slice| slice.len()).sum());
        loop {
            let result = match slices {
                [one] => channel.write(&[IoSlice::new(one.get(..offered).unwrap_or(one))]),
                many => channel.write(&first(many, offered)),
            };
            match result {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result.map(|count| (count, count == offered)),
            }
        }
    }

    fn portion(&mut self, channel: &Channel, total: usize) -> usize {
        if total <= SEGMENT_BYTES {
            return total;
        }
        let most = *self.most.get_or_insert_with(|| {
            if channel.segment() >= LARGE_SEGMENT_BYTES { SEGMENT_BYTES } else { usize::MAX }
        });
        even_portion(total, most)
    }
}

/// The first of as few equal portions as do not exceed `most`.
fn even_portion(total: usize, most: usize) -> usize {
    total.div_ceil(total.div_ceil(most))
}

/// The first `count` bytes of `slices`.
fn first<'a>(slices: &'a [IoSlice<'_>], count: usize) -> Vec<IoSlice<'a>> {
    let mut left = count;
    let mut part = Vec::with_capacity(slices.len());
    for slice in slices {
        let length = left.min(slice.len());
        part.push(IoSlice::new(slice.get(..length).unwrap_or(slice)));
        left -= length;
        if left == 0 {
            break;
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_are_equal_and_few() {
        let portions = |mut total: usize| {
            let mut all = Vec::new();
            while total > 0 {
                let next = even_portion(total, 60);
                all.push(next);
                total -= next;
            }
            all
        };
        assert_eq!(portions(60), [60]);
        assert_eq!(portions(61), [31, 30]);
        assert_eq!(portions(200), [50, 50, 50, 50]);
        assert_eq!(even_portion(1 << 40, usize::MAX), 1 << 40);
    }

    #[test]
    fn the_first_bytes_of_several_slices() {
        let slices = [b"abc".as_slice(), b"", b"defg"].map(IoSlice::new);
        let bytes =
            |count| first(&slices, count).iter().flat_map(|slice| slice.to_vec()).collect::<Vec<u8>>();
        assert_eq!(bytes(2), b"ab");
        assert_eq!(bytes(3), b"abc");
        assert_eq!(bytes(5), b"abcde");
        assert_eq!(bytes(100), b"abcdefg");
    }
}
