//! The manual at hand: the lists of rules and of kinds of change.

use crate::change::{CATALOGUE, ChangeKind};
use crate::check::RULES;
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
            Line::new().with(style, kind.impact.word()),
            Line::of(kind.level.word()),
            Line::new().dim(kind.mirror.clone()),
        ]
    });
    let head = ["kind", "impact", "level", "the change back"].map(Line::of).to_vec();
    let mut page = Page::default();
    page.push(Block::Table(head, rows.collect()));
    page
}

/// One kind of change.
pub fn kind_page(kind: &ChangeKind) -> Page {
    let mut page = Page::default();
    page.push(Block::Heading(1, Line::of(kind.id.clone())));
    page.gap();
    page.push(Block::Paragraph(Line::of("A kind of change. It is about: ").plain(kind.about)));
    page.gap();
    let impact = Line::of("impact: ").strong(kind.impact.word()).plain(", which is computed");
    page.push(Block::Paragraph(impact));
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
