//! Reviews of a pull request, as GitHub's REST API returns them.

use super::approval::{Approval, ApprovalSource, CountsFor, Signer};
use crate::document::json_fault;
use crate::git::ObjectId;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// Why a file of reviews cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewsError {
    /// It is not JSON.
    #[error("line {line}, column {column}: this is not JSON: {reason}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// It is JSON, and not a list of reviews.
    #[error("{place}: {reason}")]
    Shape {
        /// Which review, or the file as a whole.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl ReviewsError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        "write the file with `gh api --paginate repos/OWNER/REPOSITORY/pulls/NUMBER/reviews`"
    }
}

/// What a person last said.
#[derive(Clone, Copy)]
struct Last<'a> {
    review: Review<'a>,
    had_approved: bool,
}

/// One review that says yes or no.
#[derive(Clone, Copy)]
struct Review<'a> {
    login: &'a str,
    state: State,
    when: Option<&'a str>,
    commit: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Approved,
    ChangesRequested,
    Dismissed,
}

/// The approvals in a file of reviews: what each person said last, in order of login.
///
/// The file may hold several lists behind each other or in a list of their own, as the pages of a
/// long answer come. A comment takes nothing back; a request for changes and a dismissal do, and
/// such an approval comes with the reason it does not stand any more.
///
/// # Errors
/// The text is not JSON, or is not what the forge returns.
pub fn reviews(json: &str) -> Result<Vec<Approval>, ReviewsError> {
    let pages = pages(json)?;
    let mut said = Vec::new();
    for (at, item) in pages.iter().flat_map(items).enumerate() {
        said.extend(review(item, at + 1)?);
    }
    // GitHub writes instants in one form, so that their text is in their order.
    said.sort_by_key(|review| review.when);
    let mut last: BTreeMap<String, Last<'_>> = BTreeMap::new();
    for review in said {
        let login = review.login.to_lowercase();
        let had_approved = last.get(&login).is_some_and(|last| last.had_approved);
        let had_approved = had_approved || review.state == State::Approved;
        last.insert(login, Last { review, had_approved });
    }
    Ok(last.into_values().filter_map(approval).collect())
}

/// The values of a file, one behind the other.
fn pages(json: &str) -> Result<Vec<Json>, ReviewsError> {
    let text = json.strip_prefix('\u{feff}').unwrap_or(json);
    let mut pages = Vec::new();
    for page in serde_json::Deserializer::from_str(text).into_iter::<Json>() {
        let page = page.map_err(|error| syntax(&error))?;
        if !page.is_array() {
            return Err(whole(not_a_list(&page)));
        }
        pages.push(page);
    }
    if pages.is_empty() {
        return Err(whole("the file is empty; no review at all is written `[]`"));
    }
    Ok(pages)
}

fn syntax(error: &serde_json::Error) -> ReviewsError {
    ReviewsError::Syntax { line: error.line(), column: error.column(), reason: json_fault(error) }
}

fn not_a_list(page: &Json) -> &'static str {
    match page.get("message") {
        Some(_) => "this is an error message of the forge, not a list of reviews",
        None => "a list of reviews is wanted here",
    }
}

fn whole(reason: impl Into<String>) -> ReviewsError {
    ReviewsError::Shape { place: "the file as a whole".to_owned(), reason: reason.into() }
}

/// The reviews of a page; a page may be a list of pages.
fn items(page: &Json) -> Vec<&Json> {
    let items = page.as_array().into_iter().flatten();
    items
        .flat_map(|item| match item {
            Json::Array(inner) => inner.iter().collect(),
            item => vec![item],
        })
        .collect()
}

/// A review, where it says yes or no and somebody gave it.
fn review(item: &Json, number: usize) -> Result<Option<Review<'_>>, ReviewsError> {
    let wrong = |reason: &str| {
        let reason = reason.to_owned();
        Err(ReviewsError::Shape { place: format!("review {number}"), reason })
    };
    let Some(table) = item.as_object() else { return wrong("it is not an object") };
    let Some(state) = text(table, "state") else { return wrong("it has no `state`") };
    let state = match state.to_ascii_uppercase().as_str() {
        "APPROVED" => State::Approved,
        "CHANGES_REQUESTED" => State::ChangesRequested,
        "DISMISSED" => State::Dismissed,
        _ => return Ok(None),
    };
    let login = match table.get("user") {
        // The account was deleted since.
        Some(Json::Null) => return Ok(None),
        Some(Json::Object(user)) => text(user, "login"),
        _ => None,
    };
    let Some(login) = login else { return wrong("it has no `user.login`") };
    let (when, commit) = (text(table, "submitted_at"), text(table, "commit_id"));
    Ok(Some(Review { login, state, when, commit }))
}

fn text<'a>(table: &'a Map<String, Json>, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Json::as_str)
}

/// The approval that somebody's last word is, or was.
fn approval(last: Last<'_>) -> Option<Approval> {
    let Last { review, had_approved } = last;
    let withdrawn = match review.state {
        State::Approved => None,
        State::Dismissed => Some("the review was dismissed"),
        State::ChangesRequested if had_approved => Some("changes were requested afterwards"),
        State::ChangesRequested => return None,
    };
    let by = Signer { login: Some(review.login.to_owned()), ..Signer::default() };
    let commit = review.commit.and_then(ObjectId::from_hex);
    let counts_for = commit.map_or_else(|| CountsFor::Only(BTreeSet::new()), CountsFor::At);
    let mut approval = Approval::new(by, ApprovalSource::Review, counts_for);
    approval.when = review.when.map(str::to_owned);
    approval.withdrawn = withdrawn;
    Some(approval)
}
