//! What the model said when a record was routed.
//!
//! The model in force at an instant is that of the newest commit of the main line, from its tip back,
//! that was recorded no later. Each state of the model is read once for all records of a batch.

use super::Kind;
use super::routes::Suspect;
use crate::change::Names;
use crate::criteria::Record;
use crate::git::{Commit, ObjectId, WalkOptions};
use crate::history::{At, HistoryError, Workspace};
use crate::load::{self, ModelScope, Router};
use crate::measure::standing::{Roster, Rosters, field_of, fits, text_of};
use crate::records::{Field, Form};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The models that were in force.
pub(super) struct Past<'w, 'm> {
    workspace: &'w Workspace,
    /// The model of now.
    now: &'w ModelScope<'m>,
    /// The people and pools of today: older models may not say what an export calls them.
    today: Roster,
    object: &'w str,
    fields: &'w [Field],
    /// How each input is read.
    forms: &'w [Form],
    /// The commits of the main line, newest first, each with the earliest time up to it.
    line: Vec<(i64, Commit)>,
    /// Whether what lies before was not fetched.
    pub(super) cut_off: bool,
}

impl<'w, 'm> Past<'w, 'm> {
    /// The history of a model up to a tip.
    pub(super) fn of(
        workspace: &'w Workspace,
        tip: &Commit,
        (now, as_of): (&'w ModelScope<'m>, Timestamp),
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
        let today = Roster::of(now.model(), day(as_of));
        Ok(Self { workspace, now, today, object, fields, forms, line, cut_off })
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
        let unchanged = Names::default();
        let mut now = State::of(self.now, &unchanged, self.object);
        for suspects in by_model.into_values() {
            let Some((commit, _)) = suspects.first() else { continue };
            let files = self.workspace.files(&At::Commit(Box::new((*commit).clone())))?;
            let model = load::read(files, self.workspace.limits).model;
            let scope = ModelScope::new(&model);
            let names = Names::between(&model, self.now.model());
            let mut then = State::of(&scope, &names, self.object);
            // Which of the commits with this model is named must not depend on who else is asked about.
            for (commit, suspect) in suspects {
                self.judge(commit, &mut then, &mut now, suspect);
            }
        }
        Ok(())
    }

    fn judge(
        &self,
        commit: &Commit,
        then: &mut State<'_, '_>,
        now: &mut State<'_, '_>,
        it: &mut Suspect,
    ) {
        let short = commit.id.short();
        let said = match self.said(then, it) {
            Said::Elsewhere => return,
            Said::Unread => format!("; what {short} said when it was routed cannot be read"),
            // Nothing of what is said of it is another model's doing: only days have gone by.
            Said::Here(..) if matches!(self.said(now, it), Said::Here(..)) => {
                "; it was theirs when it was routed".to_owned()
            }
            Said::Here(rule, whose) => {
                it.deviation.kind = Kind::OlderRevision;
                it.deviation.since = Some(it.at);
                format!("; when it was routed, the rule `{rule}` of {short} said {whose}")
            }
        };
        it.deviation.told.push_str(&said);
    }

    /// Whether a state of the model sent a record where it is, at the time of routing. Where several
    /// tables are about it, it may be where any of them says.
    fn said(&self, state: &mut State<'_, '_>, it: &Suspect) -> Said {
        let record = self.then(&it.record.record(self.fields, self.forms), state.names);
        let roster = state.rosters.on(day(it.at));
        let named = |field: &str| text_of(&record, field);
        let mut said = Said::Elsewhere;
        for router in &state.routers {
            let outcome = match router.route(&record, it.at) {
                Ok(Some(outcome)) => outcome,
                Ok(None) => continue,
                Err(_) => {
                    said = Said::Unread;
                    continue;
                }
            };
            let Some(to) = outcome.to else { continue };
            let field = field_of(&to, &state.object);
            // What a field of the record holds is who it was meant for, whatever it is called today.
            let now = if field.is_some() { to.clone() } else { state.names.now(&to) };
            let is_theirs = [(roster, &to), (&self.today, &now)].into_iter().any(|(roster, to)| {
                let owner = (it.owner.as_str(), roster.find(&it.owner));
                fits(roster, owner, to, named, &state.object)
            });
            if is_theirs {
                let whose = match field {
                    Some(field) => format!("whoever is in `{field}`"),
                    None => roster.name_of(&to).to_owned(),
                };
                return Said::Here(outcome.rule, whose);
            }
        }
        said
    }

    /// A record under the names that its fields had.
    fn then(&self, record: &Record, names: &Names) -> Record {
        let mut then = Record::new();
        for (path, value) in record.iter() {
            if let Some(path) = names.path_then(path, self.object, self.now) {
                then.set(path, value.clone());
            }
        }
        then
    }
}

/// Where a state of the model sent a record.
enum Said {
    /// To whoever has it: the rule, and what it says.
    Here(String, String),
    /// To somebody else, or nowhere.
    Elsewhere,
    /// It cannot be read.
    Unread,
}

/// The routing of one object in a state of the model.
struct State<'a, 'm> {
    routers: Vec<Router<'a, 'm>>,
    rosters: Rosters<'a>,
    /// What things are called now.
    names: &'a Names,
    /// What the object was called.
    object: String,
}

impl<'a, 'm> State<'a, 'm> {
    fn of(scope: &'a ModelScope<'m>, names: &'a Names, object: &str) -> Self {
        let model = scope.model();
        let object = names.object_then(object).unwrap_or_default();
        let tables = model.of_kind("routing").filter(|it| it.object() == Some(&*object));
        let routers = tables.map(|it| Router::of(scope, it)).collect();
        Self { routers, rosters: Rosters::of(model), names, object }
    }
}

fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}
