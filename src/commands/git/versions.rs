//! Two versions of a file as Git hands them over: by meaning where both can be read, else by line.

use super::conflict::Conflict;
use super::setup;
use crate::commands::{Failure, Session};
use crate::criteria::midnight;
use crate::document::Limits;
use crate::git::{Repository, work_files};
use crate::history::{Pair, unreadable};
use crate::load;
use crate::model::Model;
use crate::proof::{DEFAULT_BUDGET, Prover};
use crate::report::{Block, Line, Page, Style, line_difference, shown};
use crate::source::{RawContent, RawFile};
use crate::view::{changes_page_unjudged, entity_text};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// What Git says of one version.
struct Version<'a> {
    path: &'a Path,
    file: &'a Path,
    mode: &'a Path,
}

/// What Git calls for `git diff`. It always succeeds: where it does not, Git stops the whole
/// difference.
pub(super) fn difference(session: &mut Session<'_>, arguments: &[PathBuf]) -> Result<u8, Failure> {
    let page = match arguments {
        [path] => unmerged(path),
        [path, old, _, old_mode, new, _, new_mode, rest @ ..] => {
            let directory = session.directory();
            let other = rest.first().unwrap_or(path);
            let before = Version { path, file: &directory.join(old), mode: old_mode };
            let after = Version { path: other, file: &directory.join(new), mode: new_mode };
            let beside = beside(session, [path, other]);
            compared(&before, &after, beside)
        }
        _ => {
            let message = "Git hands over a path, or a path and two versions of the file";
            let help = "see `opmodel git install`, which lets `git diff` call this";
            return Err(Failure::usage(message, help));
        }
    };
    session.page(&page)?;
    // One call is one file of many.
    session.write("\n")?;
    Ok(0)
}

fn unmerged(path: &Path) -> Page {
    let mut page = Page::default();
    let line = Line::new().strong(path.display().to_string());
    page.push(Block::Paragraph(line.with(Style::Warn, ": a merge left it in conflict")));
    page
}

/// The rest of the model that some files belong to, and who compares criteria beside it.
struct Beside {
    files: Vec<RawFile>,
    prover: Prover,
}

/// The other files of the model as they are on disk, where these belong to one that `git install`
/// set up.
fn beside(session: &Session<'_>, paths: [&PathBuf; 2]) -> Option<Beside> {
    let paths = paths.map(|path| path.to_string_lossy().replace('\\', "/"));
    let directory = session.directory();
    let repository = Repository::discover(&directory).ok()??;
    let folder = setup::model_of(&repository, &paths[1])?;
    let root = repository.work_dir()?.to_path_buf();
    let mut files = work_files(&root, &folder, Limits::default().file_bytes).ok()?;
    files.retain(|file| !paths.contains(&file.path));
    let as_of = midnight(session.surroundings.today());
    Some(Beside { files, prover: Prover { as_of, budget: DEFAULT_BUDGET } })
}

fn compared(before: &Version<'_>, after: &Version<'_>, beside: Option<Beside>) -> Page {
    let mut page = Page::default();
    page.push(Block::Paragraph(head(before, after)));
    let limits = Limits::default();
    let (old, new) = (read(before, limits), read(after, limits));
    match by_meaning(old.clone(), new.clone(), beside, limits) {
        Ok(meaning) => page.extend(meaning),
        Err(why) => {
            let note = format!("shown line by line: {why}");
            page.push(Block::Paragraph(Line::new().with(Style::Warn, note)));
            let lines = line_difference(&written(old.as_ref()), &written(new.as_ref()));
            page.push(Block::Difference(0, lines));
        }
    }
    page
}

fn head(before: &Version<'_>, after: &Version<'_>) -> Line {
    let name = |path: &Path| path.display().to_string();
    let mut line = Line::new().strong(name(after.path));
    if before.path != after.path {
        line = line.plain(format!(", before {}", name(before.path)));
    }
    let none = |mode: &Path| mode == Path::new(".");
    if before.mode != after.mode && !none(before.mode) && !none(after.mode) {
        let (old, new) = (before.mode.display(), after.mode.display());
        line = line.plain(format!(", mode {old} → {new}"));
    }
    line
}

/// The version of a file; none where there is none.
fn read(version: &Version<'_>, limits: Limits) -> Option<RawFile> {
    // Git names no file for what is new or gone.
    if version.mode == Path::new(".") || version.file == Path::new("/dev/null") {
        return None;
    }
    let content = content(version.file, limits.file_bytes)
        .unwrap_or_else(|error| RawContent::Unreadable(error.to_string()));
    Some(RawFile { path: version.path.to_string_lossy().replace('\\', "/"), content })
}

fn content(place: &Path, limit: u64) -> std::io::Result<RawContent> {
    if let Ok(target) = fs::read_link(place) {
        return Ok(RawContent::Symlink(target.to_string_lossy().into_owned()));
    }
    let file = fs::File::open(place)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Ok(RawContent::TooLarge(size));
    }
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(RawContent::Bytes(bytes))
}

/// What changed in meaning; why that cannot be said.
fn by_meaning(
    before: Option<RawFile>,
    after: Option<RawFile>,
    beside: Option<Beside>,
    limits: Limits,
) -> Result<Page, String> {
    for file in before.iter().chain(&after) {
        readable(file, limits)?;
    }
    let (before, after) = (before.into_iter().collect(), after.into_iter().collect());
    let pair = Pair { before, after };
    let exact = beside.and_then(|it| pair.changes_beside(&it.files, it.prover, limits));
    let alone = match exact {
        Some(_) => "this file beside the rest of the model as it is on disk",
        None => "this file alone",
    };
    let changes = exact.unwrap_or_else(|| pair.changes(limits));
    let mut page = changes_page_unjudged(&changes);
    page.gap();
    let note = format!(
        "{alone}; `opmodel diff` says what follows from it elsewhere, and what asks for approval"
    );
    page.push(Block::Paragraph(Line::new().with(Style::Dim, note)));
    Ok(page)
}

/// The entities of a file; why it has none that could be compared.
fn readable(file: &RawFile, limits: Limits) -> Result<Model, String> {
    let loaded = load::read(vec![file.clone()], limits);
    if let Some(fault) = unreadable(&loaded.findings).into_iter().next() {
        return Err(fault.reason);
    }
    // A file of comments is a model file; one in which nothing is known is something else.
    let strange = loaded.model.entities().all(|entity| entity.kind.is_none());
    if strange && !(loaded.model.is_empty() && loaded.findings.is_empty()) {
        return Err("no entity of a model is in it".to_owned());
    }
    Ok(loaded.model)
}

fn written(file: Option<&RawFile>) -> String {
    match file.map(|file| &file.content) {
        None => String::new(),
        Some(RawContent::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Some(RawContent::Symlink(target)) => format!("a link to {target}\n"),
        Some(RawContent::TooLarge(size)) => format!("a file of {size} bytes\n"),
        Some(RawContent::Unreadable(reason)) => format!("not readable: {reason}\n"),
    }
}

/// What a file in conflict says: each side a property a line, and marks where these differ. Git puts
/// it beside both sides as they are told.
fn in_conflict(file: &RawFile, limits: Limits) -> Option<String> {
    let conflict = Conflict::of(&written(Some(file)))?;
    let side = |text: &str| {
        let content = RawContent::Bytes(text.as_bytes().to_vec());
        let model = readable(&RawFile { path: file.path.clone(), content }, limits).ok()?;
        Some(entity_text(&model))
    };
    Some(conflict.told(&side(&conflict.ours)?, &side(&conflict.theirs)?))
}

/// What Git calls for `git log -p`: what a file says, a property a line; the file as it is where it
/// cannot be read as a model.
pub(super) fn text(session: &mut Session<'_>, file: &Path) -> Result<u8, Failure> {
    let place = session.directory().join(file);
    let limits = Limits::default();
    let content =
        content(&place, limits.file_bytes).map_err(|error| Failure::disk("read", &place, error))?;
    let file = RawFile { path: file.to_string_lossy().into_owned(), content };
    let text = match readable(&file, limits) {
        Ok(model) => entity_text(&model),
        Err(why) => in_conflict(&file, limits).unwrap_or_else(|| {
            let why = why.replace('\n', " ");
            let plain = "# with `--no-textconv` Git shows both sides as they are written";
            format!("# as it is written: {why}\n{plain}\n{}", written(Some(&file)))
        }),
    };
    session.write(&shown(&text))?;
    Ok(0)
}
