//! One look-up: a question of the system's resolver, asked on the thread that calls. `getaddrinfo` and
//! `getnameinfo` block, on the network or on files.

use dns_lookup::{AddrInfo, AddrInfoHints, LookupError, LookupErrorKind};
use std::io;
use std::net::SocketAddr;
use std::panic::catch_unwind;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// The addresses of a host and a service. One of the two must be there.
    Addresses { host: Option<String>, service: Option<String>, hints: AddrInfoHints },
    /// The names of an address and a port.
    Name {
        /// A literal address, in any form that the system reads.
        host: String,
        port: u16,
        /// For IPv6.
        scope_id: u32,
        /// `NI_…`
        flags: i32,
    },
}

/// What the system answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// In the system's order: the address to try first is the first.
    Addresses(Vec<AddrInfo>),
    Name {
        host: String,
        service: String,
    },
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the look-up failed ({code}): {text}")]
pub struct LookUpError {
    /// The resolver's own code (`EAI_…`), or the errno where `system` is set.
    pub code: i32,
    /// Whether `code` is an errno.
    pub system: bool,
    pub text: String,
}

impl LookUpError {
    fn new(code: i32, text: &str) -> Self {
        Self { code, system: false, text: text.to_owned() }
    }
}

/// Asks the system.
///
/// # Errors
/// The resolver's.
pub fn look_up(query: &Query) -> Result<Answer, LookUpError> {
    // `dns-lookup` panics over a name that is not UTF-8, which a file or a server may well give it.
    let answer = catch_unwind(|| match query {
        Query::Addresses { host, service, hints } => {
            addresses(host.as_deref(), service.as_deref(), *hints).map(Answer::Addresses)
        }
        Query::Name { host, port, scope_id, flags } => name(host, *port, *scope_id, *flags),
    });
    answer
        .unwrap_or_else(|_| Err(LookUpError::new(libc::EAI_FAIL, "the answer has a name that is not UTF-8")))
}

/// The types and protocols of sockets that the system lists for an address where it is asked for no particular
/// ones, in its order. This reads no file and asks nobody.
#[must_use]
pub fn listed_kinds() -> Vec<(i32, i32)> {
    let hints = AddrInfoHints { flags: libc::AI_NUMERICHOST, ..AddrInfoHints::default() };
    let found = addresses(Some("127.0.0.1"), None, hints).unwrap_or_default();
    found.iter().map(|info| (info.socktype, info.protocol)).collect()
}

fn addresses(
    host: Option<&str>,
    service: Option<&str>,
    hints: AddrInfoHints,
) -> Result<Vec<AddrInfo>, LookUpError> {
    let found = dns_lookup::getaddrinfo(host, service, Some(hints)).map_err(explain)?;
    found.collect::<io::Result<_>>().map_err(|error| LookUpError::new(libc::EAI_FAIL, &error.to_string()))
}

fn name(host: &str, port: u16, scope_id: u32, flags: i32) -> Result<Answer, LookUpError> {
    let literal = AddrInfoHints {
        flags: libc::AI_NUMERICHOST | libc::AI_NUMERICSERV,
        socktype: libc::SOCK_DGRAM,
        ..AddrInfoHints::default()
    };
    let found = addresses(Some(host), Some(&port.to_string()), literal)?;
    let mut address = match found.first() {
        Some(info) => info.sockaddr,
        None => return Err(LookUpError::new(libc::EAI_NONAME, "no address")),
    };
    // A zone in the text stays where no scope was given beside it.
    if let SocketAddr::V6(address) = &mut address
        && scope_id != 0
    {
        address.set_scope_id(scope_id);
    }
    let (host, service) = dns_lookup::getnameinfo(&address, flags).map_err(explain)?;
    Ok(Answer::Name { host, service })
}

fn explain(error: LookupError) -> LookUpError {
    let is_system = matches!(error.kind(), LookupErrorKind::System | LookupErrorKind::IO);
    let code = error.error_num();
    let error = io::Error::from(error);
    let errno = error.raw_os_error().filter(|_| is_system);
    LookUpError { code: errno.unwrap_or(code), system: errno.is_some(), text: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses_of(host: &str, service: &str, flags: i32) -> Query {
        Query::Addresses {
            host: Some(host.into()),
            service: Some(service.into()),
            hints: AddrInfoHints { flags, socktype: libc::SOCK_STREAM, ..AddrInfoHints::default() },
        }
    }

    #[test]
    fn a_name_and_a_service_have_addresses_with_the_canonical_name_in_front() {
        let Answer::Addresses(found) =
            look_up(&addresses_of("localhost", "http", libc::AI_CANONNAME)).unwrap()
        else {
            panic!("addresses were asked for")
        };
        assert!(found.iter().all(|info| info.sockaddr.ip().is_loopback() && info.sockaddr.port() == 80));
        assert!(found[0].canonname.is_some());
    }

    #[test]
    fn an_impossible_name_is_an_error_with_a_text() {
        let error = look_up(&addresses_of("no such name", "1", 0)).unwrap_err();
        assert!(!error.system && !error.text.is_empty());
    }

    #[test]
    fn a_name_with_a_zero_byte_is_an_error() {
        assert!(look_up(&addresses_of("local\0host", "1", 0)).is_err());
    }

    #[test]
    fn an_address_has_names() {
        let numeric = libc::NI_NUMERICHOST | libc::NI_NUMERICSERV;
        let query =
            |host: &str, scope_id| Query::Name { host: host.into(), port: 80, scope_id, flags: numeric };
        let name = |host: &str, service: &str| Answer::Name { host: host.into(), service: service.into() };
        assert_eq!(look_up(&query("::0001", 0)), Ok(name("::1", "80")));
        assert_eq!(look_up(&query("fe80::1", 4_000_000)), Ok(name("fe80::1%4000000", "80")));
        assert_eq!(look_up(&query("fe80::1%4000000", 0)), Ok(name("fe80::1%4000000", "80")));
        assert_eq!(look_up(&query("localhost", 0)).unwrap_err().code, libc::EAI_NONAME);
    }

    #[test]
    fn streams_are_among_what_is_listed() {
        assert!(listed_kinds().contains(&(libc::SOCK_STREAM, libc::IPPROTO_TCP)));
    }
}
