//! Reading exports: whatever writes them, what was meant is what is read, or it is said.

mod columns;
mod forms;
mod hostile;
#[cfg(feature = "parquet")]
mod parquet;
mod round_trip;

use opmodel::criteria::{Record, Value};
use opmodel::document::Limits;
use opmodel::load::{self, ModelScope};
use opmodel::model::Model;
use opmodel::records::{
    Field, Form, Forms, Input, Opened, Pace, Questions, Read, RecordsError, Reject, begin, fields,
    open, scan,
};
use opmodel::source::{RawContent, RawFile};

/// Leads with a field of each kind, known to two systems.
const MODEL: &str = r#"
[model]
format = 1
currency = "EUR"
[object.lead]
key_field = "id"
[object.account]
name = "Account"
systems = { crm = "Account" }
[system.crm]
[system.mail]
[field.lead.id]
type = "text"
columns = { crm = "Id", mail = "vid" }
[field.lead.note]
name = "Note"
type = "text"
columns = { crm = "Description", mail = "notes" }
[field.lead.forecast]
name = "Forecast category"
type = "choice"
values = ["Forecast", "Pipeline", "GTX Pro"]
label = [{ id = "forecast", value = "Forecast", words = ["Commit", "Zusage"] }]
columns = { crm = "ForecastCategory", mail = "forecast" }
[field.lead.tags]
name = "Tags"
type = "choices"
values = ["a", "b", "c"]
columns = { crm = "Tags__c" }
[field.lead.budget]
name = "Budget confirmed"
type = "bool"
columns = { crm = "Budget_Confirmed__c" }
[field.lead.employees]
name = "Employees"
formerly = ["headcount", "note"]
type = "integer"
columns = { crm = "NumberOfEmployees" }
[field.lead.score]
name = "Score"
type = "number"
columns = { crm = "Score__c" }
[field.lead.revenue]
name = "Annual revenue"
type = "money"
columns = { crm = "AnnualRevenue" }
[field.lead.closes]
name = "Closes"
type = "date"
columns = { crm = "CloseDate" }
[field.lead.created]
name = "Created"
type = "datetime"
columns = { crm = "CreatedDate" }
[field.lead.account]
name = "Account"
type = "reference"
object = "account"
columns = { crm = "AccountId" }
[field.account.industry]
name = "Industry"
formerly = ["trade"]
type = "choice"
values = ["Software"]
columns = { crm = "Industry" }
[field.account.parent]
name = "Parent"
type = "reference"
object = "account"
columns = { crm = "ParentId" }
[segment.held]
object = "lead"
when = "account.parent.parent.industry = 'Software'"
"#;

fn model() -> Model {
    let content = RawContent::Bytes(MODEL.as_bytes().to_vec());
    let file = RawFile { path: "model/all.toml".to_owned(), content };
    load::read(vec![file], Limits::default()).model
}

fn leads() -> Vec<Field> {
    let model = model();
    fields(&ModelScope::new(&model), "lead")
}

/// What came of an input.
struct Outcome {
    records: Vec<(u64, Record)>,
    rejects: Vec<Reject>,
    read: Read,
}

impl Outcome {
    /// What a field holds in the record on so manieth place.
    fn value(&self, place: usize, field: &str) -> Option<&Value> {
        self.records[place].1.get(field)
    }

    fn texts(&self, field: &str) -> Vec<Option<String>> {
        let text = |(_, record): &(u64, Record)| match record.get(field) {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(value) => Some(value.to_string()),
            None => None,
        };
        self.records.iter().map(text).collect()
    }

    fn why(&self) -> Vec<String> {
        self.rejects.iter().map(|reject| format!("{}: {}", reject.line, reject.why)).collect()
    }
}

fn scanned(opened: Opened<'_>, fields: &[Field]) -> Result<Outcome, RecordsError> {
    let mut questions = Questions::new("lead", fields, jiff::Timestamp::UNIX_EPOCH);
    questions.count_all();
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    let read = scan(
        vec![opened],
        &questions,
        Pace::of(2),
        Vec::new,
        |part: &mut Vec<(u64, Record)>, row| part.push((row.line(), row.record())),
        |part, more| {
            records.extend(part);
            rejects.extend(more);
            Ok::<(), RecordsError>(())
        },
    )?;
    Ok(Outcome { records, rejects, read })
}

/// Reads bytes as leads.
fn read_as(bytes: &[u8], system: Option<&str>, form: &Form) -> Result<Outcome, RecordsError> {
    let fields = leads();
    let opened = open(Input::new("leads.csv", bytes), &fields, system, form)?;
    scanned(opened, &fields)
}

fn read(bytes: impl AsRef<[u8]>) -> Outcome {
    read_as(bytes.as_ref(), None, &Form::default()).expect("a readable export")
}

fn refused(bytes: impl AsRef<[u8]>) -> String {
    match read_as(bytes.as_ref(), None, &Form::default()) {
        Ok(_) => panic!("it was read"),
        Err(error) => error.to_string(),
    }
}

/// The forms in which several systems write.
fn by_system(forms: &[(&str, Form)]) -> Forms {
    let systems = forms.iter().map(|(system, form)| ((*system).to_owned(), form.clone())).collect();
    Forms { asked: Form::default(), systems }
}

fn read_by(bytes: &[u8], forms: &Forms) -> Outcome {
    let fields = leads();
    let begun = begin(Input::new("leads.csv", bytes)).expect("a beginning");
    scanned(begun.open(&fields, None, forms).expect("a header"), &fields).expect("rows")
}
