//! What the model said when a record was routed.
//!
//! The model in force at an instant is that of the newest commit of the main line, from its tip back,
//! that was recorded no later. Each state of the model is read once for all records of a batch.

use super::routes::Suspect;
use super::{Deviation, Kind};
use crate::criteria::{Record, Value};
use crate::git::{Commit, ObjectId, WalkOptions};
use crate::history::{At, HistoryError, Workspace};
use crate::load::{self, ModelScope, Router};
use crate::measure::standing::{Roster, field_of, fits, text_of};
use crate::model::Model;
use crate::records::{Field, Form};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The models that were in force.
pub(super) struct Past<'w> {
    workspace: &'w Workspace,
    /// The people and pools of today: older models may not say what an export calls them.
    today: Roster,
    object: &'w str,
    fields: &'w [Field],
    /// How each input is read.
    forms: &'w [Form],
    /// What the fields of the object were called before.
    former: Vec<(String, String)>,
    /// The commits of the main line, newest first, each with the earliest time up to it.
    line: Vec<(i64, Commit)>,
    /// Whether what lies before was not fetched.
    pub(super) cut_off: bool,
}

impl<'w> Past<'w> {
    /// The history of a model up to a tip.
    pub(super) fn of(
        workspace: &'w Workspace,
        tip: &Commit,
        (model, as_of): (&Model, Timestamp),
        (object, fields, forms): (&'w str, &'w [Field], &'w [Form]),
    ) -> Result<Self, HistoryError> {
        let repository = workspace.repository()?.for_walking();
        let options =
            WalkOptions { tips: vec![tip.id], first_parent: true, ..WalkOptions::default() };
        let (mut line, mut earliest) = (Vec::new(), i64::MAX);
        for commit in repository.walk(options) {
            let commit = commit?;
            earliest = earliest.min(commit.committer_time.seconds);
            line.push((earliest, commit));
        }
        let cut_off = line.last().is_some_and(|(_, commit): &(i64, Commit)| commit.boundary);
        let today = Roster::of(model, TimeZone::UTC.to_datetime(as_of).date());
        let former = former(model, object);
        Ok(Self { workspace, today, object, fields, forms, former, line, cut_off })
    }

    /// The commit in force at an instant.
    fn at(&self, at: Timestamp) -> Option<&Commit> {
        let younger = self.line.partition_point(|(earliest, _)| *earliest > at.as_second());
        self.line.get(younger).map(|(_, commit)| commit)
    }

    /// What each suspect is: routed by an older revision, or what it was taken for.
    pub(super) fn judged(&self, suspects: &mut [Suspect]) -> Result<(), HistoryError> {
        let repository = self.workspace.repository()?;
        let mut by_model: BTreeMap<ObjectId, Vec<(&Commit, &mut Suspect)>> = BTreeMap::new();
        for suspect in suspects {
            let Some(commit) = self.at(suspect.at) else {
                suspect
                    .deviation
                    .told
                    .push_str("; the history does not reach back to when it was routed");
                continue;
            };
            let Some(tree) = repository.folder_tree(commit.tree, &self.workspace.folder)? else {
                continue;
            };
            by_model.entry(tree).or_default().push((commit, suspect));
        }
        for suspects in by_model.into_values() {
            let Some((commit, _)) = suspects.first() else { continue };
            let files = self.workspace.files(&At::Commit(Box::new((*commit).clone())))?;
            let model = load::read(files, self.workspace.limits).model;
            let scope = ModelScope::new(&model);
            let tables = model.of_kind("routing").filter(|it| it.object() == Some(self.object));
            let routers: Vec<Router<'_, '_>> = tables.map(|it| Router::of(&scope, it)).collect();
            let mut rosters: BTreeMap<Date, Roster> = BTreeMap::new();
            // Which of the commits with this model is named must not depend on who else is asked about.
            for (commit, suspect) in suspects {
                let recorded = Timestamp::from_second(commit.committer_time.seconds);
                let recorded = TimeZone::UTC.to_datetime(recorded.unwrap_or_default()).date();
                let roster =
                    rosters.entry(recorded).or_insert_with(|| Roster::of(&model, recorded));
                self.judge(&Then { commit, routers: &routers, roster }, suspect);
            }
        }
        Ok(())
    }

    fn judge(&self, Then { commit, routers, roster }: &Then<'_, '_>, it: &mut Suspect) {
        let record = self.then(it.record.record(self.fields, self.forms));
        let owner = (it.owner.as_str(), roster.find(&it.owner));
        for router in *routers {
            let outcome = match router.route(&record, it.at) {
                Ok(Some(outcome)) => outcome,
                Ok(None) => continue,
                Err(_) => {
                    let unread = format!(
                        "; what {} said when it was routed cannot be read",
                        commit.id.short()
                    );
                    it.deviation.told.push_str(&unread);
                    return;
                }
            };
            let Some(to) = outcome.to else { return };
            let today = (it.owner.as_str(), self.today.find(&it.owner));
            let fits = |roster, owner| {
                fits(roster, owner, &to, |field| text_of(&record, field), self.object)
            };
            if fits(roster, owner) || fits(&self.today, today) {
                let short = commit.id.short();
                let says = match field_of(&to, self.object) {
                    Some(field) => format!("whoever is in `{field}`"),
                    None => roster.name_of(&to).to_owned(),
                };
                let told = format!(
                    "{}; when it was routed, the rule `{}` of {short} said {says}",
                    it.deviation.told, outcome.rule
                );
                let found = it.deviation.clone();
                it.deviation =
                    Deviation { kind: Kind::OlderRevision, told, since: Some(it.at), ..found };
            }
            return;
        }
    }

    /// A record under the names that its fields had as well.
    fn then(&self, record: Record) -> Record {
        let own = |(now, former): &(String, String)| match (record.get(now), record.get(former)) {
            (Some(value), None) => Some((former.clone(), value.clone())),
            _ => None,
        };
        let also: Vec<(String, Value)> = self.former.iter().filter_map(own).collect();
        let mut then = record;
        for (former, value) in also {
            then.set(former, value);
        }
        then
    }
}

/// A model as it was.
struct Then<'a, 'm> {
    commit: &'a Commit,
    routers: &'a [Router<'a, 'm>],
    roster: &'a Roster,
}

/// The fields of an object with the names they had before.
fn former(model: &Model, object: &str) -> Vec<(String, String)> {
    let prefix = format!("{object}.");
    let fields = model.of_kind("field").filter_map(|entity| {
        let name = entity.address.id().strip_prefix(&prefix)?;
        Some(entity.former_addresses().map(|then| (name.to_owned(), then.last().to_owned())))
    });
    fields.flatten().collect()
}
