//! Findings on a terminal, with the user's own lines and the words in question underlined.

use super::safe::{in_one_line, shown, without_commands};
use super::text::TextOptions;
use crate::finding::{Finding, Place, Severity};
use crate::source::Source;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SpanContents, ThemeCharacters, ThemeStyles,
};
use std::collections::BTreeMap;
use std::fmt;

/// Findings one after the other, a blank line behind each.
pub fn excerpts(findings: &[Finding], options: TextOptions) -> String {
    let styles = if options.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(options.width)
        .with_context_lines(0)
        .without_cause_chain()
        .with_wrap_lines(true);
    let mut out = String::new();
    let mut files = Files { known: BTreeMap::new(), width: options.width };
    for finding in findings {
        let (shown, elsewhere) = files.shown(finding);
        if handler.render_report(&mut out, &shown).is_err() {
            out.push_str(&finding.message);
        }
        for beside in &elsewhere {
            // It renders what it was given or nothing; the finding itself is said above.
            let _ = handler.render_report(&mut out, beside);
        }
        out.truncate(out.trim_end().len());
        out.push_str("\n\n");
    }
    without_commands(out)
}

/// A finding as the printer wants it.
#[derive(Debug)]
struct Shown {
    message: String,
    rule: &'static str,
    severity: miette::Severity,
    help: Option<String>,
    source: Option<Lines>,
    labels: Vec<LabeledSpan>,
}

/// The files as they are shown, each made harmless once.
struct Files {
    known: BTreeMap<String, Vec<(Source, Lines)>>,
    width: usize,
}

impl Files {
    /// The finding, and its places in other files.
    fn shown(&mut self, finding: &Finding) -> (Shown, Vec<Shown>) {
        let place = finding.place.as_ref().filter(|place| !place.source.text().is_empty());
        let mut labels = Vec::new();
        let mut elsewhere = Vec::new();
        if let Some(place) = place {
            let text = finding.label.as_deref().map(|label| shown(label).into_owned());
            labels.push(LabeledSpan::new_primary_with_span(text, span(place)));
        }
        for label in &finding.labels {
            let text = shown(&label.text).into_owned();
            if place.is_some_and(|place| place.source == label.place.source) {
                labels.push(LabeledSpan::new_with_span(Some(text), span(&label.place)));
            } else {
                elsewhere.push(self.beside(text, &label.place));
            }
        }
        let shown = Shown {
            message: shown(&finding.message).into_owned(),
            rule: finding.rule,
            severity: severity(finding.severity),
            help: finding.help.as_deref().map(|help| shown(help).into_owned()),
            source: place.map(|place| self.lines(place)),
            labels,
        };
        (shown, elsewhere)
    }

    /// A second place in another file.
    fn beside(&mut self, message: String, place: &Place) -> Shown {
        Shown {
            message,
            rule: "",
            severity: miette::Severity::Advice,
            help: None,
            source: Some(self.lines(place)),
            labels: vec![LabeledSpan::new_primary_with_span(None, span(place))],
        }
    }

    fn lines(&mut self, place: &Place) -> Lines {
        let known = self.known.entry(place.source.path().to_owned()).or_default();
        if let Some((_, lines)) = known.iter().find(|(source, _)| *source == place.source) {
            return lines.clone();
        }
        let source =
            Source::new(in_one_line(place.source.path()), shown(place.source.text()).into_owned());
        let lines = Lines(source, self.width);
        known.push((place.source.clone(), lines.clone()));
        lines
    }
}

/// A file of which whole lines are shown, and how wide a line may be.
#[derive(Debug, Clone)]
struct Lines(Source, usize);

impl SourceCode for Lines {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.0.text();
        let line_start =
            |at: usize| text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
        let end = span.offset() + span.len();
        let start = line_start(span.offset());
        let rest = text.get(end..).unwrap_or_default();
        let stop = end + rest.find('\n').unwrap_or(rest.len());
        let column = text.get(start..span.offset()).unwrap_or_default().chars().count();
        let (start, stop) = window(text, (start, stop), (span.offset(), end), self.1);
        // Whole lines are all there is room for; nobody asks for lines around them.
        debug_assert_eq!((before, after), (0, 0), "no context lines");
        let data = text.as_bytes().get(start..stop).ok_or(MietteError::OutOfBounds)?;
        let line = self.0.line_column(start).line;
        Ok(Box::new(MietteSpanContents::new_named(
            self.0.path().to_owned(),
            data,
            (start, data.len()).into(),
            line.saturating_sub(1),
            // The place a reader jumps to is that of the words, not of the line.
            column,
            line + text.get(start..stop).unwrap_or_default().matches('\n').count(),
        )))
    }
}

/// What the printer puts before each line: its number and a bar.
const MARGIN: usize = 10;

/// The stretch to show: whole lines, or of one line longer than a terminal what is near the words.
fn window(
    text: &str,
    lines: (usize, usize),
    words: (usize, usize),
    width: usize,
) -> (usize, usize) {
    let shown = text.get(lines.0..lines.1).unwrap_or_default();
    let room = width.saturating_sub(MARGIN).max(40);
    if shown.contains('\n') || shown.chars().count() <= room {
        return lines;
    }
    let length = (words.1 - words.0).min(room);
    let before = (room - length) / 2;
    let start = words.0.saturating_sub(before).max(lines.0);
    let stop = (start + room).min(lines.1).max(words.0 + length);
    (text.floor_char_boundary(start), text.ceil_char_boundary(stop))
}

fn span(place: &Place) -> miette::SourceSpan {
    (place.span.start, place.span.len()).into()
}

fn severity(severity: Severity) -> miette::Severity {
    match severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Note => miette::Severity::Advice,
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.rule.is_empty()).then(|| Box::new(self.rule) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<_>)
    }
}
