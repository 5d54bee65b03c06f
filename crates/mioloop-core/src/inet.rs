//! Addresses of the internet families as C and its users see them, where Rust's own types differ.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddrV6};

/// An address as `inet_ntop` writes it.
#[must_use]
pub fn text(ip: IpAddr) -> String {
    match ip {
        IpAddr::V6(v6) if is_compatible(v6) => format!("::{}", tail(v6)),
        _ => ip.to_string(),
    }
}

/// The flow label and traffic class of an address. They are in network order in it.
#[must_use]
pub fn flowinfo(address: &SocketAddrV6) -> u32 {
    u32::from_be(address.flowinfo())
}

/// Sets what `flowinfo` gives.
pub fn set_flowinfo(address: &mut SocketAddrV6, flowinfo: u32) {
    address.set_flowinfo(flowinfo.to_be());
}

/// Whether the system shows the last 32 bits in dots. Rust does that for mapped addresses (`::ffff:1.2.3.4`) only.
fn is_compatible(v6: Ipv6Addr) -> bool {
    let segments = v6.segments();
    segments[..6] == [0; 6] && segments[6] != 0
}

fn tail(v6: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = v6.octets();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_that_of_the_system() {
        let as_written = [
            "127.0.0.1",
            "::",
            "::1",
            "::ffff",
            "::1.2.3.4",
            "::0.1.0.0",
            "::ffff:1.2.3.4",
            "::ffff:0.0.0.0",
            "::fffe:102:304",
            "1::",
            "1:0:0:2::3",
            "0:0:1::",
            "1:0:2:3:4:5:6:7",
            "fe80::1",
        ];
        for address in as_written {
            assert_eq!(text(address.parse().unwrap()), address);
        }
        assert_eq!(text("1:0:0:2:0:0:3:4".parse().unwrap()), "1::2:0:0:3:4");
    }

    #[test]
    fn flowinfo_is_in_network_order_in_the_address() {
        let mut address = SocketAddrV6::new(Ipv6Addr::LOCALHOST, 0, 0, 0);
        set_flowinfo(&mut address, 5);
        assert_eq!(address.flowinfo().to_ne_bytes(), [0, 0, 0, 5]);
        assert_eq!(flowinfo(&address), 5);
    }
}
