//! Findings on a terminal, with the user's own lines and the words in question underlined.

use super::safe::shown;
use super::text::TextOptions;
use crate::finding::{Finding, Place, Severity};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SpanContents, ThemeCharacters, ThemeStyles,
};
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
    for finding in findings {
        let (shown, elsewhere) = Shown::of(finding);
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
    out
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

impl Shown {
    /// The finding, and its places in other files.
    fn of(finding: &Finding) -> (Self, Vec<Self>) {
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
                elsewhere.push(Self::beside(text, &label.place));
            }
        }
        let shown = Self {
            message: shown(&finding.message).into_owned(),
            rule: finding.rule,
            severity: severity(finding.severity),
            help: finding.help.as_deref().map(|help| shown(help).into_owned()),
            source: place.map(Lines::of),
            labels,
        };
        (shown, elsewhere)
    }

    /// A second place in another file.
    fn beside(message: String, place: &Place) -> Self {
        Self {
            message,
            rule: "",
            severity: miette::Severity::Advice,
            help: None,
            source: Some(Lines::of(place)),
            labels: vec![LabeledSpan::new_primary_with_span(None, span(place))],
        }
    }
}

/// A file of which whole lines are shown.
#[derive(Debug)]
struct Lines {
    name: String,
    text: String,
}

impl Lines {
    fn of(place: &Place) -> Self {
        let name = shown(place.source.path()).into_owned();
        Self { name, text: shown(place.source.text()).into_owned() }
    }
}

impl SourceCode for Lines {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &self.text;
        let line_start =
            |at: usize| text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
        let end = span.offset() + span.len();
        let start = line_start(span.offset());
        let rest = text.get(end..).unwrap_or_default();
        let stop = end + rest.find('\n').unwrap_or(rest.len());
        let whole = (start, stop.saturating_sub(start)).into();
        let contents = text.as_str().read_span(&whole, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            // The place a reader jumps to is that of the words, not of the line.
            contents.line(),
            span.offset().saturating_sub(start),
            contents.line_count(),
        )))
    }
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
