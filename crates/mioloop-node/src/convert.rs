//! The core's values as JavaScript sees them.

use mioloop_core::driver::Addresses;
use mioloop_core::mailbox::{Post, ResolveError};
use mioloop_core::tokens::Key;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
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

/// The ends of a connection; a listener has no peer.
#[napi(object, object_from_js = false)]
pub struct Ends {
    pub local: InternetAddress,
    pub peer: Option<InternetAddress>,
}

impl From<Addresses> for Ends {
    fn from(addresses: Addresses) -> Self {
        Self { local: addresses.local.into(), peer: addresses.peer.map(Into::into) }
    }
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
