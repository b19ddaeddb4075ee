//! Data that a page loads when it is needed: JSON in a classic script, which a browser reads from a
//! disk too.

use serde::Serialize;

/// A script that hands a value to the pages of the site under a name.
pub(in crate::site) fn script(name: &str, value: &impl Serialize) -> String {
    format!("opmodel.data({}, {});\n", json(&name), json(value))
}

/// JSON in which nothing ends a script or a line of one.
fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_script() {
        let text = script("a", &["</script>", "\u{2028}"]);
        assert_eq!(text, "opmodel.data(\"a\", [\"\\u003c/script>\",\"\\u2028\"]);\n");
    }
}
