//! The people who write the history; the example model names the roles they hold.

/// Somebody who commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// The name.
    pub name: &'static str,
    /// The mail address.
    pub email: &'static str,
}

const fn author(name: &'static str, email: &'static str) -> Author {
    Author { name, email }
}

pub(super) const INES: Author = author("Ines Copperfeld", "ines.copperfeld@quarlwick.example");
pub(super) const JONAS: Author = author("Jonas Wicketty", "jonas.wicketty@quarlwick.example");
pub(super) const ZELDA: Author = author("Zelda Hathersedge", "zelda.hathersedge@quarlwick.example");
pub(super) const BRAM: Author = author("Bram Tolliver", "bram.tolliver@quarlwick.example");
/// The same person from the computer at home; `.mailmap` knows.
pub(super) const BRAM_AT_HOME: Author = author("bram", "bram@tolliver.example");
pub(super) const CELESTE: Author = author("Celeste Marrowby", "celeste.marrowby@quarlwick.example");
pub(super) const DOV: Author = author("Dov Larkhill", "dov.larkhill@quarlwick.example");
pub(super) const ELIF: Author = author("Elif Sandowry", "elif.sandowry@quarlwick.example");
pub(super) const FRITZ: Author = author("Fritz Oakenfield", "fritz.oakenfield@quarlwick.example");
pub(super) const GRETA: Author = author("Greta Thistlewood", "greta.thistlewood@quarlwick.example");
pub(super) const MAREK: Author = author("Marek Tallowin", "marek.tallowin@quarlwick.example");
