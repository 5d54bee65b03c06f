//! Turns names into addresses and back, on threads of its own, because that blocks. Threads come when all are
//! busy, up to a limit, and go when unused. Closing never waits for one: an answer for a closed loop is dropped.

mod lookup;

use crate::limits::{RESOLVER_IDLE_SECONDS, RESOLVER_THREADS};
use crate::mailbox::{Mailbox, Post};
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

pub use dns_lookup::{AddrInfo, AddrInfoHints};
pub use lookup::{Answer, LookUpError, Query, listed_kinds, look_up};

/// How a query is answered.
type LookUp = fn(&Query) -> Result<Answer, LookUpError>;

#[derive(Debug, Default)]
struct State {
    queries: VecDeque<(u32, Query)>,
    threads: usize,
    idle: usize,
    closed: bool,
}

#[derive(Debug)]
struct Office {
    state: Mutex<State>,
    arrived: Condvar,
    look_up: LookUp,
    mailbox: Arc<Mailbox>,
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
}

impl Resolver {
    /// A resolver that answers into `mailbox`. No thread starts before the first query.
    #[must_use]
    pub fn new(mailbox: Arc<Mailbox>) -> Self {
        Self::with(mailbox, look_up)
    }

    fn with(mailbox: Arc<Mailbox>, look_up: LookUp) -> Self {
        let office = Office { state: Mutex::default(), arrived: Condvar::new(), look_up, mailbox };
        Self { office: Arc::new(office) }
    }

    /// Asks; the answer comes as a post with this `request`. Queries are begun in their order.
    ///
    /// # Errors
    /// The operating system's, when no thread can be started and none is there.
    pub fn ask(&self, request: u32, query: Query) -> io::Result<()> {
        let mut state = self.office.lock();
        if state.idle <= state.queries.len() && state.threads < RESOLVER_THREADS {
            let office = Arc::clone(&self.office);
            let started =
                thread::Builder::new().name("mioloop-resolver".into()).spawn(move || serve(&office));
            match started {
                Ok(_) => state.threads += 1,
                // The query can wait for a thread that is there.
                Err(_) if state.threads > 0 => {}
                Err(error) => return Err(error),
            }
        }
        state.queries.push_back((request, query));
        drop(state);
        self.office.arrived.notify_one();
        Ok(())
    }

    /// Nobody waits for the answer to `request` any more: it is not looked up, unless that has begun.
    pub fn forget(&self, request: u32) {
        let mut state = self.office.lock();
        if let Some(place) = state.queries.iter().position(|(other, _)| *other == request) {
            state.queries.remove(place);
        }
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

fn serve(office: &Office) {
    while let Some((request, query)) = next_query(office) {
        let begun = Instant::now();
        let answer = (office.look_up)(&query);
        let seconds = begun.elapsed().as_secs_f64();
        if office.mailbox.post(Post::Resolved { request, seconds, answer }).is_err() {
            // The loop is closed; nobody waits.
            office.lock().threads -= 1;
            return;
        }
    }
}

/// The next query, or `None` when this thread is to end. It is off the count then, under the same lock: a query
/// that comes a moment later must not wait for a thread that is about to go.
fn next_query(office: &Office) -> Option<(u32, Query)> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use mio::{Events, Poll, Token, Waker};
    use std::collections::BTreeSet;

    /// A gate that look-ups wait at, as at a slow server.
    #[derive(Debug)]
    struct Gate {
        open: Mutex<bool>,
        opened: Condvar,
    }

    impl Gate {
        const fn new() -> Self {
            Self { open: Mutex::new(false), opened: Condvar::new() }
        }

        fn open(&self) {
            *self.open.lock().unwrap() = true;
            self.opened.notify_all();
        }

        fn pass(&self) -> Result<Answer, LookUpError> {
            let _open = self.opened.wait_while(self.open.lock().unwrap(), |open| !*open).unwrap();
            Ok(Answer::Addresses(Vec::new()))
        }
    }

    fn mailbox() -> (Poll, Arc<Mailbox>) {
        let poll = Poll::new().unwrap();
        let waker = Waker::new(poll.registry(), Token(0)).unwrap();
        (poll, Arc::new(Mailbox::new(waker)))
    }

    fn query() -> Query {
        Query::Name { host: "127.0.0.1".into(), port: 1, scope_id: 0, flags: 0 }
    }

    /// The requests that are answered, once there are `count` of them.
    fn answered(poll: &mut Poll, mailbox: &Mailbox, count: usize) -> Vec<u32> {
        let mut events = Events::with_capacity(1);
        let mut requests = Vec::new();
        while requests.len() < count {
            while !mailbox.is_pending() {
                poll.poll(&mut events, None).unwrap();
            }
            for post in mailbox.take() {
                let Post::Resolved { request, answer: Ok(_), .. } = post else {
                    panic!("no answer: {post:?}")
                };
                requests.push(request);
            }
        }
        requests
    }

    /// Waits until the threads have taken all they can: `waiting` queries are left.
    fn until_waiting(resolver: &Resolver, waiting: usize) {
        while resolver.office.lock().queries.len() > waiting {
            thread::yield_now();
        }
    }

    #[test]
    fn an_answer_comes_with_its_request() {
        let (mut poll, mailbox) = mailbox();
        let resolver = Resolver::new(Arc::clone(&mailbox));
        resolver.ask(5, query()).unwrap();
        assert_eq!(answered(&mut poll, &mailbox, 1), [5]);
    }

    #[test]
    fn a_thousand_queries_share_a_few_threads_and_each_is_answered_once() {
        static GATE: Gate = Gate::new();
        let (mut poll, mailbox) = mailbox();
        let resolver = Resolver::with(Arc::clone(&mailbox), |_| GATE.pass());
        for request in 0..1000 {
            resolver.ask(request, query()).unwrap();
        }
        until_waiting(&resolver, 1000 - RESOLVER_THREADS);
        assert_eq!(resolver.office.lock().threads, RESOLVER_THREADS);
        assert!(!mailbox.is_pending());
        GATE.open();
        let requests = answered(&mut poll, &mailbox, 1000);
        assert_eq!(requests.iter().copied().collect::<BTreeSet<_>>(), (0..1000).collect());
        assert_eq!(requests.len(), 1000);
    }

    #[test]
    fn queries_one_after_another_need_one_thread() {
        let (mut poll, mailbox) = mailbox();
        let resolver = Resolver::with(Arc::clone(&mailbox), |_| Ok(Answer::Addresses(Vec::new())));
        for request in 0..20 {
            resolver.ask(request, query()).unwrap();
            assert_eq!(answered(&mut poll, &mailbox, 1), [request]);
            while resolver.office.lock().idle == 0 {
                thread::yield_now();
            }
        }
        assert_eq!(resolver.office.lock().threads, 1);
    }

    #[test]
    fn what_is_forgotten_in_the_queue_is_not_looked_up() {
        static GATE: Gate = Gate::new();
        let (mut poll, mailbox) = mailbox();
        let resolver = Resolver::with(Arc::clone(&mailbox), |_| GATE.pass());
        let busy = RESOLVER_THREADS as u32;
        for request in 0..busy + 3 {
            resolver.ask(request, query()).unwrap();
        }
        until_waiting(&resolver, 3);
        resolver.forget(busy + 1);
        // Its look-up has begun: that goes on, and its answer comes.
        resolver.forget(0);
        GATE.open();
        let requests = answered(&mut poll, &mailbox, busy as usize + 2);
        let expected = (0..busy + 3).filter(|request| *request != busy + 1).collect();
        assert_eq!(requests.into_iter().collect::<BTreeSet<_>>(), expected);
    }

    #[test]
    fn dropping_the_resolver_waits_for_no_thread_and_each_ends_with_its_query() {
        static GATE: Gate = Gate::new();
        let (_poll, mailbox) = mailbox();
        let resolver = Resolver::with(Arc::clone(&mailbox), |_| GATE.pass());
        for request in 0..100 {
            resolver.ask(request, query()).unwrap();
        }
        until_waiting(&resolver, 100 - RESOLVER_THREADS);
        let office = Arc::clone(&resolver.office);
        mailbox.close();
        drop(resolver);
        assert!(office.lock().queries.is_empty());
        GATE.open();
        while office.lock().threads > 0 {
            thread::yield_now();
        }
        assert!(mailbox.take().is_empty());
    }
}
