//! Pages and their printers: each subject makes one page, each format prints pages.
//!
//! INVARIANT: miette is named only in `excerpt`, and nothing here knows the trade. Every printer
//! makes untrusted text harmless: no terminal escapes, no Markdown or HTML of the user's.

mod codeowners;
mod csv;
mod excerpt;
mod findings;
mod github;
mod html;
mod json;
mod junit;
mod lines;
mod markdown;
mod marked;
mod page;
mod safe;
mod sarif;
mod text;

pub use self::csv::{csv, csv_line, csv_rows};
pub use codeowners::{OwnedPath, codeowners, is_owner, owners};
pub use excerpt::excerpts;
pub use findings::{FindingRow, FindingsReport, ReadRow, RuleInfo, Summary};
pub use github::github;
pub use html::{escaped, html};
pub use json::{Tool, json, json_line, write_json};
pub use junit::junit;
pub use lines::{line_difference, with_marks};
pub use markdown::markdown;
pub use marked::Marked;
pub use page::{Block, Line, Page, Style, in_ticks, pieces};
pub use safe::shown;
pub use sarif::sarif;
pub use text::{TextOptions, text};
