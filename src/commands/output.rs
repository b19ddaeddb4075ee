//! Where results go: the form on standard output, and further forms into files of one run.
//!
//! A result that does not fit into memory goes into a [`Draft`], bit by bit.

use super::one_file::{is_one_file, is_read_from};
use super::{Failure, Session};
use crate::finding::did_you_mean;
use crate::report::TextOptions;
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufWriter, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The forms a command has: each command declares its own.
pub(super) trait Form: ValueEnum + Copy + Send + Sync + 'static {}

impl<F: ValueEnum + Copy + Send + Sync + 'static> Form for F {}

/// The forms of a result that were asked for.
#[derive(Debug, Clone, Args)]
pub(super) struct Forms<F: Form> {
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: F,
    /// Write the result into a file too, in a form of its own; may be given several times.
    #[arg(long, value_name = "FORMAT=PATH", value_parser = parse::<F>)]
    pub(super) output: Vec<Output<F>>,
}

/// A form and the file it goes to.
#[derive(Debug, Clone)]
pub(super) struct Output<F> {
    format: F,
    path: PathBuf,
}

/// `markdown=comment.md`.
fn parse<F: Form>(text: &str) -> Result<Output<F>, String> {
    let Some((name, path)) = text.split_once('=') else {
        return Err("write the form and the file, such as `json=result.json`".to_owned());
    };
    let format = F::from_str(name, false).map_err(|_| unknown::<F>(name))?;
    if path.is_empty() {
        return Err(format!("name a file behind `{name}=`"));
    }
    if path == "-" {
        return Err(format!(
            "for standard output write `--format {name}`; a file of that name is `{name}=./-`"
        ));
    }
    Ok(Output { format, path: PathBuf::from(path) })
}

fn unknown<F: Form>(name: &str) -> String {
    let values = F::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let names: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
    match did_you_mean(name, names.iter().map(String::as_str)) {
        Some(near) => format!("there is no form `{name}`; did you mean `{near}`?"),
        None => format!("there is no form `{name}`; there are {}", names.join(", ")),
    }
}

impl<F: Form> Forms<F> {
    /// Takes out the files of some forms: they are written otherwise.
    pub(super) fn take(&mut self, wanted: impl Fn(F) -> bool) -> Vec<(F, PathBuf)> {
        let (taken, kept) =
            std::mem::take(&mut self.output).into_iter().partition(|output| wanted(output.format));
        self.output = kept;
        let taken: Vec<Output<F>> = taken;
        taken.into_iter().map(|output| (output.format, output.path)).collect()
    }

    /// Refuses that a result takes the place of what is read for it: of one of some files, where `-` is
    /// standard input, or of what a model may consist of; and that two results go to one file.
    pub(super) fn refuse(&self, directory: &Path, read: &[String]) -> Result<(), Failure> {
        for output in &self.output {
            let (shown, path) = (output.path.display(), directory.join(&output.path));
            let is_it = |name: &&String| match name.as_str() {
                "-" => is_read_from(&path),
                name => is_one_file(&path, &directory.join(name)),
            };
            if read.iter().any(|name| is_it(&name)) {
                let message = format!("the result would overwrite `{shown}`, which is read for it");
                return Err(Failure::usage(message, "name another file for the result"));
            }
            if path.extension().is_some_and(|it| it == "toml") && path.is_file() {
                let message = format!(
                    "the result would overwrite `{shown}`, which is a TOML file, as models are"
                );
                return Err(Failure::usage(message, "name another file for the result"));
            }
        }
        self.refuse_the_same(directory)
    }

    /// Refuses that two results go to one file.
    fn refuse_the_same(&self, directory: &Path) -> Result<(), Failure> {
        let mut written = BTreeSet::new();
        for output in &self.output {
            if !written.insert(directory.join(&output.path)) {
                let message = format!("two results cannot go to `{}`", output.path.display());
                return Err(Failure::usage(message, "name another file for one of them"));
            }
        }
        Ok(())
    }
}

impl Session<'_> {
    /// Writes a result in all forms that were asked for: into files first, so that they are there
    /// even when nobody reads standard output. What goes to files has no colours and one width.
    pub(super) fn deliver<F: Form>(
        &mut self,
        forms: &Forms<F>,
        render: impl Fn(F, TextOptions) -> String,
    ) -> Result<(), Failure> {
        let files = self.deliver_files(forms, &render);
        if let Err(Failure::Usage { .. }) = files {
            return files;
        }
        // What one file cannot hold is shown nevertheless: it may have taken long to find.
        let text = render(forms.format, self.text_options());
        self.write(&text)?;
        files
    }

    /// Has no result: what an earlier run wrote into the files is not one of this run.
    pub(super) fn deliver_nothing<F: Form>(&mut self, forms: &Forms<F>) -> Result<(), Failure> {
        for output in &forms.output {
            let path = self.directory().join(&output.path);
            if path.is_file() {
                fs::remove_file(&path).map_err(|error| Failure::disk("remove", &path, error))?;
            }
        }
        Ok(())
    }

    /// Writes a result into files, in all forms that were asked for.
    pub(super) fn deliver_files<F: Form>(
        &mut self,
        forms: &Forms<F>,
        render: impl Fn(F, TextOptions) -> String,
    ) -> Result<(), Failure> {
        let directory = self.directory();
        forms.refuse(&directory, &[])?;
        let mut failed = None;
        for output in &forms.output {
            let text = render(output.format, TextOptions::default());
            let written = write_file(&directory.join(&output.path), &text);
            match (&failed, written) {
                (_, Ok(())) => {}
                (None, Err(first)) => failed = Some(first),
                (Some(_), Err(further)) => self.note(further.message()),
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

/// Writes a file whole or not at all: whoever reads it meanwhile sees what was there before.
pub(super) fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    let mut draft = Draft::of(path)?;
    draft.write(text)?;
    draft.finish()
}

/// A file that is there when it is whole, and not before.
pub(super) struct Draft {
    /// The file, as it is called.
    path: PathBuf,
    /// The file it takes the place of.
    place: PathBuf,
    /// The file it is written into until it is whole; none for a pipe or a device, which cannot be
    /// replaced by a file.
    until_then: Option<PathBuf>,
    known: Option<fs::Metadata>,
    file: BufWriter<fs::File>,
}

impl Draft {
    /// Begins a file.
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::disk("write", path, error);
        // A link stays a link; what it points at is written.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let known = fs::metadata(&place).ok();
        if known.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(Failure::World {
                message: format!("`{}` is a folder, and a file is wanted", path.display()),
                help: Some("name a file in it".to_owned()),
            });
        }
        let path = path.to_path_buf();
        if known.as_ref().is_some_and(|known| !known.is_file()) {
            let file = fs::OpenOptions::new().write(true).open(&place).map_err(failed)?;
            let file = BufWriter::new(file);
            return Ok(Self { path, place, until_then: None, known: None, file });
        }
        let folder = place.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Failure::World {
                message: format!("cannot write `{}`: its folder does not exist", path.display()),
                help: Some(format!("make the folder `{}` first", folder.display())),
            });
        }
        let (draft, file) = drafted(folder, &place).map_err(failed)?;
        Ok(Self { path, place, until_then: Some(draft), known, file: BufWriter::new(file) })
    }

    /// Adds to it.
    pub(super) fn write(&mut self, text: &str) -> Result<(), Failure> {
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|error| Failure::disk("write", &self.path, error))
    }

    /// Puts it in its place, now that it is whole.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.put().map_err(|error| Failure::disk("write", &self.path, error))
    }

    fn put(&mut self) -> std::io::Result<()> {
        self.file.flush()?;
        let Some(draft) = self.until_then.take() else { return Ok(()) };
        let put = || {
            self.file.get_ref().sync_all()?;
            if let Some(known) = &self.known {
                fs::set_permissions(&draft, known.permissions())?;
            }
            fs::rename(&draft, &self.place)
        };
        put().inspect_err(|_| {
            let _ = fs::remove_file(&draft);
        })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(draft) = &self.until_then {
            let _ = fs::remove_file(draft);
        }
    }
}

/// A new file of its own, in the folder it will stay in.
fn drafted(folder: &Path, place: &Path) -> std::io::Result<(PathBuf, fs::File)> {
    const TRIES: u32 = 100;
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    for attempt in 0..TRIES {
        let draft = folder.join(format!(".{name}.{}-{attempt}", std::process::id()));
        match fs::OpenOptions::new().write(true).create_new(true).open(&draft) {
            Ok(file) => return Ok((draft, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
