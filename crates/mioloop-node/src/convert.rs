//! The core's values as JavaScript sees them.

use mioloop_core::address::{Address, literal};
use mioloop_core::datagram::Unsent;
use mioloop_core::driver::Addresses;
use mioloop_core::inet;
use mioloop_core::mailbox::Post;
use mioloop_core::resolver::{AddrInfo, AddrInfoHints, Answer, LookUpError};
use mioloop_core::tokens::Key;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use socket2::SockAddr;
use std::io;
use std::net::SocketAddr;

/// A new source: its slot and generation.
#[napi(object)]
pub struct Opened {
    pub slot: u32,
    pub generation: u32,
}

impl From<Opened> for Key {
    fn from(opened: Opened) -> Self {
        Self { slot: opened.slot, generation: opened.generation }
    }
}

impl From<Key> for Opened {
    fn from(key: Key) -> Self {
        Self { slot: key.slot, generation: key.generation }
    }
}

/// An address of any family: a host and a port, or a path.
#[napi(object)]
pub struct NativeAddress {
    /// `AF_…`.
    pub family: i32,
    /// A literal address of the internet.
    pub host: Option<String>,
    pub port: Option<u32>,
    pub flowinfo: Option<u32>,
    pub scope_id: Option<u32>,
    /// A name of the Unix family; empty for none.
    pub path: Option<Buffer>,
}

impl From<&Address> for NativeAddress {
    fn from(address: &Address) -> Self {
        let family = address.family();
        let mut native = Self { family, host: None, port: None, flowinfo: None, scope_id: None, path: None };
        match address {
            Address::Internet(internet) => {
                native.host = Some(inet::text(internet.ip()));
                native.port = Some(u32::from(internet.port()));
                if let SocketAddr::V6(v6) = internet {
                    native.flowinfo = Some(inet::flowinfo(v6));
                    native.scope_id = Some(v6.scope_id());
                }
            }
            Address::Unix(name) => native.path = Some(name.to_vec().into()),
            Address::Other(_) => {}
        }
        native
    }
}

impl NativeAddress {
    /// The core's form.
    ///
    /// # Errors
    /// `InvalidInput` (no errno) where the host is no literal address; the facade resolves names first.
    pub fn to_address(&self) -> io::Result<Address> {
        if let Some(path) = &self.path {
            return Ok(Address::Unix(path.as_ref().into()));
        }
        let port = self.port.and_then(|port| u16::try_from(port).ok());
        let literal = self.host.as_deref().zip(port).and_then(|(host, port)| literal(host, port));
        let mut internet = literal.ok_or(io::ErrorKind::InvalidInput)?;
        if let SocketAddr::V6(v6) = &mut internet {
            inet::set_flowinfo(v6, self.flowinfo.unwrap_or(0));
            v6.set_scope_id(self.scope_id.unwrap_or(v6.scope_id()));
        }
        Ok(Address::Internet(internet))
    }

    /// The system's form. Errors as `to_address`.
    pub fn to_system(&self) -> io::Result<SockAddr> {
        self.to_address()?.to_system()
    }
}

/// The ends of a connection; a listener has no peer.
#[napi(object, object_from_js = false)]
pub struct Ends {
    pub local: NativeAddress,
    pub peer: Option<NativeAddress>,
}

impl From<Addresses> for Ends {
    fn from(addresses: Addresses) -> Self {
        Self { local: (&addresses.local).into(), peer: addresses.peer.as_ref().map(Into::into) }
    }
}

/// A connection attempt.
#[napi(object, object_from_js = false)]
pub struct Begun {
    pub slot: u32,
    pub generation: u32,
    /// Whether it stands already.
    pub connected: bool,
}

/// A connection attempt that did not begin.
#[napi(object, object_from_js = false)]
pub struct NotBegun {
    pub errno: i32,
    pub syscall: String,
}

/// What kind of addresses are looked up: `AF_…`, `SOCK_…` and `IPPROTO_…`, 0 for any, and the flags `AI_…`.
#[napi(object, object_to_js = false)]
pub struct Hints {
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub flags: i32,
}

impl From<Hints> for AddrInfoHints {
    fn from(hints: Hints) -> Self {
        let Hints { family, kind, protocol, flags } = hints;
        Self { flags, address: family, socktype: kind, protocol }
    }
}

/// An address that a name has.
#[napi(object, object_from_js = false)]
pub struct FoundAddress {
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub canonical_name: Option<String>,
    pub address: NativeAddress,
}

impl From<AddrInfo> for FoundAddress {
    fn from(info: AddrInfo) -> Self {
        Self {
            family: info.address,
            kind: info.socktype,
            protocol: info.protocol,
            canonical_name: info.canonname,
            address: (&Address::from(info.sockaddr)).into(),
        }
    }
}

/// A datagram that could not be sent, and where it was to go.
#[napi(object, object_from_js = false)]
pub struct NotSent {
    pub errno: i32,
    /// None where the socket is connected.
    pub to: Option<NativeAddress>,
}

impl From<Unsent> for NotSent {
    fn from(unsent: Unsent) -> Self {
        Self { errno: errno(&unsent.error), to: unsent.to.as_ref().map(Into::into) }
    }
}

/// Why a look-up has no answer.
#[napi(object, object_from_js = false)]
pub struct LookUpFailure {
    /// The resolver's code (`EAI_…`), or an errno where `system` is set.
    pub code: i32,
    pub system: bool,
    pub text: String,
}

impl From<LookUpError> for LookUpFailure {
    fn from(error: LookUpError) -> Self {
        Self { code: error.code, system: error.system, text: error.text }
    }
}

/// A message from another thread: a call of a handle, the answer to a request of the resolver, or a ring of a bell.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub struct Posted {
    pub handle: Option<u32>,
    pub payload: Option<Buffer>,
    pub request: Option<u32>,
    /// Seconds that the look-up took.
    pub seconds: Option<f64>,
    pub addresses: Option<Vec<FoundAddress>>,
    /// The host's and the service's.
    pub names: Option<Vec<String>>,
    pub failure: Option<LookUpFailure>,
    pub bell: Option<u32>,
    /// Who has rung it.
    pub ringer: Option<u32>,
    /// Whether the ringer's thread ends.
    pub ended: Option<bool>,
}

impl From<Post> for Posted {
    fn from(post: Post) -> Self {
        let mut posted = Self::default();
        match post {
            Post::Call { handle, payload } => {
                posted.handle = Some(handle);
                posted.payload = Some(payload.into());
            }
            Post::Resolved { request, seconds, answer } => {
                posted.request = Some(request);
                posted.seconds = Some(seconds);
                match answer {
                    Ok(Answer::Addresses(found)) => {
                        posted.addresses = Some(found.into_iter().map(Into::into).collect());
                    }
                    Ok(Answer::Name { host, service }) => posted.names = Some(vec![host, service]),
                    Err(error) => posted.failure = Some(error.into()),
                }
            }
            Post::Rung { bell, ringer, ended } => {
                posted.bell = Some(bell);
                posted.ringer = Some(ringer);
                posted.ended = Some(ended);
            }
        }
        posted
    }
}

/// The errno of `error`, as JavaScript counts it.
pub fn errno(error: &io::Error) -> i32 {
    mioloop_core::driver::errno(error) as i32
}
