//! The manual at hand: rules, kinds of change and of entity, impacts and levels.

use super::changes::impact_style;
use crate::change::{CATALOGUE, ChangeKind, Impact, Level};
use crate::check::RULES;
use crate::model::{Declaration, Kind, Property, Shape};
use crate::report::{Block, Line, Page, Style};

/// All rules of `check`, a line each.
pub fn rules_page() -> Page {
    let rows = RULES.iter().map(|rule| {
        vec![
            Line::new().code(rule.id),
            Line::of(rule.severity.word()),
            Line::new().sentence(&rule.page().summary),
        ]
    });
    let head = ["rule", "weight", "what it finds"].map(Line::of).to_vec();
    let mut page = Page::default();
    page.push(Block::Table(head, rows.collect()));
    page
}

/// The kinds of change whose id contains some text, a line each.
pub fn kinds_page(containing: &str) -> Page {
    let kinds: Vec<&ChangeKind> =
        CATALOGUE.kinds().filter(|kind| kind.id.contains(containing)).collect();
    let rows = kinds.iter().map(|kind| {
        let style =
            if kind.impact.usual_level().word() == "approve" { Style::Warn } else { Style::Dim };
        vec![
            Line::new().code(kind.id.clone()),
            Line::new().with(style, kind.impact.word()).dim(until_known(kind)),
            Line::of(kind.level.word()),
            Line::new().dim(kind.mirror.clone()),
        ]
    });
    let head = ["kind", "impact", "level", "the change back"].map(Line::of).to_vec();
    let mut page = Page::default();
    page.push(Block::Table(head, rows.collect()));
    page
}

/// What stands behind the impact of a kind that something else may decide.
fn until_known(kind: &ChangeKind) -> &'static str {
    match kind {
        kind if kind.is_settled() => " until proved",
        kind if kind.depends_on_others() => " as a rule",
        _ => "",
    }
}

/// One kind of change.
pub fn kind_page(kind: &ChangeKind) -> Page {
    let mut page = Page::default();
    page.push(Block::Heading(1, Line::of(kind.id.clone())));
    page.gap();
    let about = |one: &str| Line::of("A kind of change. It is about: ").plain(one.to_owned());
    match kind.about.as_slice() {
        [one] => page.push(Block::Paragraph(about(one))),
        several => {
            page.push(Block::Paragraph(Line::of("A kind of change. It is about one of these:")));
            let each = several.iter().map(|one| Block::Nested(1, Line::of(*one)));
            page.blocks.extend(each);
        }
    }
    page.gap();
    let impact = Line::of("impact: ").strong(kind.impact.word()).plain(until_known(kind));
    page.push(Block::Paragraph(impact.plain(", which is computed")));
    if kind.is_settled() {
        let (shifting, cosmetic) = (Impact::Shifting.word(), Impact::Cosmetic.word());
        let level = Impact::Cosmetic.usual_level().word();
        page.push(Block::Paragraph(
            Line::of("proved, where both models are compared whole: ")
                .strong(shifting)
                .plain(" if any record goes elsewhere because of it, ")
                .strong(cosmetic)
                .plain(format!(" and the level {level} if none does")),
        ));
    }
    if kind.depends_on_others() {
        page.push(Block::Paragraph(Line::of(
            "of a single change what stands beside it counts too, and its impact is what it comes to \
             there",
        )));
    }
    let level = Line::of("level: ")
        .strong(kind.level.word())
        .plain(", where policy says nothing; to say otherwise:");
    page.push(Block::Paragraph(level));
    let entry = [
        format!("[policy.{}]", kind.id),
        "level = \"warn\"".to_owned(),
        "reason = \"why this company judges it otherwise\"".to_owned(),
    ];
    page.push(Block::Verbatim(1, entry.into_iter().map(Line::of).collect()));
    page.gap();
    page.push(Block::Paragraph(Line::of("the change back: ").code(kind.mirror.clone())));
    page
}

impl From<Impact> for Page {
    fn from(impact: Impact) -> Self {
        let says = match impact {
            Impact::Breaking => {
                "Whoever followed the old model gets no answer now, or another one under the same name."
            }
            Impact::Loosening => "More passes, or is allowed, than before.",
            Impact::Tightening => "Less passes, or is allowed, than before.",
            Impact::Shifting => "Something else happens, neither more nor less.",
            Impact::Undecided => {
                "It is not known whether it is looser, tighter or neither; it is treated as the worst of them."
            }
            Impact::Additive => {
                "Something is there that was not, and nobody relied on its absence."
            }
            Impact::Cosmetic => "Nothing happens otherwise: only the form changed.",
        };
        let mut page = Self::default();
        page.push(Block::Heading(1, Line::new().with(impact_style(impact), impact.word())));
        page.gap();
        page.push(Block::Paragraph(Line::of(
            "An impact: what a change does. It is computed, never configured.",
        )));
        page.push(Block::Paragraph(Line::of(says)));
        page.gap();
        let level = Line::of("usual level: ").strong(impact.usual_level().word());
        page.push(Block::Paragraph(level));
        let back = Line::of("impact of the change back: ").strong(impact.mirrored().word());
        page.push(Block::Paragraph(back));
        let kinds = CATALOGUE.kinds().filter(|kind| kind.impact == impact);
        let ids: Vec<&str> = kinds.map(|kind| kind.id.as_str()).collect();
        let first: Vec<&str> = ids.iter().copied().take(5).collect();
        let number = super::words::count(ids.len(), "kind of change", "kinds of change");
        let line = Line::of(format!("{number}, for example {}", first.join(", ")));
        page.push(Block::Paragraph(line));
        page.gap();
        let find = format!("find such changes with `opmodel log --impact {}`", impact.word());
        page.push(Block::Paragraph(Line::new().sentence(&find)));
        page
    }
}

impl From<Level> for Page {
    fn from(level: Level) -> Self {
        let says = match level {
            Level::Forbid => "Nobody may sign it away.",
            Level::Approve => "Somebody must approve it.",
            Level::Warn => "It is pointed out, and asks for nobody's approval.",
            Level::Note => "It is mentioned.",
            Level::Off => "It is not shown.",
        };
        let mut page = Self::default();
        page.push(Block::Heading(1, Line::of(level.word())));
        page.gap();
        page.push(Block::Paragraph(Line::of("A level: what a change asks for. ").plain(says)));
        page.gap();
        let words = "Every kind of change has a usual level (`opmodel kinds` lists them); policy in the model may give it another:";
        page.push(Block::Paragraph(Line::new().sentence(words)));
        let entry = [
            "[policy.sla-loosened]".to_owned(),
            format!("level = \"{}\"", level.word()),
            "reason = \"why this company judges it so\"".to_owned(),
        ];
        page.push(Block::Verbatim(1, entry.into_iter().map(Line::of).collect()));
        page.gap();
        let all = Level::ALL.map(Level::word).join(", ");
        page.push(Block::Paragraph(Line::of(format!("the levels, strictest first: {all}"))));
        page
    }
}

impl From<&Kind> for Page {
    fn from(kind: &Kind) -> Self {
        let mut page = Self::default();
        let declaration = kind.declaration();
        page.push(Block::Heading(1, Line::of(kind.id)));
        page.gap();
        let line = Line::of("A kind of entity. ").sentence(declaration.description);
        page.push(Block::Paragraph(line));
        let ids: String = (0..kind.depth).map(|_| ".<id>").collect();
        page.push(Block::Paragraph(Line::of("written as ").code(format!("[{}{ids}]", kind.id))));
        page.gap();
        properties(&mut page, declaration, "");
        page
    }
}

/// What stands below a table, each property with its form, polarity and description.
fn properties(page: &mut Page, declaration: &Declaration, above: &str) {
    for property in declaration.properties() {
        let name = format!("{above}{}", property.name);
        page.push(Block::Paragraph(facts(property, &name)));
        page.push(Block::Nested(1, Line::new().sentence(property.description)));
        inner(page, &property.shape, &name);
    }
}

fn inner(page: &mut Page, shape: &Shape, name: &str) {
    match shape {
        Shape::List(shape) => inner(page, shape, name),
        Shape::Named(shape) => inner(page, shape, &format!("{name}.<id>")),
        Shape::Record(declaration) => properties(page, declaration, &format!("{name}.")),
        Shape::Items(declaration) => properties(page, declaration, &format!("{name}.<id>.")),
        _ => {}
    }
}

fn facts(property: &Property, name: &str) -> Line {
    let line = Line::new().code(name).plain(format!(": {}", form(&property.shape)));
    let line = line.dim(format!(", {}", property.facet.polarity.word()));
    if property.facet.required { line.with(Style::Warn, ", required") } else { line }
}

/// What a value looks like, in words.
fn form(shape: &Shape) -> String {
    let word = match shape {
        Shape::Prose | Shape::Word => "text",
        Shape::Count => "whole number from 0",
        Shape::Integer => "whole number",
        Shape::Number => "number",
        Shape::Bool => "true or false",
        Shape::Date => "date",
        Shape::Duration => "length of time",
        Shape::Percent => "share",
        Shape::Code(words) => return format!("one of {}", words.join(", ")),
        Shape::Predicate => "criterion",
        Shape::ObjectId => "id of an object",
        Shape::StageId => "id of a stage",
        Shape::FieldPath => "field",
        Shape::Target(kinds) => return format!("address of {}", kinds.join(" or ")),
        Shape::AddressPattern => "pattern of addresses",
        Shape::Scalar => "text, number, true or false, date, or list of texts",
        Shape::Free => "table of anything",
        Shape::List(inner) => return format!("list: {}", form(inner)),
        Shape::Named(inner) => return format!("table by id: {}", form(inner)),
        Shape::Record(_) => "table",
        Shape::Items(_) => "list of tables with an id each",
    };
    word.to_owned()
}
