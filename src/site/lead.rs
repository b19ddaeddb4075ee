//! The sentence an entity's page opens with: what the thing does, in the words of the trade.

use super::clause::{Clause, clause};
use super::known::Known;
use super::past::Row;
use super::prose::{Text, name_of};
use super::said::scalar;
use crate::document::Node;
use crate::model::Entity;
use crate::view::standing_word;

/// The sentence; none for a kind whose properties say it all.
pub(in crate::site) fn lead<'a>(known: &'a Known<'_>, entity: &'a Entity) -> Option<Text> {
    let lead = Lead { known, entity };
    match entity.address.kind() {
        "definition" => {
            Some(lead.a_record().plain(" counts as ").then(lead.own()).plain(lead.when_all(false)))
        }
        "icp" => Some(lead.a_record().plain(" fits ").then(lead.own()).plain(lead.when_all(true))),
        "segment" | "territory" | "persona" => Some(
            lead.a_record()
                .plain(" belongs to ")
                .then(lead.own())
                .plain(" when it meets the condition below."),
        ),
        "routing" => Some(lead.routing()),
        "lifecycle" => Some(lead.lifecycle()),
        "sla" => Some(lead.promise()),
        "metric" => lead.metric(),
        "exception" => lead.exception(),
        "field" => Some(lead.field()),
        "handoff" => Some(lead.handoff()),
        "cadence" => lead.cadence(),
        _ => None,
    }
}

struct Lead<'a, 'm> {
    known: &'a Known<'m>,
    entity: &'a Entity,
}

impl Lead<'_, '_> {
    fn own(&self) -> Text {
        Text::default().strong(name_of(self.entity))
    }

    fn text(&self, key: &str) -> Option<String> {
        self.entity.table.get(key).map(scalar)
    }

    fn link(&self, key: &str) -> Option<Text> {
        self.entity.table.text(key).map(|address| self.known.names.link(address))
    }

    /// `A lead`, `An opportunity`.
    fn a_record(&self) -> Text {
        let Some(object) = self.entity.object() else { return Text::of("A record") };
        let name = self.known.names.object(object);
        let vowel = name.words().starts_with(['a', 'e', 'i', 'o', 'u']);
        Text::of(if vowel { "An " } else { "A " }).then(name)
    }

    fn when_all(&self, barred: bool) -> String {
        let count = |key: &str| {
            let table = self.entity.table.get(key).and_then(|node| node.as_table());
            table.map_or(0, |table| table.entries.len())
        };
        let all = match count("criteria") {
            0 => " always".to_owned(),
            1 => " when the criterion below holds".to_owned(),
            2 => " when both criteria below hold".to_owned(),
            many => format!(" when all {many} criteria below hold"),
        };
        match count("disqualifiers") {
            0 => format!("{all}."),
            _ if !barred => format!("{all}."),
            1 => format!("{all}, and the disqualifier does not."),
            _ => format!("{all}, and none of the disqualifiers does."),
        }
    }

    fn routing(&self) -> Text {
        let which =
            if self.entity.table.get("applies_to").is_some() { " that it is about" } else { "" };
        let text = Text::of("The first rule that matches decides where each ");
        let text = match self.entity.object() {
            Some(_) => text.then(self.object()),
            None => text.plain("record"),
        };
        text.plain(which)
            .plain(" goes; what no rule takes goes to ")
            .then(self.link("default").unwrap_or_default())
            .plain(".")
    }

    fn object(&self) -> Text {
        self.entity.object().map(|id| self.known.names.object(id)).unwrap_or_default()
    }

    fn lifecycle(&self) -> Text {
        let stages = self.entity.item_ids("stage").len();
        let text = self.a_record().plain(format!(" goes through these {stages} stages"));
        match self.entity.table.text("stage_field") {
            Some(field) => text
                .plain("; which one it is in says ")
                .then(self.known.names.field_named(self.entity.object(), field))
                .plain("."),
            None => text.plain("."),
        }
    }

    fn promise(&self) -> Text {
        let field = |key: &str| {
            let path = self.entity.table.text(key);
            path.map(|path| self.known.names.field_named(self.entity.object(), path))
                .unwrap_or_default()
        };
        let text = Text::of("From ").then(field("starts")).plain(" to ").then(field("stops"));
        let text = text.plain(" it takes at most ").strong(self.text("within").unwrap_or_default());
        match self.text("target") {
            Some(target) => text.plain(", in ").strong(target).plain(" of the cases it covers."),
            None => text.plain("."),
        }
    }

    fn metric(&self) -> Option<Text> {
        let target = self.text("target")?;
        let unit = self.text("unit").map(|unit| format!(" {unit}")).unwrap_or_default();
        let text = Text::of("Should be ").strong(format!("{target}{unit}"));
        let better = match self.entity.table.text("better") {
            Some("higher") => " or more",
            Some("lower") => " or less",
            _ => "",
        };
        let text = text.plain(better);
        Some(match self.text("alert") {
            Some(alert) => {
                text.plain("; at ").strong(format!("{alert}{unit}")).plain(" somebody must act.")
            }
            None => text.plain("."),
        })
    }

    fn exception(&self) -> Option<Text> {
        let until = self.text("expires")?;
        let subject = self
            .link("waives")
            .or_else(|| Some(Text::default().code(self.entity.table.text("waives_finding")?)))?;
        let text = match self.scope() {
            Some(scope) => Text::of("Where ").then(scope).plain(", "),
            None => Text::default(),
        };
        let text = text.then(subject).plain(" does not count until ").strong(until).plain(".");
        Some(match self.link("approved_by") {
            Some(by) => text.plain(" ").then(self.approval(by)),
            None => text,
        })
    }

    /// The records that something is about, in words where these are one line.
    fn scope(&self) -> Option<Text> {
        let node = self.entity.table.get("scope")?;
        let criteria = self.known.names.scope.criteria_of(self.entity);
        let criterion = criteria.iter().find(|criterion| criterion.span == node.span);
        let clause = criterion.map(|criterion| clause(self.known.names, criterion));
        let line = clause.as_ref().and_then(Clause::line).cloned();
        line.or_else(|| Some(Text::default().code(node.as_text()?)))
    }

    /// Who approved it: what a file says of that is not yet an approval, what the register says is.
    fn approval(&self, by: Text) -> Text {
        let past = self.known.facts.past;
        let last = past.and_then(|past| past.last_change(self.entity.address.as_str()));
        let role = self.entity.table.text("approved_by");
        let given = |row: &Row| {
            row.entry.approvals.iter().any(|approved| Some(approved.role.as_str()) == role)
        };
        let text = Text::default().then(by);
        if last.is_some_and(given) {
            return text.plain(" approved that.");
        }
        let text = Text::of("It names ").then(text).plain(" as who approved that");
        match last.map(|row| row.entry.standing) {
            Some(standing) if standing.is_open() => text
                .plain("; the ")
                .link("register", "register.html")
                .plain(format!(" calls it {}.", standing_word(standing))),
            _ => text.plain("."),
        }
    }

    fn field(&self) -> Text {
        let form = self.entity.table.text("type").unwrap_or("value").to_owned();
        let object = self.entity.address.id().split('.').next().unwrap_or_default().to_owned();
        let required = self.entity.table.get("required").and_then(Node::as_bool);
        let form = match form.as_str() {
            "choice" => "one of several values",
            "choices" => "some of several values",
            "text" => "text",
            "bool" => "yes or no",
            "integer" => "a whole number",
            "number" => "a number",
            "money" => "an amount of money",
            "date" => "a day",
            "datetime" => "a moment",
            "reference" => "a link to another record",
            _ => "a value",
        };
        let text = Text::of("A field of the ").then(self.known.names.object(&object));
        let text = text.plain(format!(": {form}"));
        if required == Some(true) {
            text.plain(", which every record must have.")
        } else {
            text.plain(".")
        }
    }

    fn handoff(&self) -> Text {
        let (from, to) = (self.link("from"), self.link("to"));
        from.unwrap_or_else(|| Text::of("Somebody"))
            .plain(" gives ")
            .then(lower(self.a_record()))
            .plain(" to ")
            .then(to.unwrap_or_else(|| Text::of("somebody else")))
            .plain(", who accepts or returns it.")
    }

    fn cadence(&self) -> Option<Text> {
        let often = self.entity.table.text("frequency")?;
        let text = Text::of("Meets ").strong(often);
        Some(match self.link("decides") {
            Some(who) => text.plain("; where opinions differ, ").then(who).plain(" decides."),
            None => text.plain("."),
        })
    }
}

/// `A lead` in the middle of a sentence.
fn lower(text: Text) -> Text {
    text.map_first(|words| {
        let mut letters = words.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
    })
}
