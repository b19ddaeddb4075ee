//! Many jobs shared out among threads, in the order they come: whoever works keeps what was learned for
//! the next job, so that neighbours are best looked at by one.

use super::workspace::HistoryError;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// More threads than this wait for each other.
const MOST_THREADS: usize = 8;

/// Somebody who does one job after another.
pub type Worker<J, A> = Box<dyn FnMut(J) -> A + Send>;

/// Workers, each on a thread of its own as long as the crew is together; the first works where it is
/// asked.
pub struct Crew<'h, J, A> {
    hire: Box<dyn Fn() -> Result<Worker<J, A>, HistoryError> + 'h>,
    first: Option<Worker<J, A>>,
    hands: Vec<Hand<J, A>>,
}

/// A worker on a thread.
struct Hand<J, A> {
    jobs: Option<Sender<Vec<J>>>,
    answers: Receiver<Vec<A>>,
    thread: Option<JoinHandle<()>>,
}

impl<'h, J: Send + 'static, A: Send + 'static> Crew<'h, J, A> {
    /// A crew whose workers are made as they are needed.
    pub fn new(hire: impl Fn() -> Result<Worker<J, A>, HistoryError> + 'h) -> Self {
        Self { hire: Box::new(hire), first: None, hands: Vec::new() }
    }

    /// Does all jobs, and gives the answers in their order; fewer than `worth` are not worth another
    /// thread.
    ///
    /// # Errors
    /// A worker that is needed cannot be made.
    pub fn each(&mut self, jobs: Vec<J>, worth: usize) -> Result<Vec<A>, HistoryError> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = (jobs.len() / worth.max(1)).clamp(1, cores.min(MOST_THREADS));
        let stretch = jobs.len().div_ceil(threads);
        let mut first = match self.first.take() {
            Some(first) => first,
            None => (self.hire)()?,
        };
        while self.hands.len() + 1 < threads {
            self.hands.push(Hand::of((self.hire)()?));
        }
        let mut jobs = jobs.into_iter();
        let own: Vec<J> = jobs.by_ref().take(stretch).collect();
        let mut busy = Vec::new();
        for hand in &mut self.hands {
            let share: Vec<J> = jobs.by_ref().take(stretch).collect();
            if !share.is_empty() {
                hand.take(share);
                busy.push(hand);
            }
        }
        let mut answers: Vec<A> = own.into_iter().map(&mut first).collect();
        for hand in busy {
            answers.extend(hand.give());
        }
        self.first = Some(first);
        Ok(answers)
    }
}

impl<J: Send + 'static, A: Send + 'static> Hand<J, A> {
    fn of(mut worker: Worker<J, A>) -> Self {
        let (jobs, open) = channel::<Vec<J>>();
        let (done, answers) = channel();
        let thread = std::thread::spawn(move || {
            while let Ok(jobs) = open.recv() {
                let found: Vec<A> = jobs.into_iter().map(&mut worker).collect();
                if done.send(found).is_err() {
                    break;
                }
            }
        });
        Self { jobs: Some(jobs), answers, thread: Some(thread) }
    }

    fn take(&mut self, share: Vec<J>) {
        if let Some(jobs) = &self.jobs {
            // A thread that is gone is met where its answers are.
            let _ = jobs.send(share);
        }
    }

    fn give(&mut self) -> Vec<A> {
        if let Ok(answers) = self.answers.recv() {
            return answers;
        }
        self.jobs = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            _ => Vec::new(),
        }
    }
}

impl<J, A> Drop for Hand<J, A> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crew() -> Crew<'static, usize, (usize, usize)> {
        Crew::new(|| {
            let mut done = 0;
            Ok(Box::new(move |job| {
                done += 1;
                assert_ne!(job, 77_777, "a job that breaks");
                (job, done)
            }))
        })
    }

    #[test]
    fn answers_come_in_order_and_workers_remember() {
        let mut crew = crew();
        for round in 1..4 {
            let answers = crew.each((0..1000).collect(), 10).unwrap();
            assert_eq!(
                answers.iter().map(|(job, _)| *job).collect::<Vec<_>>(),
                (0..1000).collect::<Vec<_>>()
            );
            let last = answers.last().unwrap().1;
            assert_eq!(last % round, 0, "each did as much in every round");
        }
        assert_eq!(crew.each(Vec::new(), 10).unwrap(), Vec::new());
        assert_eq!(crew.each(vec![5], 10).unwrap().len(), 1);
    }

    #[test]
    #[should_panic(expected = "a job that breaks")]
    fn a_thread_that_breaks_is_no_empty_answer() {
        let mut jobs: Vec<usize> = (0..1000).collect();
        jobs.push(77_777);
        let _ = crew().each(jobs, 10);
    }
}
