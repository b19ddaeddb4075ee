//! Patterns that a rename leaves behind: they name what something was called, and cover it no more.

use crate::model::Pattern;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Something that has another name: the old one and the new one.
pub(super) type Rename = [String; 2];

/// What patterns cover no more, and what for the first time, because it has another name: of those that
/// both revisions state, each renamed thing that they covered, wholly or below, and that no pattern of
/// the head covers under its new name; and the other way round.
pub(super) fn left_behind(
    old: &[String],
    new: &[String],
    names: &BTreeMap<String, String>,
) -> (Vec<Rename>, Vec<Rename>) {
    let patterns = |texts: &[String]| -> Vec<Pattern> { texts.iter().map(Pattern::new).collect() };
    let (old, new) = (patterns(old), patterns(new));
    let both: Vec<&Pattern> = old.iter().filter(|pattern| new.contains(pattern)).collect();
    // Ids of items stand for themselves only in their list.
    let renames = names.iter().filter(|(was, _)| was.contains('.'));
    let (mut lost, mut found) = (Vec::new(), Vec::new());
    for (was, is) in renames {
        let rename = || [was.clone(), is.clone()];
        if both.iter().any(|pattern| leaves(pattern, was, is, &new)) {
            lost.push(rename());
        }
        if both.iter().any(|pattern| leaves(pattern, is, was, &old)) {
            found.push(rename());
        }
    }
    (lost, found)
}

/// Whether a pattern covers something, or a part of it, that none of some others covers under another
/// name.
fn leaves(pattern: &Pattern, name: &str, other: &str, others: &[Pattern]) -> bool {
    if pattern.covers(name) {
        return !others.iter().any(|it| it.covers(other));
    }
    // A part: where the pattern goes on below the name it says so itself.
    let Some(part) = pattern.under(name, other) else { return false };
    !others.iter().any(|it| *it == part || it.covers(other))
}

/// In words, that a property covers renamed things for the first time.
pub(super) fn covers_now(property: &str, renames: &[Rename]) -> String {
    let covered = renames.iter().map(|[was, is]| format!("`{is}`, which was `{was}`"));
    format!("`{property}` covers {} by the new name", covered.collect::<Vec<_>>().join(", "))
}

/// In words, that a property covers renamed things no more.
pub(super) fn covers_no_more(property: &str, renames: &[Rename]) -> String {
    let lost = renames.iter().map(|[was, is]| format!("`{was}` is called `{is}` now"));
    let it = if renames.len() == 1 { "it" } else { "them" };
    let lost = lost.collect::<Vec<_>>().join(", ");
    format!("{lost}, and `{property}` does not cover {it} under the new name")
}

/// The old names of renamed things, or the new ones.
pub(super) fn names(renames: &[Rename], which: usize) -> Json {
    renames.iter().filter_map(|rename| rename.get(which).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::left_behind;
    use std::collections::BTreeMap;

    fn found(old: &[&str], new: &[&str], renames: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let texts =
            |all: &[&str]| -> Vec<String> { all.iter().map(|it| (*it).to_owned()).collect() };
        let names: BTreeMap<String, String> =
            renames.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let (lost, come) = left_behind(&texts(old), &texts(new), &names);
        let told = |all: Vec<[String; 2]>| all.into_iter().map(|it| it.join(" ")).collect();
        (told(lost), told(come))
    }

    #[test]
    fn what_patterns_cover_after_a_rename() {
        let rename = [("sla.s", "sla.t")];
        let (lost, none) = (vec!["sla.s sla.t".to_owned()], Vec::<String>::new());
        let cases: [(&[&str], &[&str], _); 10] = [
            (&["sla.s"], &["sla.s"], (lost.clone(), none.clone())),
            (&["sla.t"], &["sla.t"], (none.clone(), lost.clone())),
            (&["sla.s.within"], &["sla.s.within"], (lost.clone(), none.clone())),
            (&["sla.*"], &["sla.*"], (none.clone(), none.clone())),
            (&["*.s"], &["*.s"], (lost.clone(), none.clone())),
            (&["*.s.within"], &["*.s.within"], (lost.clone(), none.clone())),
            (&["*.*.within"], &["*.*.within"], (none.clone(), none.clone())),
            (&["sla.s"], &["sla.s", "sla.t"], (none.clone(), none.clone())),
            // What is taken out or put in is told as that.
            (&["sla.s"], &["sla.t"], (none.clone(), none.clone())),
            (&["sla.s", "icp.*"], &["icp.*"], (none.clone(), none.clone())),
        ];
        for (old, new, expected) in cases {
            assert_eq!(found(old, new, &rename), expected, "{old:?} {new:?}");
        }
        let within = [("lifecycle.lead.stage.a", "lifecycle.lead.stage.b"), ("a", "b")];
        let pattern: &[&str] = &["lifecycle.lead.stage.a.exit"];
        assert_eq!(found(pattern, pattern, &within).0.len(), 1);
    }
}
