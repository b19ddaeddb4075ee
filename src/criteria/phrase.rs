//! What people say in other places where the language has an operator: one table of phrases, and
//! the condition that is written instead of each.
//!
//! INVARIANT: what is advised is a condition of this language that asks what the phrase asks; a
//! test follows the advice of every line.

use super::cursor::Cursor;
use super::expr::{Comparison, FieldPath, Literal, SetOf, Test};
use super::fault::{advice, shown};
use super::lex::Kind;
use super::slip::{pattern, sentence};
use super::stretch::{Side, begins_unit, measured, window};
use super::value::{EMPTY_WORDS, TIME_WORDS, literal, reference, set};
use std::cmp::Reverse;

/// A test, and whether the words ask for its opposite.
pub(super) type Asked = (Test, bool);

/// What a phrase after a field asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// `is set`
    Set,
    /// `is not set`
    Unset,
    /// A comparison with one value, or with `7 days ago`.
    Compare(Comparison),
    /// A comparison of an age, as in `older than 7 days`.
    Age(Comparison),
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `between`
    Between,
    /// `contains`, `starts with` or `ends with` one value.
    Part(&'static str),
    /// The opposite of it.
    NoPart(&'static str),
    /// The same for one of several values.
    AnyPart(&'static str),
    /// The same for each of several values.
    AllParts(&'static str),
    /// The same for none of several values.
    NoParts(&'static str),
    /// A window of days behind or ahead, as in `in the last 7 days`.
    Window(Side),
}

use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
use Meant::{
    Age, AllParts, AnyPart, Between, Compare, In, NoPart, NoParts, NotIn, Part, Set, Unset, Window,
};

const CONTAINS: &str = "contains";
const STARTS: &str = "starts with";
const ENDS: &str = "ends with";

/// The phrases of CRMs, SQL, spreadsheets and plain English, without `is`, `has`,
/// `does` and `not` in front; the longest that fits counts.
const PHRASES: [(&str, Meant); 30] = [
    (
        "known | present | filled | filled in | filled out | populated | available | \
         defined | given | provided | entered | set | exists | exist | any value | \
         has any value | has a value | has value | a value | notnull | notempty",
        Set,
    ),
    ("no value | has no value | without value | without a value | isnull", Unset),
    ("equal | equals | equal to | equals to | eq | was | exactly | the same as", Compare(Equal)),
    ("unequal to | different from | differs from | other than | ne | neq", Compare(NotEqual)),
    (
        "greater than | more than | higher than | larger than | bigger than | above | \
         over | after | later than | gt | exceeds",
        Compare(Greater),
    ),
    (
        "greater than or equal to | more than or equal to | greater or equal | \
         greater or equal to | at least | on or after | after or on | since | gte | \
         ge",
        Compare(GreaterOrEqual),
    ),
    (
        "less than | fewer than | lower than | smaller than | below | under | before | \
         earlier than | lt",
        Compare(Less),
    ),
    (
        "less than or equal to | fewer than or equal to | less or equal | \
         less or equal to | at most | on or before | before or on | until | up to | \
         lte | le",
        Compare(LessOrEqual),
    ),
    ("older than", Age(Greater)),
    ("newer than | younger than", Age(Less)),
    (
        "any of | one of | any one of | either of | either | among | within | in list | \
         equal to any of | equals any of | in any of | in one of",
        In,
    ),
    ("in", In),
    ("none of | neither of | neither | in none of | equal to none of", NotIn),
    ("between", Between),
    (
        "contain | containing | includes | include | including | has | like | ilike | \
         contains exactly | contain exactly",
        Part(CONTAINS),
    ),
    ("contains", Part(CONTAINS)),
    ("excludes | exclude | lacks", NoPart(CONTAINS)),
    (
        "startswith | starts_with | starts-with | starts | start | start with | \
         begins | begin | begins with | begin with | beginning with | starting with",
        Part(STARTS),
    ),
    ("starts with", Part(STARTS)),
    (
        "endswith | ends_with | ends-with | ends | end | end with | ending with | \
         ends in",
        Part(ENDS),
    ),
    ("ends with", Part(ENDS)),
    (
        "contains any of | contains one of | contain any of | includes any of | \
         include any of | has any of | has one of",
        AnyPart(CONTAINS),
    ),
    ("starts with any of | begins with any of", AnyPart(STARTS)),
    ("ends with any of", AnyPart(ENDS)),
    (
        "contains all of | contain all of | includes all of | include all of | \
         has all of",
        AllParts(CONTAINS),
    ),
    ("contains none of | contain none of | includes none of | has none of", NoParts(CONTAINS)),
    ("starts with none of | begins with none of", NoParts(STARTS)),
    ("ends with none of", NoParts(ENDS)),
    (
        "in last | in the last | in past | in the past | within last | \
         within the last | within past | within the past | during the last | last | \
         past | the last",
        Window(Side::Past),
    ),
    (
        "in next | in the next | within next | within the next | during the next | \
         next | the next",
        Window(Side::Future),
    ),
];

/// Words in front of a phrase that add nothing to it.
const LEADS: [&str; 15] = [
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "has",
    "have",
    "does",
    "do",
    "did",
    "must",
    "should",
    "currently",
    "value",
];

/// What is written in the language itself, so that it is no phrase unless something stands before.
const PLAIN: [&str; 5] = ["in", "between", "contains", "starts with", "ends with"];

/// A phrase at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase {
    meant: Meant,
    /// How many words it takes, with those in front.
    words: usize,
    negated: bool,
}

/// Every phrase with what it asks.
pub(super) fn phrases() -> impl Iterator<Item = (&'static str, Meant)> {
    PHRASES.iter().flat_map(|(phrases, meant)| phrases.split(" | ").map(|it| (it, *meant)))
}

/// How many words a phrase takes where it stands `ahead`, if it does.
fn fits(cursor: &Cursor, ahead: usize, phrase: &str) -> Option<usize> {
    let mut count = 0;
    for word in phrase.split(' ') {
        let here = match word {
            "or" => *cursor.kind_at(ahead + count) == Kind::Or,
            word => cursor.is_word(ahead + count, word),
        };
        if !here {
            return None;
        }
        count += 1;
    }
    Some(count)
}

/// The longest phrase that stands `ahead`.
fn longest(cursor: &Cursor, ahead: usize) -> Option<(&'static str, Meant, usize)> {
    let found =
        phrases().filter_map(|(phrase, meant)| Some((phrase, meant, fits(cursor, ahead, phrase)?)));
    found.max_by_key(|(.., words)| *words)
}

/// The phrase that stands behind a field, where it is not the language's own way to say it.
pub(super) fn phrase(cursor: &Cursor) -> Option<Phrase> {
    if is_plain(cursor) {
        return None;
    }
    let is_lead = |ahead: &usize| LEADS.iter().any(|lead| cursor.is_word(*ahead, lead));
    let leads = (0..3).take_while(is_lead).count();
    let found = (0..=leads).filter_map(|ahead| {
        let negated = *cursor.kind_at(ahead) == Kind::Not;
        let inner = ahead + usize::from(negated);
        let (found, meant, words) = longest(cursor, inner).or_else(|| empty_word(cursor, inner))?;
        Some((inner + words, ahead, found, meant, negated))
    });
    let (words, ahead, found, meant, negated) =
        found.max_by_key(|(words, ahead, ..)| (*words, Reverse(*ahead)))?;
    let bare = words == found.split(' ').count();
    if ahead == 0 && PLAIN.contains(&found) {
        return None;
    }
    let counted = cursor.is_word(words.saturating_sub(2), "at") && cursor.is_word(words + 1, "of");
    if bare && (counted || !begins_a_test(cursor, found, meant, words)) {
        return None;
    }
    Some(Phrase { meant, words, negated })
}

/// Whether the words are plainly the language's own, as they nearly always are.
fn is_plain(cursor: &Cursor) -> bool {
    let value = |ahead: usize| {
        let kind = cursor.kind_at(ahead);
        is_value(kind) || *kind == Kind::LeftBracket
    };
    let with = cursor.is_word(1, "with") && value(2);
    let not = usize::from(*cursor.kind_at(1) == Kind::Not);
    match cursor.lower().as_deref() {
        // Not `isn't`, which is two tokens as well.
        Some("is") => {
            cursor.is_word(1 + not, "set") && cursor.span().end != cursor.span_at(1).start
        }
        Some("in" | "between" | "contains") => value(1),
        Some("starts" | "ends") => with,
        _ => *cursor.kind() == Kind::Not && cursor.is_word(1, "in"),
    }
}

/// A word such as `null` behind `is`, which is no value; alone it is none of the table.
fn empty_word(cursor: &Cursor, ahead: usize) -> Option<(&'static str, Meant, usize)> {
    let empty = ahead > 0 && EMPTY_WORDS.iter().any(|word| cursor.is_word(ahead, word));
    let value_follows = is_value(cursor.kind_at(ahead + 1)) || cursor.is_word(ahead + 1, "of");
    (empty && !value_follows).then_some(("null", Unset, 1))
}

/// Whether a phrase with nothing in front can be one, and is not the next condition's field.
fn begins_a_test(cursor: &Cursor, found: &str, meant: Meant, words: usize) -> bool {
    let value = is_value(cursor.kind_at(words));
    let word = *cursor.kind_at(words) == Kind::Word;
    match meant {
        Set | Unset => matches!(
            cursor.kind_at(words),
            Kind::End | Kind::And | Kind::Or | Kind::RightParen | Kind::Comma
        ),
        Compare(Equal) | Part(_) | NoPart(_) | In | NotIn => {
            !matches!(cursor.kind_at(words), Kind::Op(_))
        }
        Window(_) => matches!(cursor.kind_at(words), Kind::Number(_)) || found.contains(' '),
        Compare(_) | Age(_) => {
            value || word && TIME_WORDS.iter().any(|time| cursor.is_word(words, time))
        }
        _ => true,
    }
}

/// Whether a token is a value by itself.
pub(super) fn is_value(kind: &Kind) -> bool {
    matches!(kind, Kind::Text(_) | Kind::Number(_) | Kind::Date(_) | Kind::DateTime(_))
}

/// Reads a phrase and its values, says how that is written, and takes it for that.
pub(super) fn phrased(cursor: &mut Cursor, field: &FieldPath, phrase: Phrase) -> Option<Asked> {
    let start = cursor.span();
    let like =
        cursor.word_at(phrase.words - 1).is_some_and(|word| word.to_lowercase().ends_with("like"));
    let mut end = start;
    for _ in 0..phrase.words {
        end = cursor.bump();
    }
    let before = cursor.fault_count();
    let meant = if *cursor.kind() == Kind::LeftBracket
        && matches!(phrase.meant, Compare(Equal | NotEqual))
    {
        if phrase.meant == Compare(Equal) { In } else { NotIn }
    } else {
        phrase.meant
    };
    let negated = phrase.negated;
    let (asked, whole) = match meant {
        Set => (Some((Test::IsSet { negated }, false)), Some(is_set(field, negated))),
        Unset => (Some((Test::IsSet { negated: !negated }, false)), Some(is_set(field, !negated))),
        Compare(op) => compared(cursor, field, op, None, negated),
        Age(op) => compared(cursor, field, op, Some(Side::Past), negated),
        Window(side) => (Some(unclear()), window(cursor, field, side, negated)),
        In => among(cursor, field, negated),
        NotIn => among(cursor, field, !negated),
        Between => between(cursor, field, negated),
        Part(operator) => part(cursor, field, operator, like, negated),
        NoPart(operator) => part(cursor, field, operator, false, !negated),
        AnyPart(operator) => parts(cursor, field, operator, " or ", negated),
        AllParts(operator) => parts(cursor, field, operator, " and ", negated),
        NoParts(operator) => parts(cursor, field, operator, " or ", !negated),
    };
    let span = start.to(end);
    let message = format!("{} is not an operator", shown(span.of(cursor.text())));
    let sound = whole.filter(|_| cursor.fault_count() == before);
    let help = match sound {
        Some(whole) => whole,
        None => format!("write {}", shown(&operator(meant, negated))),
    };
    cursor.fault(span, message, help);
    asked
}

/// A test of which only the field counts.
fn unclear() -> Asked {
    (Test::IsSet { negated: false }, false)
}

fn is_set(field: &FieldPath, negated: bool) -> String {
    advice(&format!("{field} {}", if negated { "is not set" } else { "is set" }))
}

/// The operator alone, where the values behind it could not be read.
fn operator(meant: Meant, negated: bool) -> String {
    match (meant, negated) {
        (Set, false) | (Unset, true) => "is set".to_owned(),
        (Set, true) | (Unset, false) => "is not set".to_owned(),
        (Compare(Equal), true) => NotEqual.to_string(),
        (Compare(NotEqual), true) => Equal.to_string(),
        (Compare(op), _) => op.to_string(),
        (Age(op), _) => format!("days since … {op}"),
        (Window(Side::Past), _) => "days since … <=".to_owned(),
        (Window(Side::Future), _) => "days until … <=".to_owned(),
        (In, false) | (NotIn, true) => "in".to_owned(),
        (In, true) | (NotIn, false) => "not in".to_owned(),
        (Between, _) => "between".to_owned(),
        (
            Part(operator) | NoPart(operator) | AnyPart(operator) | AllParts(operator)
            | NoParts(operator),
            _,
        ) => operator.to_owned(),
    }
}

/// Reads the value of a comparison: one value, nothing, a day word, or a stretch of time.
fn compared(
    cursor: &mut Cursor,
    field: &FieldPath,
    op: Comparison,
    side: Option<Side>,
    negated: bool,
) -> (Option<Asked>, Option<String>) {
    if !op.is_ordering() && EMPTY_WORDS.iter().any(|word| cursor.is_word(0, word)) {
        cursor.bump();
        let negated = (op == NotEqual) == negated;
        return (Some((Test::IsSet { negated }, false)), Some(is_set(field, negated)));
    }
    let Some(value) = literal(cursor) else { return (None, None) };
    if let Some(help) = measured(cursor, field, op, &value, side, negated) {
        return (Some(unclear()), Some(help));
    }
    let help = advice(&sentence(field, op, &value, negated));
    (Some((Test::Compare { op, value }, negated)), Some(help))
}

/// Reads the values after `any of`, in brackets or not.
fn among(cursor: &mut Cursor, field: &FieldPath, negated: bool) -> (Option<Asked>, Option<String>) {
    if matches!(cursor.kind(), Kind::Number(_)) && begins_unit(cursor, 1) {
        let Some(count) = literal(cursor) else { return (None, None) };
        let help = measured(cursor, field, LessOrEqual, &count, None, negated);
        return (Some(unclear()), help);
    }
    let Some(set) = loose_set(cursor) else { return (None, None) };
    let operator = if negated { "not in" } else { "in" };
    let help = advice(&format!("{field} {operator} {set}"));
    (Some((Test::In { set, negated }, false)), Some(help))
}

/// A list, values in brackets or parentheses, or values one behind the other.
fn loose_set(cursor: &mut Cursor) -> Option<SetOf> {
    let open = cursor.span();
    match cursor.kind() {
        Kind::LeftBracket => set(cursor),
        Kind::LeftParen => cursor.pardoned(open, set),
        Kind::Word => match reference(cursor.word_at(0)?, open) {
            Some(list) => {
                cursor.bump();
                Some(SetOf::List(list))
            }
            None => in_a_row(cursor),
        },
        _ => in_a_row(cursor),
    }
}

/// Values with commas, `or`, `nor` or `and` between them.
fn in_a_row(cursor: &mut Cursor) -> Option<SetOf> {
    let mut values = vec![literal(cursor)?];
    loop {
        let joint =
            matches!(cursor.kind(), Kind::Comma | Kind::Or | Kind::And) || cursor.is_word(0, "nor");
        let goes_on =
            joint && is_value(cursor.kind_at(1)) && !matches!(cursor.kind_at(2), Kind::Op(_));
        if !goes_on || (cursor.listing && *cursor.kind() == Kind::Comma) {
            return Some(SetOf::Values(values));
        }
        cursor.bump();
        values.extend(literal(cursor));
    }
}

fn between(
    cursor: &mut Cursor,
    field: &FieldPath,
    negated: bool,
) -> (Option<Asked>, Option<String>) {
    let Some((low, high)) = super::condition::bounds(cursor) else { return (None, None) };
    let inside = format!("{field} between {low} and {high}");
    let whole = if negated { format!("not ({inside})") } else { inside };
    (Some((Test::Between { low, high }, negated)), Some(advice(&whole)))
}

/// Reads the one value of `contains` and its like; several are joined.
fn part(
    cursor: &mut Cursor,
    field: &FieldPath,
    operator: &'static str,
    like: bool,
    negated: bool,
) -> (Option<Asked>, Option<String>) {
    if matches!(cursor.kind(), Kind::LeftBracket | Kind::LeftParen) {
        return parts(cursor, field, operator, " or ", negated);
    }
    let Some(value) = literal(cursor) else { return (None, None) };
    let pattern = pattern(&value.value).filter(|_| like);
    let asked = pattern.unwrap_or_else(|| format!("{operator} {value}"));
    let whole = if negated { format!("not ({field} {asked})") } else { format!("{field} {asked}") };
    let test = match operator {
        STARTS => Test::StartsWith(value),
        ENDS => Test::EndsWith(value),
        _ => Test::Contains(value),
    };
    (Some((test, negated)), Some(advice(&whole)))
}

/// Reads several values, each of which is looked for.
fn parts(
    cursor: &mut Cursor,
    field: &FieldPath,
    operator: &'static str,
    joint: &str,
    negated: bool,
) -> (Option<Asked>, Option<String>) {
    let Some(set) = loose_set(cursor) else { return (None, None) };
    let SetOf::Values(values) = set else { return (Some(unclear()), None) };
    let whole = spread(field, operator, &values, joint, negated);
    (Some(unclear()), whole.map(|whole| advice(&whole)))
}

/// `contains` for each of several values.
pub(super) fn spread(
    field: &FieldPath,
    operator: &str,
    values: &[Literal],
    joint: &str,
    negated: bool,
) -> Option<String> {
    let each: Vec<String> =
        values.iter().map(|value| format!("{field} {operator} {value}")).collect();
    let all = each.join(joint);
    match (each.len(), negated) {
        (0, _) => None,
        (1, false) => Some(all),
        (_, false) => Some(format!("({all})")),
        (_, true) => Some(format!("not ({all})")),
    }
}
