//! What other threads leave for the loop: calls of thread-safe handles, the resolver's answers and the rings of
//! executors' workers. Posting wakes a loop that sleeps; what one thread posts arrives in the order it posted.

use crate::resolver::{Answer, LookUpError};
use mio::Waker;
use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One message.
#[derive(Debug)]
pub enum Post {
    /// A thread-safe handle was called with these (serialized) arguments.
    Call { handle: u32, payload: Vec<u8> },
    /// The resolver has answered a request; the look-up itself took that many seconds.
    Resolved { request: u32, seconds: f64, answer: Result<Answer, LookUpError> },
    /// A worker of an executor has left an answer, or has ended.
    Rung { bell: u32, ringer: u32, ended: bool },
}

/// The loop is closed; nothing can be posted to it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the loop is closed")]
pub struct Closed;

#[derive(Debug, Default)]
struct Content {
    posts: VecDeque<Post>,
    closed: bool,
}

/// The loop's mailbox; shared by every thread that has a handle of it.
#[derive(Debug)]
pub struct Mailbox {
    content: Mutex<Content>,
    /// Set while posts wait, so that a burst of them wakes the loop once.
    pending: AtomicBool,
    waker: Waker,
}

impl Mailbox {
    /// A mailbox that wakes by `waker`.
    #[must_use]
    pub fn new(waker: Waker) -> Self {
        Self { content: Mutex::default(), pending: AtomicBool::new(false), waker }
    }

    /// Leaves `post` and wakes the loop.
    ///
    /// # Errors
    /// `Closed` when the loop has been closed.
    pub fn post(&self, post: Post) -> Result<(), Closed> {
        let mut content = self.lock();
        if content.closed {
            return Err(Closed);
        }
        content.posts.push_back(post);
        // Under the lock, so that `take` can't clear the flag between the push and here.
        if !self.pending.swap(true, Ordering::AcqRel)
            && let Err(error) = self.waker.wake()
        {
            // An eventfd's counter can't overflow from one write a turn; without a wake the post would
            // still be seen at the loop's next turn.
            debug_assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        }
        Ok(())
    }

    /// Whether something waits. Cheap: no lock.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.pending.load(Ordering::Acquire)
    }

    /// Takes everything that waits.
    pub fn take(&self) -> VecDeque<Post> {
        let mut content = self.lock();
        self.pending.store(false, Ordering::Release);
        std::mem::take(&mut content.posts)
    }

    /// Refuses all further posts and drops those that wait.
    pub fn close(&self) {
        let mut content = self.lock();
        content.closed = true;
        content.posts.clear();
    }

    // A panic can't happen while the lock is held; if one ever did, the queue itself would still be sound.
    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mio::{Events, Poll, Token};
    use std::sync::Arc;
    use std::thread;

    fn call(handle: u32) -> Post {
        Post::Call { handle, payload: Vec::new() }
    }

    #[test]
    fn a_post_from_another_thread_wakes_a_sleeping_poll() {
        let mut poll = Poll::new().unwrap();
        let mailbox = Arc::new(Mailbox::new(Waker::new(poll.registry(), Token(9)).unwrap()));
        let theirs = Arc::clone(&mailbox);
        let thread = thread::spawn(move || theirs.post(call(1)));
        let mut events = Events::with_capacity(4);
        poll.poll(&mut events, None).unwrap();
        thread.join().unwrap().unwrap();
        assert!(events.iter().any(|event| event.token() == Token(9)));
        assert_eq!(mailbox.take().len(), 1);
        assert!(!mailbox.is_pending());
    }

    #[test]
    fn each_thread_is_heard_in_its_own_order() {
        let poll = Poll::new().unwrap();
        let mailbox = Arc::new(Mailbox::new(Waker::new(poll.registry(), Token(0)).unwrap()));
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let mailbox = Arc::clone(&mailbox);
                thread::spawn(move || {
                    for n in 0..1000 {
                        mailbox.post(call(thread * 1000 + n)).unwrap();
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        let mut last = [None; 4];
        for post in mailbox.take() {
            let Post::Call { handle, .. } = post else { panic!("only calls were posted") };
            let thread = (handle / 1000) as usize;
            assert!(last[thread] < Some(handle));
            last[thread] = Some(handle);
        }
        assert_eq!(last, [Some(999), Some(1999), Some(2999), Some(3999)]);
    }

    #[test]
    fn a_closed_mailbox_takes_nothing() {
        let poll = Poll::new().unwrap();
        let mailbox = Mailbox::new(Waker::new(poll.registry(), Token(0)).unwrap());
        mailbox.post(call(1)).unwrap();
        mailbox.close();
        assert_eq!(mailbox.post(call(2)), Err(Closed));
        assert!(mailbox.take().is_empty());
    }
}
