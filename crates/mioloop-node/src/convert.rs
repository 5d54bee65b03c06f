//! The core's values as JavaScript sees them.

use mioloop_core::address::{Address, literal};
use mioloop_core::driver::Addresses;
use mioloop_core::mailbox::{Post, ResolveError};
use mioloop_core::tokens::Key;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use socket2::SockAddr;
use std::io;
use std::net::SocketAddr;

/// A new source: its slot and generation.
#[napi(object, object_from_js = false)]
pub struct Opened {
    pub slot: u32,
    pub generation: u32,
}

impl From<Key> for Opened {
    fn from(key: Key) -> Self {
        Self { slot: key.slot, generation: key.generation }
    }
}

/// An address of the internet family.
#[napi(object, object_from_js = false)]
pub struct InternetAddress {
    pub host: String,
    pub port: u16,
    /// 4 or 6.
    pub version: u32,
    pub flowinfo: u32,
    pub scope_id: u32,
}

impl From<SocketAddr> for InternetAddress {
    fn from(address: SocketAddr) -> Self {
        let (version, flowinfo, scope_id) = match address {
            SocketAddr::V4(_) => (4, 0, 0),
            SocketAddr::V6(v6) => (6, v6.flowinfo(), v6.scope_id()),
        };
        Self { host: address.ip().to_string(), port: address.port(), version, flowinfo, scope_id }
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
                native.host = Some(internet.ip().to_string());
                native.port = Some(u32::from(internet.port()));
                if let SocketAddr::V6(v6) = internet {
                    native.flowinfo = Some(v6.flowinfo());
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
            v6.set_flowinfo(self.flowinfo.unwrap_or(0));
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

/// A connection attempt that did not begin.
#[napi(object, object_from_js = false)]
pub struct NotBegun {
    pub errno: i32,
    pub syscall: String,
}

/// Why a name has no address.
#[napi(object, object_from_js = false)]
pub struct ResolveFailure {
    /// The resolver's code (`EAI_…`), or an errno where `system` is set.
    pub code: i32,
    pub system: bool,
    pub text: String,
}

impl From<ResolveError> for ResolveFailure {
    fn from(error: ResolveError) -> Self {
        Self { code: error.code, system: error.system, text: error.text }
    }
}

/// A message from another thread: a call of a handle, or the answer to a request of the resolver.
#[napi(object, object_from_js = false)]
pub struct Posted {
    pub handle: Option<u32>,
    pub payload: Option<Buffer>,
    pub request: Option<u32>,
    pub addresses: Option<Vec<InternetAddress>>,
    pub failure: Option<ResolveFailure>,
}

impl From<Post> for Posted {
    fn from(post: Post) -> Self {
        let mut posted = Self { handle: None, payload: None, request: None, addresses: None, failure: None };
        match post {
            Post::Call { handle, payload } => {
                posted.handle = Some(handle);
                posted.payload = Some(payload.into());
            }
            Post::Resolved { request, answer } => {
                posted.request = Some(request);
                match answer {
                    Ok(addresses) => {
                        posted.addresses = Some(addresses.into_iter().map(Into::into).collect());
                    }
                    Err(error) => posted.failure = Some(error.into()),
                }
            }
        }
        posted
    }
}

/// The errno of `error`, as JavaScript counts it.
pub fn errno(error: &io::Error) -> i32 {
    mioloop_core::driver::errno(error) as i32
}
