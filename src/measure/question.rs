//! A condition put to the records of an export, as far as the export has the columns for it.

use crate::criteria::{self, Expr, Node, Test};
use crate::load::{Criterion, ModelScope};
use crate::measure::columns::{Columns, Lacking};
use crate::records::{Asked, Questions, Row, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked of a record, and how far it can be answered.
#[derive(Debug, Clone)]
pub enum Question {
    /// It has an answer for every record.
    Asked(Asked),
    /// Columns are missing: it holds where `surely` does, and cannot where `perhaps` does not.
    Between {
        /// What it says of the records of files that have all columns, where there are such files.
        whole: Option<Asked>,
        /// Which files lack a column.
        lacking: Lacking,
        /// It holds whatever stood in those columns.
        surely: Asked,
        /// It could hold.
        perhaps: Asked,
        /// The fields without a column in every file.
        missing: Vec<String>,
        /// Whether some file has a column for one of them.
        partly: bool,
    },
    /// Nobody knows what it says; why.
    Unanswered(String),
}

impl Question {
    /// The answer for a record, where there is one.
    pub fn answer(&self, row: &Row<'_>) -> Option<bool> {
        match self {
            Self::Asked(asked) => Some(row.holds(*asked)),
            Self::Between { whole: Some(whole), lacking, .. } if lacking.allows(row.input()) => {
                Some(row.holds(*whole))
            }
            Self::Between { surely, .. } if row.holds(*surely) => Some(true),
            Self::Between { perhaps, .. } if !row.holds(*perhaps) => Some(false),
            Self::Between { .. } | Self::Unanswered(_) => None,
        }
    }

    /// The fields it asks for that have no column.
    pub fn missing(&self) -> &[String] {
        match self {
            Self::Between { missing, .. } => missing,
            _ => &[],
        }
    }

    /// Whether some file has a column for one of the fields that not every file has.
    pub fn is_missing_partly(&self) -> bool {
        matches!(self, Self::Between { partly: true, .. })
    }

    /// Why it has no answer for some records, or for any.
    pub fn why(&self) -> Option<String> {
        match self {
            Self::Asked(_) => None,
            Self::Between { missing, partly, .. } => Some(no_column(missing, *partly)),
            Self::Unanswered(why) => Some(why.clone()),
        }
    }
}

/// ``there is no column for `employees` and `country` ``; where some file has one of them, that not
/// every file does.
pub(crate) fn no_column(fields: &[String], partly: bool) -> String {
    let quoted: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    let listed = match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    };
    let told = if partly { "not every file has a column" } else { "there is no column" };
    format!("{told} for {listed}")
}

/// Questions being put together.
pub struct Asking<'q, 'a, 'm> {
    /// The model.
    pub scope: &'a ModelScope<'m>,
    /// What is asked so far.
    pub questions: &'q mut Questions<'a>,
    /// Which columns there are.
    pub columns: &'q Columns,
    /// The type of the records.
    pub object: &'q str,
    /// The fields that were asked for and have no column in every file.
    pub lacking: BTreeSet<String>,
    /// The fields that were asked for since somebody last looked.
    pub asked: BTreeSet<String>,
}

impl<'q, 'a, 'm> Asking<'q, 'a, 'm> {
    /// Nothing asked yet of records of an object.
    pub fn new(
        scope: &'a ModelScope<'m>,
        questions: &'q mut Questions<'a>,
        columns: &'q Columns,
        object: &'q str,
    ) -> Self {
        Self { scope, questions, columns, object, lacking: BTreeSet::new(), asked: BTreeSet::new() }
    }

    /// Asks whether a criterion holds.
    pub fn criterion(&mut self, criterion: &Criterion<'_>) -> Question {
        match sound(criterion) {
            Ok(expr) => self.expr(expr),
            Err(why) => Question::Unanswered(why),
        }
    }

    /// Asks whether an expression holds.
    pub fn expr(&mut self, expr: &Expr) -> Question {
        let whole = match criteria::expand(expr, self.scope) {
            Ok(whole) => whole,
            Err(why) => return Question::Unanswered(why.to_string()),
        };
        let fields = criteria::fields(&whole).into_iter();
        self.asked.extend(fields.map(|field| field.name().into_owned()));
        let missing = self.missing(&whole);
        if missing.is_empty() {
            return match self.questions.condition(self.scope, expr) {
                Ok(asked) => Question::Asked(asked),
                Err(why) => Question::Unanswered(why.to_string()),
            };
        }
        let mut bound = |hopeful| {
            let expr = within(&whole, self.columns, hopeful);
            self.questions.condition(self.scope, &expr)
        };
        let (surely, perhaps) = match (bound(false), bound(true)) {
            (Ok(surely), Ok(perhaps)) => (surely, perhaps),
            (Err(why), _) | (_, Err(why)) => return Question::Unanswered(why.to_string()),
        };
        let partly = missing.iter().any(|field| self.columns.any(field));
        let lacking = self.columns.lacking(missing.iter().map(String::as_str));
        let some = lacking.files.len() < self.columns.names().count();
        let whole = some.then(|| self.questions.condition(self.scope, expr).ok()).flatten();
        Question::Between { whole, lacking, surely, perhaps, missing, partly }
    }

    /// Asks whether a field is set.
    pub fn is_set(&mut self, path: &str) -> Question {
        self.expr(&Expr::atom(path, Test::IsSet { negated: false }))
    }

    /// Asks a criterion that must have an answer for every record.
    ///
    /// # Errors
    /// Why it has none.
    pub fn surely(&mut self, criterion: &Criterion<'_>) -> Result<Asked, String> {
        match self.criterion(criterion) {
            Question::Asked(asked) => Ok(asked),
            other => Err(other.why().unwrap_or_default()),
        }
    }

    /// The criterion at an address, asked for every record.
    ///
    /// # Errors
    /// Why it has no answer; nothing is asked where there is no such criterion.
    pub fn surely_at(&mut self, address: &str) -> Result<Option<Asked>, String> {
        let scope = self.scope;
        let found = scope.criteria_below(address).find(|c| c.address.as_str() == address);
        found.map(|criterion| self.surely(criterion)).transpose()
    }

    /// Asks for the values of a field.
    ///
    /// # Errors
    /// Why there are none.
    pub fn slot(&mut self, path: &str) -> Result<Slot, String> {
        if self.scope.field_at(self.object, path).is_none() {
            return Err(format!("`{}` has no field `{path}`", self.object));
        }
        let lacks = self.columns.lacks(path);
        if let Some(slot) = self.questions.field(path).filter(|_| !lacks) {
            self.asked.insert(path.to_owned());
            return Ok(slot);
        }
        self.lacking.insert(path.to_owned());
        Err(no_column(&[path.to_owned()], self.columns.any(path)))
    }

    /// The fields of an expression without references that have no column, each once.
    fn missing(&mut self, whole: &Expr) -> Vec<String> {
        let mut missing: Vec<String> = Vec::new();
        for field in criteria::fields(whole) {
            let name = field.name();
            if self.columns.lacks(&name) && !missing.iter().any(|known| *known == name) {
                missing.push(name.into_owned());
            }
        }
        self.lacking.extend(missing.iter().cloned());
        missing
    }
}

/// What a criterion says, where nothing is wrong with it.
fn sound<'c>(criterion: &'c Criterion<'_>) -> Result<&'c Expr, String> {
    if let Some(fault) = criterion.faults.first() {
        return Err(format!("the criterion cannot be read: {}", fault.message));
    }
    criterion.expr.as_deref().ok_or_else(|| "the criterion cannot be read".to_owned())
}

/// So many tests at most are tried both ways.
const TRIED: usize = 4;

/// The expression that holds where another could, or where it does whatever stood in fields without a
/// column: every test of these turns out well, or badly. One that stands both plain and negated cannot do
/// either everywhere, and is tried both ways.
fn within(expr: &Expr, columns: &Columns, hopeful: bool) -> Expr {
    let mut ways: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    unknown(expr, columns, true, &mut ways);
    let both = ways.into_iter().filter(|(_, ways)| ways.len() > 1).map(|(words, _)| words);
    let both: Vec<String> = both.take(TRIED).collect();
    let tried = (0..1_usize << both.len()).map(|way| {
        let holds = |words: &str| {
            let place = both.iter().position(|tried| tried == words)?;
            Some(way >> place & 1 == 1)
        };
        bounded(expr, columns, hopeful, &holds)
    });
    let tried: Vec<Expr> = tried.collect();
    if let [only] = tried.as_slice() {
        return only.clone();
    }
    let node = if hopeful { Node::Or(tried) } else { Node::And(tried) };
    Expr { span: expr.span, node }
}

/// The tests of fields without a column in their words, and whether each stands plain, negated or both.
fn unknown(
    expr: &Expr,
    columns: &Columns,
    plain: bool,
    ways: &mut BTreeMap<String, BTreeSet<bool>>,
) {
    match &expr.node {
        Node::Atom(atom) if columns.lacks(&atom.field.name()) => {
            ways.entry(expr.to_string()).or_default().insert(plain);
        }
        Node::Not(operand) => unknown(operand, columns, !plain, ways),
        _ => expr.operands().iter().for_each(|it| unknown(it, columns, plain, ways)),
    }
}

/// The expression with every test of a field without a column taken as it is known to turn out, and else
/// well, or badly.
fn bounded(
    expr: &Expr,
    columns: &Columns,
    hopeful: bool,
    holds: &dyn Fn(&str) -> Option<bool>,
) -> Expr {
    let each = |operands: &[Expr]| -> Vec<Expr> {
        operands.iter().map(|operand| bounded(operand, columns, hopeful, holds)).collect()
    };
    let node = match &expr.node {
        Node::Or(operands) => Node::Or(each(operands)),
        Node::And(operands) => Node::And(each(operands)),
        Node::AtLeast { count, of } => Node::AtLeast { count: *count, of: each(of) },
        Node::Not(operand) => Node::Not(Box::new(bounded(operand, columns, !hopeful, holds))),
        Node::Atom(atom) if columns.lacks(&atom.field.name()) => {
            if holds(&expr.to_string()).unwrap_or(hopeful) {
                Node::And(Vec::new())
            } else {
                Node::Or(Vec::new())
            }
        }
        Node::Atom(_) | Node::Reference(_) => expr.node.clone(),
    };
    Expr { span: expr.span, node }
}
