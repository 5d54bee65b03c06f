//! Where a socket is or where bytes go: an address of the internet, or a name of the Unix family.

use rustix::net::{AddressFamily, SocketAddrAny, SocketAddrUnix};
use socket2::SockAddr;
use std::io;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};

/// An address of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Internet(SocketAddr),
    /// A path, or (with a leading NUL) an abstract name, or nothing for a socket without a name.
    Unix(Box<[u8]>),
    /// A family that the loop does not know, by its number.
    Other(i32),
}

impl Address {
    /// The family, as `AF_…`.
    #[must_use]
    pub fn family(&self) -> i32 {
        match self {
            Self::Internet(SocketAddr::V4(_)) => i32::from(AddressFamily::INET.as_raw()),
            Self::Internet(SocketAddr::V6(_)) => i32::from(AddressFamily::INET6.as_raw()),
            Self::Unix(_) => i32::from(AddressFamily::UNIX.as_raw()),
            Self::Other(family) => *family,
        }
    }

    /// The address as the system takes it.
    ///
    /// # Errors
    /// `InvalidInput` for a Unix name that is too long, or an unknown family.
    pub fn to_system(&self) -> io::Result<SockAddr> {
        match self {
            Self::Internet(address) => Ok((*address).into()),
            Self::Unix(name) => SockAddr::unix(path_of(name)),
            Self::Other(_) => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

impl TryFrom<&Address> for SocketAddrAny {
    type Error = io::Error;

    /// Fails as `to_system`, and for no name at all, which nothing can be sent to.
    fn try_from(address: &Address) -> io::Result<Self> {
        match address {
            Address::Internet(address) => Ok((*address).into()),
            #[cfg(target_os = "linux")]
            Address::Unix(name) if name.first() == Some(&0) => {
                Ok(SocketAddrUnix::new_abstract_name(&name[1..])?.into())
            }
            Address::Unix(name) if !name.is_empty() => Ok(SocketAddrUnix::new(&**name)?.into()),
            Address::Unix(_) | Address::Other(_) => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

impl From<&SockAddr> for Address {
    fn from(address: &SockAddr) -> Self {
        if let Some(internet) = address.as_socket() {
            return Self::Internet(internet);
        }
        if !address.is_unix() {
            return Self::Other(i32::from(address.family()));
        }
        if let Some(name) = address.as_abstract_namespace() {
            return Self::Unix([b"\0", name].concat().into());
        }
        match address.as_pathname() {
            Some(path) => Self::Unix(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).into()),
            None => Self::Unix([].into()),
        }
    }
}

impl From<&SocketAddrAny> for Address {
    fn from(address: &SocketAddrAny) -> Self {
        if let Ok(internet) = SocketAddr::try_from(address.clone()) {
            return Self::Internet(internet);
        }
        // A name that fills its field has no NUL behind it, and rustix panics where it is looked for.
        if address.address_family() == AddressFamily::UNIX
            && address.addr_len() as usize > size_of::<libc::sockaddr_un>()
        {
            return Self::Unix([].into());
        }
        let Ok(unix) = SocketAddrUnix::try_from(address.clone()) else {
            return Self::Other(i32::from(address.address_family().as_raw()));
        };
        // A peer without a name comes as one with an empty abstract name.
        #[cfg(target_os = "linux")]
        if let Some(name) = unix.abstract_name().filter(|name| !name.is_empty()) {
            return Self::Unix([b"\0", name].concat().into());
        }
        Self::Unix(unix.path_bytes().unwrap_or_default().into())
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Internet(address)
    }
}

fn path_of(name: &[u8]) -> &std::path::Path {
    std::path::Path::new(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name))
}

/// `host` as an address, when it is a literal one. An IPv6 address may have a numeric scope (`fe80::1%2`).
#[must_use]
pub fn literal(host: &str, port: u16) -> Option<SocketAddr> {
    if let Some((address, scope)) = host.split_once('%') {
        let address = address.parse().ok()?;
        return Some(SocketAddrV6::new(address, port, 0, scope.parse().ok()?).into());
    }
    host.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::net::{RecvFlags, SocketAddrUnix, recvfrom};

    #[test]
    fn a_scope_belongs_to_an_ipv6_literal_only() {
        assert_eq!(literal("fe80::1%2", 9).unwrap().to_string(), "[fe80::1%2]:9");
        assert_eq!(literal("127.0.0.1", 80).unwrap().to_string(), "127.0.0.1:80");
        for host in ["127.0.0.1%2", "fe80::1%lo", "localhost", ""] {
            assert_eq!(literal(host, 1), None);
        }
    }

    #[test]
    fn every_kind_of_address_survives_the_way_through_the_system() {
        let internet = ["127.0.0.1:80", "[::1]:443"].map(|text| Address::Internet(text.parse().unwrap()));
        let unix = [&b"/tmp/x.sock"[..], b"/tmp/\xff", b""].map(|name| Address::Unix(name.into()));
        for address in internet.into_iter().chain(unix) {
            assert_eq!(Address::from(&address.to_system().unwrap()), address);
            let other_way = SocketAddrAny::try_from(&address);
            assert_eq!(
                other_way.ok().map(|other| Address::from(&other)),
                Some(address).filter(|address| *address != Address::Unix([].into()))
            );
        }
    }

    #[test]
    fn a_peer_without_a_name_has_none() {
        let listener = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
        let path = std::env::temp_dir().join(format!("mioloop-address-{}.sock", std::process::id()));
        listener.bind(&SockAddr::unix(&path).unwrap()).unwrap();
        listener.listen(1).unwrap();
        let guest = std::os::unix::net::UnixStream::connect(&path).unwrap();
        let (_, peer) = crate::accept::accept(&listener).unwrap();
        assert_eq!(peer, Address::Unix([].into()));
        std::fs::remove_file(path).unwrap();
        drop(guest);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_abstract_name_keeps_its_nul() {
        let address = Address::Unix(b"\0name\0more"[..].into());
        assert_eq!(Address::from(&address.to_system().unwrap()), address);
        assert_eq!(Address::from(&SocketAddrAny::try_from(&address).unwrap()), address);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn senders_without_a_name_or_with_the_longest_are_no_trouble() {
        let (ours, theirs) = std::os::unix::net::UnixDatagram::pair().unwrap();
        let sender = || {
            let (.., address) = recvfrom(&ours, &mut [0u8; 1], RecvFlags::empty()).unwrap();
            address.map(|address| Address::from(&address))
        };
        theirs.send(b"x").unwrap();
        assert_eq!(sender(), None);
        let folder = std::env::temp_dir().join(format!("mioloop-{}-", std::process::id()));
        let mut path = std::os::unix::ffi::OsStrExt::as_bytes(folder.as_os_str()).to_vec();
        path.resize(108, b'x');
        rustix::net::bind(&theirs, &SocketAddrUnix::new(&path[..]).unwrap()).unwrap();
        theirs.send(b"x").unwrap();
        assert_eq!(sender(), Some(Address::Unix([].into())));
        std::fs::remove_file(path_of(&path)).unwrap();
    }

    #[test]
    fn a_unix_name_that_is_too_long_is_an_error() {
        let address = Address::Unix(vec![b'x'; 200].into());
        assert!(address.to_system().is_err());
        assert!(SocketAddrAny::try_from(&address).is_err());
    }
}
