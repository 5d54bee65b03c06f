//! Turns names into addresses on threads of its own, because `getaddrinfo` blocks. Threads come when all are
//! busy, up to a limit, and go when unused. Closing never waits for one: an answer for a closed loop is dropped.

use crate::limits::{RESOLVER_IDLE_SECONDS, RESOLVER_THREADS};
use crate::mailbox::{Mailbox, Post, ResolveError};
use dns_lookup::{AddrInfoHints, LookupError, LookupErrorKind, SockType};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// A name to resolve.
#[derive(Debug)]
struct Query {
    request: u32,
    host: String,
    port: u16,
    /// `AI_…` flags.
    flags: i32,
}

#[derive(Debug, Default)]
struct State {
    queries: VecDeque<Query>,
    threads: usize,
    idle: usize,
    closed: bool,
}

#[derive(Debug, Default)]
struct Office {
    state: Mutex<State>,
    arrived: Condvar,
}

impl Office {
    // No code panics while it holds the lock; if it ever did, the queue would still be sound.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The resolver of one loop.
#[derive(Debug)]
pub struct Resolver {
    office: Arc<Office>,
    mailbox: Arc<Mailbox>,
}

impl Resolver {
    /// A resolver that answers into `mailbox`. No thread starts before the first query.
    #[must_use]
    pub fn new(mailbox: Arc<Mailbox>) -> Self {
        Self { office: Arc::default(), mailbox }
    }

    /// Resolves `host` for stream sockets; the answer comes as a post with this `request`.
    ///
    /// # Errors
    /// The operating system's, when no thread can be started and none is there.
    pub fn resolve(&self, request: u32, host: String, port: u16, flags: i32) -> io::Result<()> {
        let mut state = self.office.lock();
        if state.idle <= state.queries.len() && state.threads < RESOLVER_THREADS {
            let office = Arc::clone(&self.office);
            let mailbox = Arc::clone(&self.mailbox);
            let started = thread::Builder::new()
                .name("mioloop-resolver".into())
                .spawn(move || serve(&office, &mailbox));
            match started {
                Ok(_) => state.threads += 1,
                // The query can wait for a thread that is there.
                Err(_) if state.threads > 0 => {}
                Err(error) => return Err(error),
            }
        }
        state.queries.push_back(Query { request, host, port, flags });
        drop(state);
        self.office.arrived.notify_one();
        Ok(())
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        let mut state = self.office.lock();
        state.closed = true;
        state.queries.clear();
        drop(state);
        self.office.arrived.notify_all();
    }
}

fn serve(office: &Office, mailbox: &Mailbox) {
    while let Some(query) = next_query(office) {
        let request = query.request;
        let post = Post::Resolved { request, answer: look_up(&query) };
        if mailbox.post(post).is_err() {
            // The loop is closed; nobody waits.
            office.lock().threads -= 1;
            return;
        }
    }
}

/// The next query, or `None` when this thread is to end. It is off the count then, under the same lock: a query
/// that comes a moment later must not wait for a thread that is about to go.
fn next_query(office: &Office) -> Option<Query> {
    let idle = Duration::from_secs(RESOLVER_IDLE_SECONDS);
    let mut state = office.lock();
    loop {
        if state.closed {
            break;
        }
        if let Some(query) = state.queries.pop_front() {
            return Some(query);
        }
        state.idle += 1;
        let waited = office.arrived.wait_timeout(state, idle).unwrap_or_else(PoisonError::into_inner);
        state = waited.0;
        state.idle -= 1;
        if waited.1.timed_out() && state.queries.is_empty() {
            break;
        }
    }
    state.threads -= 1;
    None
}

fn look_up(query: &Query) -> Result<Vec<SocketAddr>, ResolveError> {
    let hints =
        AddrInfoHints { socktype: SockType::Stream.into(), flags: query.flags, ..AddrInfoHints::default() };
    let port = query.port.to_string();
    let found = dns_lookup::getaddrinfo(Some(&query.host), Some(&port), Some(hints)).map_err(explain)?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for info in found {
        let address =
            info.map_err(|error| ResolveError { code: 0, system: false, text: error.to_string() })?.sockaddr;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

fn explain(error: LookupError) -> ResolveError {
    let system = matches!(error.kind(), LookupErrorKind::System | LookupErrorKind::IO);
    let code = error.error_num();
    let error = io::Error::from(error);
    let code = if system { error.raw_os_error().unwrap_or(code) } else { code };
    ResolveError { code, system: system && error.raw_os_error().is_some(), text: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mio::{Events, Poll, Token, Waker};

    fn answer_of(host: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        let mut poll = Poll::new().unwrap();
        let mailbox = Arc::new(Mailbox::new(Waker::new(poll.registry(), Token(0)).unwrap()));
        let resolver = Resolver::new(Arc::clone(&mailbox));
        resolver.resolve(5, host.into(), 80, 0).unwrap();
        let mut events = Events::with_capacity(1);
        while !mailbox.is_pending() {
            poll.poll(&mut events, None).unwrap();
        }
        let Some(Post::Resolved { request: 5, answer }) = mailbox.take().pop_front() else {
            panic!("one answer to request 5 was due")
        };
        answer
    }

    #[test]
    fn localhost_has_an_address_with_the_port_asked_for() {
        let addresses = answer_of("localhost").unwrap();
        assert!(addresses.iter().all(|address| address.ip().is_loopback() && address.port() == 80));
        assert!(!addresses.is_empty());
    }

    #[test]
    fn an_impossible_name_is_an_error_with_a_text() {
        let error = answer_of("no such name").unwrap_err();
        assert!(!error.text.is_empty());
    }

    #[test]
    fn dropping_the_resolver_does_not_wait_for_its_threads() {
        let poll = Poll::new().unwrap();
        let mailbox = Arc::new(Mailbox::new(Waker::new(poll.registry(), Token(0)).unwrap()));
        let resolver = Resolver::new(Arc::clone(&mailbox));
        for request in 0..100 {
            resolver.resolve(request, "localhost".into(), 1, 0).unwrap();
        }
        mailbox.close();
        drop(resolver);
        assert!(mailbox.take().is_empty());
    }
}
