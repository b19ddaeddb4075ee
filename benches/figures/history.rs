//! The generated model and its history, as a stream that `git fast-import` reads.

use crate::chance::{Draws, mix, seed};
use crate::template::{File, Templates, sections};
use std::collections::BTreeSet;

/// How many commits follow the first.
pub(crate) const COMMITS: usize = 2_000;

/// How long a history is, and how it goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    /// How many commits follow the first.
    pub(crate) commits: usize,
    /// Seconds from one to the next.
    pub(crate) pace: u64,
    /// Whether every fourth stretch of three is written on a branch and merged.
    pub(crate) merges: bool,
}

/// The history that most figures are taken on.
pub(crate) const USUAL: Course = Course { commits: COMMITS, pace: 25_200, merges: false };

/// How many files the last commit changes.
pub(crate) const LAST: usize = 20;

/// 2024-01-01, the time of the first commit.
const BEGINNING: u64 = 1_704_067_200;

const AUTHORS: [&str; 6] =
    ["Ada Quill", "Bo Merrin", "Cy Tolland", "Di Hallow", "Eno Farrow", "Flo Garnet"];

/// Everything the stream is made of: files that stay as they are, and those with a history.
#[derive(Debug)]
pub(crate) struct History {
    templates: Templates,
    fixed: Vec<(String, String)>,
    files: Vec<File>,
    hot: Vec<usize>,
}

impl History {
    /// The model as it is at first; `fixed` are files outside the model's folder.
    pub(crate) fn new(
        templates: Templates,
        company: &'static str,
        mut fixed: Vec<(String, String)>,
    ) -> Self {
        for (path, text) in sections(company) {
            let path = format!("model/{path}");
            let text = format!("{}{}\n", directive(&path), text.trim_end());
            fixed.push((path, text));
        }
        let mut files = templates.files();
        for file in &mut files {
            file.path.insert_str(0, "model/");
        }
        let is_hot = |at: &usize| mix(seed("hot"), *at as u64).is_multiple_of(10);
        let hot = (0..files.len()).filter(is_hot).collect();
        Self { templates, fixed, files, hot }
    }

    /// The whole history, in the words of `git fast-import`, handed on piece by piece.
    pub(crate) fn stream(
        mut self,
        course: Course,
        write: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut piece = Vec::new();
        let when = |number: usize| BEGINNING + number as u64 * course.pace;
        commit(&mut piece, "main", 0, when(0), "The model as it was moved into Git");
        for (path, text) in &self.fixed {
            put(&mut piece, path, text);
        }
        for file in &self.files {
            put(&mut piece, &file.path, &self.text(file)?);
        }
        let mut branch: Vec<(String, String)> = Vec::new();
        for number in 1..=course.commits {
            let mut draws = Draws::new(mix(seed("commit"), number as u64));
            let size = if number == course.commits { LAST } else { size(&mut draws) };
            let changed = self.choose(size, &mut draws);
            let mut bodies = Vec::new();
            let mut done = BTreeSet::new();
            for at in changed {
                done.insert(self.edit(at, &mut draws)?);
                let Some(file) = self.files.get(at) else { continue };
                bodies.push((file.path.clone(), self.text(file)?));
            }
            let words = done.into_iter().collect::<Vec<_>>().join(", ");
            let words = format!("{} files: {words}", bodies.len());
            let aside = course.merges && number / STRETCH % 4 == 1 && number < course.commits;
            let onto = if aside { "aside" } else { "main" };
            if aside && branch.is_empty() && number % STRETCH == 0 {
                reset(&mut piece, "aside", "main");
            }
            commit(&mut piece, onto, number, when(number), &words);
            for (path, text) in &bodies {
                put(&mut piece, path, text);
            }
            if aside {
                branch.extend(bodies);
            }
            if aside && number % STRETCH == STRETCH - 1 {
                let words = format!("Merge pull request #{} from aside", number / STRETCH);
                commit(&mut piece, "main", number, when(number) + 60, &words);
                piece.extend_from_slice(b"merge refs/heads/aside\n");
                for (path, text) in std::mem::take(&mut branch) {
                    put(&mut piece, &path, &text);
                }
            }
            write(&piece)?;
            piece.clear();
        }
        Ok(())
    }

    fn text(&self, file: &File) -> Result<String, String> {
        Ok(format!("{}{}", directive(&file.path), self.templates.render(file)?.text))
    }

    /// Different files; a tenth of all takes half of the changes, as in grown models.
    fn choose(&self, size: usize, draws: &mut Draws) -> BTreeSet<usize> {
        let mut chosen = BTreeSet::new();
        while chosen.len() < size.min(self.files.len()) {
            let any = draws.below(self.files.len());
            let hot = self.hot.get(draws.below(self.hot.len())).copied();
            chosen.insert(if draws.below(2) == 0 { any } else { hot.unwrap_or(any) });
        }
        chosen
    }

    /// Changes one file, and says how.
    fn edit(&mut self, at: usize, draws: &mut Draws) -> Result<&'static str, String> {
        let file = self.files.get_mut(at).ok_or("no such file")?;
        let grows = self.templates.forms.get(file.form).is_some_and(|form| form.grows);
        match draws.below(10) {
            7 => {
                file.remarks += 1;
                Ok("a remark")
            }
            8 => {
                file.aligned = !file.aligned;
                Ok("form only")
            }
            9 if grows && file.added < 3 => {
                file.added += 1;
                Ok("something new")
            }
            _ => turn(&self.templates, file, draws),
        }
    }
}

/// Makes choices of a file anew, one at a time, until its text differs.
fn turn(templates: &Templates, file: &mut File, draws: &mut Draws) -> Result<&'static str, String> {
    let before = templates.render(file)?;
    for _ in 0..20 {
        *file.turns.entry(draws.below(before.choices)).or_default() += 1;
        if templates.render(file)?.text != before.text {
            return Ok("another value");
        }
    }
    Err(format!("`{}` cannot be changed", file.path))
}

/// How many files a commit changes: mostly one, at times many.
fn size(draws: &mut Draws) -> usize {
    match draws.below(20) {
        0..10 => 1,
        10..15 => 2 + draws.below(2),
        15..18 => 4 + draws.below(5),
        _ => 9 + draws.below(12),
    }
}

/// The line that tells editors and linters where the schema is.
fn directive(path: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    format!("#:schema {up}schemas/model.schema.json\n")
}

/// How many commits stand on a branch before it is merged.
const STRETCH: usize = 3;

fn commit(stream: &mut Vec<u8>, branch: &str, number: usize, when: u64, message: &str) {
    let name = AUTHORS.get(number % AUTHORS.len()).copied().unwrap_or("Ada Quill");
    let address = name.to_lowercase().replace(' ', ".");
    let who = format!("{name} <{address}@company.example> {when} +0000");
    let head = format!("commit refs/heads/{branch}\nauthor {who}\ncommitter {who}\n");
    stream.extend_from_slice(head.as_bytes());
    data(stream, message);
}

/// Lets a branch begin where another one is.
fn reset(stream: &mut Vec<u8>, branch: &str, from: &str) {
    let words = format!("reset refs/heads/{branch}\nfrom refs/heads/{from}\n\n");
    stream.extend_from_slice(words.as_bytes());
}

fn put(stream: &mut Vec<u8>, path: &str, text: &str) {
    stream.extend_from_slice(format!("M 100644 inline {path}\n").as_bytes());
    data(stream, text);
}

fn data(stream: &mut Vec<u8>, text: &str) {
    stream.extend_from_slice(format!("data {}\n{text}\n", text.len()).as_bytes());
}
