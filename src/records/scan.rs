//! The scan: every row of every input, put to the questions.

use super::blocks::{Block, SIZE, Stream};
use super::closing::Closing;
use super::engine::{List, Plan};
use super::field::Field;
use super::form::Form;
use super::input::{Opened, Origin, RecordsError};
use super::layout::{Layout, Meaning};
use super::questions::Questions;
use super::queue::{Broken, Leaving, Queue, Source, Ticket, Turn};
use super::reader::{Done, Reader};
use super::row::Row;
use std::collections::BTreeMap;
use std::sync::mpsc;

/// What was read, for every figure to say what it rests on.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// The inputs, in the order given.
    pub inputs: Vec<InputRead>,
    /// How many records.
    pub rows: u64,
    /// How many rows are no records, by their fault.
    pub rejected: u64,
    /// What was found in the cells of each field, by the field's place.
    pub counts: Vec<Count>,
}

/// What was read of one input.
#[derive(Debug, Clone)]
pub struct InputRead {
    /// What it is called.
    pub name: String,
    /// The columns.
    pub layout: Layout,
    /// How many records.
    pub rows: u64,
    /// How many rows are no records.
    pub rejected: u64,
    /// How many rows are a report's own words below the records, or hold nothing at all.
    pub footer: u64,
    /// The first of those that are a report's own words.
    pub closing: Vec<Reject>,
    /// Keys that no column is there for, because they first stand further down.
    pub late: Vec<LateKey>,
    /// Where it breaks off, where it does and what was read before is told nevertheless.
    pub broken: Option<Break>,
    /// The SHA-256 of its bytes as they are stored, in hexadecimal, where it was asked for.
    pub sha256: Option<String>,
    /// What it was before it became rows.
    pub origin: Origin,
}

/// Where an input breaks off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The line of the row that could not be read to its end, from one.
    pub line: u64,
    /// Why.
    pub why: String,
}

/// A key that no column is there for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateKey {
    /// The key.
    pub key: String,
    /// In how many records it stands.
    pub count: u64,
    /// The field it is.
    pub field: Option<String>,
}

/// What was found in the cells of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// How many cells hold a value.
    pub set: u64,
    /// How many cannot be read; they count as not set.
    pub unreadable: u64,
    /// One of those, as written, and what was wanted.
    pub sample: Option<(String, &'static str)>,
    /// Values of a choice that are not declared, and how often each stands there: the first thousand in
    /// the order of the alphabet.
    pub undeclared: BTreeMap<String, u64>,
    /// How often others stand there.
    pub more_undeclared: u64,
}

/// So many rows with a report's own words are shown.
const CLOSING: usize = 5;

/// So many values that are not declared are told apart, so that memory does not grow with the rows.
const MOST_UNDECLARED: usize = 1_000;

impl Count {
    /// Counts a value that is not declared. Which values are kept does not depend on the order in
    /// which they come: one that is left out has a thousand before it.
    pub(super) fn add(&mut self, value: &str, count: u64) {
        match self.undeclared.get_mut(value) {
            Some(known) => *known += count,
            None => {
                self.undeclared.insert(value.to_owned(), count);
            }
        }
        if self.undeclared.len() > MOST_UNDECLARED
            && let Some((_, count)) = self.undeclared.pop_last()
        {
            self.more_undeclared += count;
        }
    }

    /// Adds what was counted elsewhere, but for its sample.
    fn join(&mut self, other: &Self) {
        self.set += other.set;
        self.unreadable += other.unreadable;
        self.more_undeclared += other.more_undeclared;
        other.undeclared.iter().for_each(|(value, count)| self.add(value, *count));
    }
}

/// A row that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The input, from zero.
    pub input: usize,
    /// The line it starts on, from one.
    pub line: u64,
    /// Why it is no record.
    pub why: String,
    /// What is written.
    pub cells: Vec<String>,
}

/// What all threads know.
pub(super) struct Inquiry<'q> {
    pub(super) questions: &'q Questions<'q>,
    pub(super) plan: Plan,
    /// The rules of each routing table.
    pub(super) lists: Vec<List>,
    pub(super) inputs: Vec<Head>,
}

/// What is known of an input beside its rows.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) layout: Layout,
    pub(super) form: Form,
    pub(super) separator: u8,
    pub(super) origin: Origin,
}

/// How inputs are gone through.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// On how many threads.
    pub(super) threads: usize,
    /// In blocks of about how many bytes.
    pub(super) size: usize,
    /// Whether an input that breaks off is told of instead of ending everything.
    pub(super) past_breaks: bool,
}

impl Pace {
    /// On so many threads.
    pub fn of(threads: usize) -> Self {
        Self { threads, size: SIZE, past_breaks: false }
    }

    /// Telling of an input that breaks off instead of ending with it.
    pub(super) fn past_breaks(self) -> Self {
        Self { past_breaks: true, ..self }
    }
}

/// Puts every row of some inputs to questions. The rows of a block are taken into a part of their own;
/// the parts are handed back in the order of the rows.
///
/// # Errors
/// Where an input cannot be read on, or a part cannot be taken.
pub fn scan<T: Send, E: From<RecordsError>>(
    inputs: Vec<Opened<'_>>,
    questions: &Questions<'_>,
    Pace { threads, size, past_breaks }: Pace,
    fresh: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, &Row<'_>) + Sync,
    mut each: impl FnMut(T, Vec<Reject>) -> Result<(), E>,
) -> Result<Read, E> {
    let (heads, streams): (Vec<Head>, Vec<Stream<'_>>) = inputs.into_iter().map(apart).unzip();
    let lists: Vec<_> = questions.tables.iter().map(|table| table.conditions.clone()).collect();
    let (tests, fields) = (questions.tests(), questions.fields.len());
    let (plan, lists) = Plan::new(tests, &questions.conditions, &lists, fields);
    let inquiry = Inquiry { questions, plan, lists, inputs: heads };
    let mut told = Told { past_breaks, ..Told::new(&inquiry) };
    let mut source = Source::new(streams, size);
    let answer = |reader: &mut Reader<'_>, block: &Block, ticket: Ticket| {
        let mut part = fresh();
        let done = reader.read(block, ticket, |row| take(&mut part, row));
        (part, done)
    };
    if threads <= 1 {
        let (mut reader, mut block) = (Reader::new(&inquiry), Block::default());
        while let Some(next) = source.next(&mut block).transpose() {
            match next {
                Ok(ticket) => {
                    let (part, done) = answer(&mut reader, &block, ticket);
                    each(part, told.add(done))?;
                }
                Err(broken) => told.broke(broken)?,
            }
        }
        told.join(reader);
    } else {
        let queue = Queue::new(source, 2 * threads as u64, past_breaks);
        let work = |sender: mpsc::Sender<_>| {
            let (mut reader, mut block) = (Reader::new(&inquiry), Block::default());
            let _leaving = Leaving(&queue);
            while let Some(next) = queue.next(&mut block) {
                if sender.send(told_of(next, |ticket| answer(&mut reader, &block, ticket))).is_err()
                {
                    break;
                }
            }
            reader
        };
        std::thread::scope(|scope| {
            let (sender, parts) = mpsc::channel();
            let work = &work;
            let workers: Vec<_> = (1..threads)
                .map(|_| sender.clone())
                .map(|sender| scope.spawn(move || work(sender)))
                .collect();
            drop(sender);
            let _leaving = Leaving(&queue);
            let (mut reader, mut block) = (Reader::new(&inquiry), Block::default());
            let mut in_order = InOrder::new(|done| match done {
                Ok((part, done)) => each(part, told.add(done)),
                Err(broken) => Ok(told.broke(broken)?),
            });
            // This thread reads blocks as well: whom it hands them on to is itself.
            loop {
                for done in parts.try_iter() {
                    in_order.add(done);
                }
                match queue.pass(in_order.next, in_order.result.is_err(), &mut block) {
                    Turn::Next(next) => {
                        in_order.add(told_of(next, |ticket| answer(&mut reader, &block, ticket)));
                    }
                    Turn::Wait => match parts.recv() {
                        Ok(done) => in_order.add(done),
                        Err(_) => break,
                    },
                    Turn::End => break,
                }
            }
            for done in &parts {
                in_order.add(done);
            }
            let result = in_order.result;
            told.join(reader);
            for worker in workers {
                match worker.join() {
                    Ok(reader) => told.join(reader),
                    Err(fault) => std::panic::resume_unwind(fault),
                }
            }
            result
        })?;
    }
    let rejects = told.end(questions.fields);
    if !rejects.is_empty() {
        each(fresh(), rejects)?;
    }
    Ok(told.read)
}

/// What came of a block, with its number.
type Answered<T> = (u64, Result<T, Broken>);

fn told_of<T>(next: Result<Ticket, Broken>, answer: impl FnOnce(Ticket) -> T) -> Answered<T> {
    match next {
        Ok(ticket) => (ticket.number, Ok(answer(ticket))),
        Err(broken) => (broken.ticket.number, Err(broken)),
    }
}

/// Hands on what came of blocks, in their order.
struct InOrder<T, E, F> {
    waiting: BTreeMap<u64, Result<T, Broken>>,
    /// The number of the block that is handed on next.
    next: u64,
    result: Result<(), E>,
    each: F,
}

impl<T, E, F: FnMut(Result<T, Broken>) -> Result<(), E>> InOrder<T, E, F> {
    fn new(each: F) -> Self {
        Self { waiting: BTreeMap::new(), next: 0, result: Ok(()), each }
    }

    fn add(&mut self, (number, answered): Answered<T>) {
        self.waiting.insert(number, answered);
        while let Some(answered) = self.waiting.remove(&self.next) {
            if self.result.is_ok() {
                self.result = (self.each)(answered);
            }
            self.next += 1;
        }
    }
}

/// What an input is, and its rows.
fn apart(input: Opened<'_>) -> (Head, Stream<'_>) {
    let Opened { name, layout, form, separator, line, rows, origin } = input;
    (Head { name, layout, form, separator, origin }, Stream::new(separator, rows, line))
}

/// What was read, as it adds up.
struct Told {
    read: Read,
    /// The block in which the sample of each field stands.
    sampled: Vec<u64>,
    /// The input whose footer is still to come, and its last rows.
    at: usize,
    closing: Closing,
    past_breaks: bool,
}

impl Told {
    fn new(inquiry: &Inquiry<'_>) -> Self {
        let inputs = inquiry.inputs.iter().map(|input| InputRead {
            name: input.name.clone(),
            layout: input.layout.clone(),
            rows: 0,
            rejected: 0,
            footer: 0,
            closing: Vec::new(),
            late: Vec::new(),
            broken: None,
            sha256: None,
            origin: input.origin.clone(),
        });
        let counts = vec![Count::default(); inquiry.questions.fields.len()];
        let sampled = vec![u64::MAX; counts.len()];
        let read = Read { inputs: inputs.collect(), counts, ..Read::default() };
        Self { read, sampled, at: 0, closing: Closing::default(), past_breaks: false }
    }

    /// Adds a block; gives the rows that are surely no records.
    fn add(&mut self, done: Done) -> Vec<Reject> {
        let mut rejects = self.close(done.input);
        let own = self.closing.block(done.rejects, done.last);
        self.read.rows += done.rows;
        if let Some(input) = self.read.inputs.get_mut(done.input) {
            input.rows += done.rows;
            input.footer += done.blank;
        }
        self.reject(done.input, own, &mut rejects);
        rejects
    }

    /// Ends every input before one: what stands below the records there is told now.
    fn close(&mut self, next: usize) -> Vec<Reject> {
        let mut rejects = Vec::new();
        if self.at < next {
            let (own, footer) = self.closing.end();
            if let Some(input) = self.read.inputs.get_mut(self.at) {
                input.footer += footer.len() as u64;
                let written = |row: &Reject| row.cells.iter().any(|cell| !cell.trim().is_empty());
                input.closing.extend(footer.into_iter().filter(written).take(CLOSING));
            }
            self.reject(self.at, own, &mut rejects);
            self.at = next;
        }
        rejects
    }

    fn reject(&mut self, input: usize, rejects: Vec<Reject>, all: &mut Vec<Reject>) {
        let count = rejects.len() as u64;
        self.read.rejected += count;
        self.read.inputs.get_mut(input).into_iter().for_each(|input| input.rejected += count);
        all.extend(rejects);
    }

    /// Ends all inputs.
    fn end(&mut self, fields: &[Field]) -> Vec<Reject> {
        let rejects = self.close(self.read.inputs.len());
        for input in &mut self.read.inputs {
            input.late = late(input, fields);
            // Nobody knows whether all that is stored of a file that breaks off was read.
            input.sha256 = input.origin.digest.hex().filter(|_| input.broken.is_none());
        }
        rejects
    }

    /// Says where an input could not be read on, or keeps it in mind.
    fn broke(&mut self, Broken { ticket, line, why: source }: Broken) -> Result<(), RecordsError> {
        let Some(input) = self.read.inputs.get_mut(ticket.input) else { return Ok(()) };
        if !self.past_breaks {
            let (input, rows) = (input.name.clone(), input.rows);
            return Err(RecordsError::Stopped { input, rows, source });
        }
        input.broken = Some(Break { line, why: source.to_string() });
        Ok(())
    }

    /// Adds what a reader has counted.
    fn join(&mut self, reader: Reader<'_>) {
        let own = self.read.counts.iter_mut().zip(&mut self.sampled);
        for ((count, sampled), counted) in own.zip(reader.counted()) {
            let Some((block, counted)) = counted else { continue };
            count.join(&counted);
            if counted.sample.is_some() && block < *sampled {
                *sampled = block;
                count.sample = counted.sample;
            }
        }
    }
}

/// What the keys are for which there is no column.
fn late(input: &InputRead, fields: &[Field]) -> Vec<LateKey> {
    let (keys, counts): (Vec<String>, Vec<u64>) = input.origin.late.keys().into_iter().unzip();
    let system = match input.layout.systems.as_slice() {
        [only] => Some(only.as_str()),
        _ => None,
    };
    let columns = Layout::recognising(keys.clone(), fields, system).columns;
    let field = |at: usize| match columns.get(at).map(|column| &column.meaning) {
        Some(Meaning::Field(field, _)) => fields.get(*field).map(|field| field.path.clone()),
        _ => None,
    };
    let each = keys.into_iter().zip(counts).zip(&columns).enumerate();
    let each = each.map(|(at, ((key, count), column))| {
        let at = if let Meaning::Again(earlier) = column.meaning { earlier } else { at };
        LateKey { key, count, field: field(at) }
    });
    each.collect()
}
