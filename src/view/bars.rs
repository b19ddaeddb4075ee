//! Shares as bars and in words.

/// The parts of a cell that a bar can end in.
const PARTS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// A part of a whole as a bar of so many cells; what is more than nothing is seen, and what is less
/// than the whole is not full.
pub(super) fn bar(part: u64, whole: u64, cells: usize) -> String {
    let steps = u128::try_from(cells).unwrap_or_default() * 8;
    let filled = (u128::from(part) * steps).checked_div(u128::from(whole)).unwrap_or_default();
    let filled = match filled.min(steps) {
        0 if part > 0 && whole > 0 => 1,
        filled => filled,
    };
    let filled = usize::try_from(filled).unwrap_or_default();
    let mut bar = "█".repeat(filled / 8);
    bar.extend((filled % 8).checked_sub(1).and_then(|rest| PARTS.get(rest)));
    bar
}

/// A part of a whole in percent: `40.5%`. Nothing but all is `100%` and nothing but nothing `0%`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    if whole == 0 {
        return "-".to_owned();
    }
    let permille = (part * 2_000 + whole) / (whole * 2);
    match permille {
        _ if part == 0 => "0%".to_owned(),
        _ if part == whole => "100%".to_owned(),
        0 => "<0.1%".to_owned(),
        1_000 => "99.9%".to_owned(),
        _ => format!("{}.{}%", permille / 10, permille % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_what_there_is() {
        assert_eq!(bar(0, 10, 4), "");
        assert_eq!(bar(1, 1_000_000, 4), "▏");
        assert_eq!(bar(5, 10, 4), "██");
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(999_999, 1_000_000, 4), "███▉");
        assert_eq!(bar(1, 3, 4), "█▎");
        assert_eq!(bar(3, 0, 4), "");
    }

    #[test]
    fn percents_never_claim_all_or_nothing() {
        for (part, whole, words) in [
            (0, 10, "0%"),
            (10, 10, "100%"),
            (1, 100_000, "<0.1%"),
            (99_999, 100_000, "99.9%"),
            (17, 42, "40.5%"),
            (1, 2, "50.0%"),
            (1, 0, "-"),
            (u64::MAX, u64::MAX, "100%"),
        ] {
            assert_eq!(percent(part, whole), words, "{part} of {whole}");
        }
    }
}
