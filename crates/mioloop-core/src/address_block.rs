//! Addresses as blocks of 32-bit words in shared memory, as datagrams carry them: a JavaScript object for each would
//! cost more than the datagram. `layout` has the kinds; octets stand in network order, all other words in the machine's.

use crate::address::Address;
use crate::inet;
use crate::layout::{ADDRESS_BYTES, ADDRESS_IPV4, ADDRESS_IPV6, ADDRESS_NONE, ADDRESS_UNIX};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

const WORD: usize = 4;
const IPV4_BYTES: usize = 2 * WORD;
const IPV6_BYTES: usize = 7 * WORD;

/// Writes `address` to the front of `block`, which has room for every address; returns the bytes used.
pub fn write(address: &Address, block: &mut [u8]) -> usize {
    match address {
        Address::Internet(SocketAddr::V4(v4)) => {
            put_head(block, ADDRESS_IPV4, v4.port());
            block[WORD..IPV4_BYTES].copy_from_slice(&v4.ip().octets());
            IPV4_BYTES
        }
        Address::Internet(SocketAddr::V6(v6)) => {
            put_head(block, ADDRESS_IPV6, v6.port());
            block[WORD..5 * WORD].copy_from_slice(&v6.ip().octets());
            block[5 * WORD..6 * WORD].copy_from_slice(&inet::flowinfo(v6).to_ne_bytes());
            block[6 * WORD..IPV6_BYTES].copy_from_slice(&v6.scope_id().to_ne_bytes());
            IPV6_BYTES
        }
        Address::Unix(name) => {
            let length = name.len().min(ADDRESS_BYTES as usize - WORD);
            put_head(block, ADDRESS_UNIX, length as u16);
            block[WORD..WORD + length].copy_from_slice(&name[..length]);
            WORD + length.next_multiple_of(WORD)
        }
        Address::Other(_) => {
            put_head(block, ADDRESS_NONE, 0);
            WORD
        }
    }
}

/// The address at the front of `block`; none where there is none, or the block is too short.
#[must_use]
pub fn read(block: &[u8]) -> Option<Address> {
    let head = word(block, 0)?;
    let high = (head >> 16) as u16;
    match head & 0xffff {
        ADDRESS_IPV4 => {
            let octets: [u8; 4] = block.get(WORD..IPV4_BYTES)?.try_into().ok()?;
            Some(Address::Internet(SocketAddrV4::new(Ipv4Addr::from(octets), high).into()))
        }
        ADDRESS_IPV6 => {
            let octets: [u8; 16] = block.get(WORD..5 * WORD)?.try_into().ok()?;
            let mut v6 = SocketAddrV6::new(Ipv6Addr::from(octets), high, 0, word(block, 6)?);
            inet::set_flowinfo(&mut v6, word(block, 5)?);
            Some(Address::Internet(v6.into()))
        }
        ADDRESS_UNIX => Some(Address::Unix(block.get(WORD..WORD + usize::from(high))?.into())),
        _ => None,
    }
}

fn put_head(block: &mut [u8], kind: u32, high: u16) {
    block[..WORD].copy_from_slice(&(kind | u32::from(high) << 16).to_ne_bytes());
}

fn word(block: &[u8], index: usize) -> Option<u32> {
    let bytes = block.get(index * WORD..(index + 1) * WORD)?;
    Some(u32::from_ne_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_survives_the_way_through_a_block() {
        let v6 = SocketAddrV6::new("fe80::1".parse().unwrap(), 65535, 0x000a_bcde, 7);
        let addresses = [
            Address::Internet("203.0.113.9:53".parse().unwrap()),
            Address::Internet(v6.into()),
            Address::Unix(b"\0abstract\0name"[..].into()),
            Address::Unix(vec![0xff; 108].into()),
            Address::Unix([].into()),
        ];
        for address in addresses {
            let mut block = [0xaa; ADDRESS_BYTES as usize];
            let used = write(&address, &mut block);
            assert_eq!(used % WORD, 0);
            assert_eq!(read(&block[..used]), Some(address));
        }
    }

    #[test]
    fn a_block_that_is_too_short_is_no_address() {
        let mut block = [0; ADDRESS_BYTES as usize];
        let used = write(&Address::Internet("[::1]:9".parse().unwrap()), &mut block);
        for length in 0..used {
            assert_eq!(read(&block[..length]), None);
        }
        assert_eq!(read(&[0; 4]), None);
    }
}
