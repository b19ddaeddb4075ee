//! The queue of blocks: who is free takes the next, and nobody runs far ahead.

use super::blocks::{Block, Stream};
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The inputs, one after the other.
pub(super) struct Source<'i> {
    streams: Vec<Stream<'i>>,
    at: usize,
    given: u64,
    size: usize,
}

/// Where a block comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    /// The input, from zero.
    pub(super) input: usize,
    /// The number of the block among all blocks, from zero.
    pub(super) number: u64,
}

/// An input that could not be read on, with the block that would have come.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) ticket: Ticket,
    /// The line of the row that could not be read to its end, from one.
    pub(super) line: u64,
    pub(super) why: io::Error,
}

impl<'i> Source<'i> {
    /// Inputs to be read in blocks of about so many bytes.
    pub(super) fn new(streams: Vec<Stream<'i>>, size: usize) -> Self {
        Self { streams, at: 0, given: 0, size }
    }

    /// Reads the next block; none behind the last.
    ///
    /// # Errors
    /// Where an input cannot be read on; what comes next is of the input behind it.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<Option<Ticket>, Broken> {
        while let Some(stream) = self.streams.get_mut(self.at) {
            let ticket = Ticket { input: self.at, number: self.given };
            match stream.next(block, self.size) {
                Ok(true) => {
                    self.given += 1;
                    return Ok(Some(ticket));
                }
                Ok(false) => self.at += 1,
                Err(why) => {
                    let line = stream.line();
                    (self.at, self.given) = (self.at + 1, self.given + 1);
                    return Err(Broken { ticket, line, why });
                }
            }
        }
        Ok(None)
    }
}

/// A source that several threads read from.
pub(super) struct Queue<'i> {
    state: Mutex<State<'i>>,
    passed: Condvar,
    /// So many blocks may be read before the first of them is done with.
    ahead: u64,
    /// Whether the inputs behind one that breaks off are read too.
    past_breaks: bool,
}

struct State<'i> {
    source: Source<'i>,
    /// How many blocks are done with.
    passed: u64,
    /// How many threads wait until more are.
    waiting: usize,
    stopped: bool,
}

/// What there is to do for the thread that is done with blocks.
pub(super) enum Turn {
    /// A block, or an input that broke off where it would have come.
    Next(Result<Ticket, Broken>),
    /// Nothing before others are done with what they have.
    Wait,
    /// Nothing any more.
    End,
}

impl<'i> Queue<'i> {
    /// A queue of which so many blocks may be under way, and whether it goes past an input that
    /// breaks off.
    pub(super) fn new(source: Source<'i>, ahead: u64, past_breaks: bool) -> Self {
        let state = State { source, passed: 0, waiting: 0, stopped: false };
        Self { state: Mutex::new(state), passed: Condvar::new(), ahead, past_breaks }
    }

    /// Takes the next block; none behind the last, or once the queue has stopped.
    pub(super) fn next(&self, block: &mut Block) -> Option<Result<Ticket, Broken>> {
        let mut state = self.state();
        while !state.stopped && self.is_far_ahead(&state) {
            state.waiting += 1;
            state = self.passed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
        self.take(&mut state, block)
    }

    /// Says how many blocks are done with, and whether that is enough; takes the next without waiting.
    pub(super) fn pass(&self, blocks: u64, enough: bool, block: &mut Block) -> Turn {
        let mut state = self.state();
        state.stopped |= enough;
        if state.passed != blocks || enough {
            state.passed = blocks;
            self.wake(&state);
        }
        if !state.stopped && self.is_far_ahead(&state) {
            return Turn::Wait;
        }
        self.take(&mut state, block).map_or(Turn::End, Turn::Next)
    }

    fn is_far_ahead(&self, state: &State<'_>) -> bool {
        state.source.given >= state.passed + self.ahead
    }

    fn take(&self, state: &mut State<'_>, block: &mut Block) -> Option<Result<Ticket, Broken>> {
        if state.stopped {
            return None;
        }
        let next = state.source.next(block).transpose();
        state.stopped |= next.as_ref().is_none_or(|next| next.is_err() && !self.past_breaks);
        if state.stopped {
            self.wake(state);
        }
        next
    }

    /// Wakes those who wait, if any do.
    fn wake(&self, state: &State<'_>) {
        if state.waiting > 0 {
            self.passed.notify_all();
        }
    }

    fn state(&self) -> MutexGuard<'_, State<'i>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops the queue when a thread ends before its time, so that no other waits for what it took.
pub(super) struct Leaving<'q, 'i>(pub(super) &'q Queue<'i>);

impl Drop for Leaving<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut state = self.0.state();
            state.stopped = true;
            self.0.wake(&state);
        }
    }
}
