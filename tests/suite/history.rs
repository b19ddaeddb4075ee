//! The history walk against real repositories, and against a reading that leaves nothing out.

mod drawn;
mod naive;
mod random;
mod timeline;

use opmodel::git::{WalkOptions, WalkOrder};
use opmodel::history::{HistoryError, LogFilter, Step, Steps, Workspace};
use std::path::Path;

const DAY: i64 = 86_400;
const T: i64 = 1_700_000_000;

/// How a history is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    first_parent: bool,
    remembers: bool,
}

/// Every commit, and nothing asked of an earlier run.
const ANEW: Way = Way { first_parent: false, remembers: false };

/// The steps of `HEAD`, children first.
fn steps(folder: &Path, way: Way) -> Vec<Step> {
    tried_steps(folder, way).expect("a walk to the end")
}

fn tried_steps(folder: &Path, way: Way) -> Result<Vec<Step>, HistoryError> {
    let workspace = Workspace::find(folder, None)?;
    let head = workspace.repository()?.resolve("HEAD")?;
    let order = WalkOrder::ChildrenFirst;
    let options = WalkOptions { tips: vec![head.id], order, ..WalkOptions::default() };
    let steps = Steps::new(&workspace, LogFilter::default(), way.first_parent)?;
    let steps = steps.remembering(way.remembers);
    steps.walk(&options).collect()
}
