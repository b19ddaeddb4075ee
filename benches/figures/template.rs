//! Files from templates: the text of a file at a point of its history.

use crate::chance::{below, mix, pick, seed};
use crate::words::{Unit, says, why};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A sort of file that every unit has.
#[derive(Debug)]
pub(crate) struct Form {
    /// Its path below the unit's folder, without number and ending.
    stem: &'static str,
    /// How many of it a unit has.
    pub(crate) files: usize,
    /// How many entities each holds at first.
    entities: usize,
    /// The word other forms refer to its entities by.
    word: &'static str,
    /// Whether history adds entities.
    pub(crate) grows: bool,
    head: &'static str,
    body: &'static str,
}

/// All forms of a text of sections, each begun by a line with `===`.
pub(crate) fn forms(text: &'static str) -> Result<Vec<Form>, String> {
    sections(text).map(|(title, body)| form(title, body)).collect()
}

/// The sections of a text: title and body.
pub(crate) fn sections(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.split("\n=== ").skip(1).filter_map(|section| section.split_once('\n'))
}

fn form(title: &'static str, text: &'static str) -> Result<Form, String> {
    let fault = || format!("the section `{title}` does not say what it is");
    let number = |word: &str| word.parse::<usize>().map_err(|_| fault());
    let (head, body) = text.split_once("\n\n").ok_or_else(fault)?;
    let words: Vec<&'static str> = title.split_whitespace().collect();
    let (&[stem, files, entities, word], grows) = (match words.split_last() {
        Some((&"grows", rest)) => (rest, true),
        _ => (words.as_slice(), false),
    }) else {
        return Err(fault());
    };
    Ok(Form { stem, files: number(files)?, entities: number(entities)?, word, grows, head, body })
}

/// A file of the model: where it comes from, and what history made of it.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) form: usize,
    unit: usize,
    number: usize,
    /// How often each of its choices was made anew.
    pub(crate) turns: BTreeMap<usize, u64>,
    /// Entities added by history.
    pub(crate) added: usize,
    /// Comments added by history.
    pub(crate) remarks: u64,
    /// Whether its keys are aligned.
    pub(crate) aligned: bool,
}

/// The units and forms together: everything files are made from.
#[derive(Debug)]
pub(crate) struct Templates {
    pub(crate) forms: Vec<Form>,
    pub(crate) units: Vec<Unit>,
}

/// A file's text, and how many choices were made for it.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) text: String,
    pub(crate) choices: usize,
}

impl Templates {
    /// The files as they are at first.
    pub(crate) fn files(&self) -> Vec<File> {
        let mut files = Vec::new();
        for (unit, of_unit) in self.units.iter().enumerate() {
            for (form, of_form) in self.forms.iter().enumerate() {
                for number in 0..of_form.files {
                    let folder = format!("units/{}/{}", of_unit.region, of_unit.line);
                    let number_in_name = match of_form.files {
                        1 => String::new(),
                        _ => format!("-{}", number + 1),
                    };
                    let path = format!("{folder}/{}{number_in_name}.toml", of_form.stem);
                    let turns = BTreeMap::new();
                    let (added, remarks, aligned) = (0, 0, false);
                    files.push(File { path, form, unit, number, turns, added, remarks, aligned });
                }
            }
        }
        files
    }

    /// A file's text.
    pub(crate) fn render(&self, file: &File) -> Result<Rendered, String> {
        let form = self.forms.get(file.form).ok_or("no such form")?;
        let unit = self.units.get(file.unit).ok_or("no such unit")?;
        let mut page = Page { templates: self, unit, form, file, entity: 0, choices: 0 };
        let mut text = page.fill(form.head)?;
        for remark in 0..file.remarks {
            let _ = write!(text, "\n# {}", says(mix(seed(&file.path), remark + 1000)));
        }
        text.push('\n');
        for entity in 0..form.entities + file.added {
            page.entity = entity;
            text.push('\n');
            text.push_str(page.fill(form.body)?.trim_end());
            text.push('\n');
        }
        let choices = page.choices;
        Ok(Rendered { text: if file.aligned { aligned(&text) } else { text }, choices })
    }

    fn form_of(&self, word: &str) -> Result<&Form, String> {
        let found = self.forms.iter().find(|form| form.word == word);
        found.ok_or_else(|| format!("no section is called `{word}`"))
    }
}

/// A file being written.
struct Page<'a> {
    templates: &'a Templates,
    unit: &'a Unit,
    form: &'a Form,
    file: &'a File,
    entity: usize,
    choices: usize,
}

impl Page<'_> {
    fn fill(&mut self, template: &str) -> Result<String, String> {
        let mut pieces = template.split("${");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once('}').ok_or("a `${` without `}`")?;
            text.push_str(&self.value(name)?);
            text.push_str(rest);
        }
        Ok(text)
    }

    fn value(&mut self, name: &str) -> Result<String, String> {
        let (name, argument) = name.split_once(':').unwrap_or((name, ""));
        Ok(match name {
            "u" => self.unit.id(),
            "f" => self.unit.id().replace('-', "_"),
            "U" => self.unit.title.clone(),
            "i" => numbered(self.file.number, self.entity),
            "own" => {
                let flat = self.file.number * self.form.entities + self.entity;
                nth(self.templates.form_of(argument)?, flat)
            }
            "any" => {
                let form = self.templates.form_of(argument)?;
                nth(form, below(self.choose(), form.files * form.entities))
            }
            "n" => stepped(argument, self.choose()).ok_or_else(|| format!("`n:{argument}`"))?,
            "one" => {
                let words: Vec<&str> = argument.split('|').collect();
                pick(&words, self.choose()).copied().unwrap_or_default().to_owned()
            }
            "set" => some_of(&argument.split('|').collect::<Vec<_>>(), self.choose()),
            "countries" => {
                let quoted: Vec<String> =
                    self.unit.countries.iter().map(|c| format!("'{c}'")).collect();
                some_of(&quoted.iter().map(String::as_str).collect::<Vec<_>>(), self.choose())
            }
            "says" => says(self.choose()),
            "why" => why(self.choose()),
            _ => return Err(format!("a template asks for `{name}`")),
        })
    }

    /// The next choice of the file, as history left it.
    fn choose(&mut self) -> u64 {
        let turns = self.file.turns.get(&self.choices).copied().unwrap_or(0);
        let first = mix(seed(&self.file.path), self.choices as u64);
        self.choices += 1;
        mix(first, turns)
    }
}

/// The number of an entity: the file's and its own, `21` for the first of the second file.
fn numbered(file: usize, entity: usize) -> String {
    format!("{}{}", file + 1, entity + 1)
}

/// The number of a form's entity, counted through its files; past the last it begins anew.
fn nth(form: &Form, flat: usize) -> String {
    let at = flat.checked_rem(form.files * form.entities).unwrap_or(0);
    numbered(at / form.entities.max(1), at % form.entities.max(1))
}

/// A number of `low:high:step`.
fn stepped(argument: &str, draw: u64) -> Option<String> {
    let bounds: Vec<u64> = argument.split(':').filter_map(|word| word.parse().ok()).collect();
    let &[low, high, step] = bounds.as_slice() else { return None };
    let steps = (high.checked_sub(low)?).checked_div(step)? + 1;
    Some((low + step * (draw % steps)).to_string())
}

/// At least one of several, in their order.
fn some_of(of: &[&str], draw: u64) -> String {
    let always = below(mix(draw, 1), of.len());
    let taken = |at: usize| at == always || mix(draw, at as u64 + 2).is_multiple_of(2);
    let words = of.iter().enumerate().filter(|(at, _)| taken(*at)).map(|(_, word)| *word);
    words.collect::<Vec<_>>().join(", ")
}

/// The same text with the `=` of neighbouring keys below each other, as some editors do it.
fn aligned(text: &str) -> String {
    let mut out = String::new();
    for paragraph in text.split_inclusive("\n\n") {
        let keys = paragraph.lines().filter_map(key).map(str::len);
        let width = keys.max().unwrap_or(0);
        for line in paragraph.lines() {
            match key(line).and_then(|key| Some((key, line.get(key.len()..)?))) {
                Some((key, rest)) => {
                    let _ = writeln!(out, "{key:width$}{rest}");
                }
                None => {
                    let _ = writeln!(out, "{line}");
                }
            }
        }
    }
    out
}

/// The key a line begins with.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(" = ")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    key.chars().all(plain).then_some(key)
}
