//! A rule's page of the manual: text for people, and examples that tests run.

/// An example on a page: files, and whether the rule must find something in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Whether the rule must find something.
    pub fails: bool,
    /// The content of the one file.
    pub text: String,
}

/// A page, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The heading: the rule's id.
    pub title: String,
    /// The first paragraph, as one line.
    pub summary: String,
    /// The examples, in order.
    pub examples: Vec<Example>,
}

impl Page {
    /// Takes a page apart; fences open with ```` ```toml fails ```` or ```` ```toml passes ````.
    pub fn of(markdown: &str) -> Self {
        let mut page =
            Self { title: String::new(), summary: String::new(), examples: Vec::new() };
        let mut open: Option<Example> = None;
        let mut in_summary = true;
        for line in markdown.lines() {
            if let Some(mut example) = open.take() {
                if line.trim_end() == "```" {
                    page.examples.push(example);
                } else {
                    example.text.push_str(line);
                    example.text.push('\n');
                    open = Some(example);
                }
            } else if let Some(info) = line.strip_prefix("```toml ") {
                open = Some(Example { fails: info.trim() == "fails", text: String::new() });
            } else if let Some(title) = line.strip_prefix("# ") {
                title.clone_into(&mut page.title);
            } else if line.trim().is_empty() {
                in_summary &= page.summary.is_empty();
            } else if in_summary && !page.title.is_empty() {
                page.summary.push_str(if page.summary.is_empty() { "" } else { " " });
                page.summary.push_str(line.trim());
            }
        }
        page
    }
}
