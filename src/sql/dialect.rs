//! What differs between the databases: quoting, types, and the few functions that criteria need.

use crate::criteria::FieldKind;

/// A database whose SQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// `PostgreSQL`, from version 11 on.
    Postgres,
    /// `DuckDB`.
    DuckDb,
    /// Snowflake.
    Snowflake,
    /// `BigQuery`, its standard SQL.
    BigQuery,
    /// Spark SQL, from version 3.4 on, in its ANSI mode.
    Spark,
}

use Dialect::{BigQuery, DuckDb, Postgres, Snowflake, Spark};

/// The longest name that every database takes.
pub(super) const LONGEST_NAME: usize = 63;

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 5] = [Postgres, DuckDb, Snowflake, BigQuery, Spark];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Postgres => "PostgreSQL",
            DuckDb => "DuckDB",
            Snowflake => "Snowflake",
            BigQuery => "BigQuery",
            Spark => "Spark",
        }
    }

    /// A name in quotes.
    pub(super) fn quoted(self, name: &str) -> String {
        match self {
            Postgres | DuckDb | Snowflake => format!("\"{}\"", name.replace('"', "\"\"")),
            BigQuery => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
            Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// A name of our own making, in the letter case in which it can be written without quotes.
    pub(super) fn own(self, name: &str) -> String {
        if self == Snowflake { name.to_ascii_uppercase() } else { name.to_owned() }
    }

    /// A text as a literal; none where the database has no way to write it.
    pub(super) fn text(self, text: &str) -> Option<String> {
        if text.contains('\0') {
            return None;
        }
        let doubled = |text: &str| text.replace('\'', "''");
        Some(match self {
            Postgres | DuckDb => format!("'{}'", doubled(text)),
            Snowflake => format!("'{}'", doubled(&text.replace('\\', "\\\\"))),
            BigQuery | Spark => {
                let mut escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
                for (letter, written) in [('\n', "\\n"), ('\r', "\\r")] {
                    escaped = escaped.replace(letter, written);
                }
                format!("'{escaped}'")
            }
        })
    }

    /// A number as a literal.
    pub(super) fn number(self, number: &str) -> String {
        // A literal with a point is a float there, which is not exact.
        if self == BigQuery && number.contains('.') {
            return format!("NUMERIC '{number}'");
        }
        number.to_owned()
    }

    /// The type of texts.
    pub(super) fn text_type(self) -> &'static str {
        match self {
            Postgres => "TEXT",
            DuckDb | Snowflake => "VARCHAR",
            BigQuery | Spark => "STRING",
        }
    }

    /// A text without the room around it: spaces, those that do not break too, tabs, and ends of
    /// lines. Each database on its own takes away another part of them.
    pub(super) fn trimmed(self, text: &str) -> String {
        self.without_around(text, self.room())
    }

    /// The letters of room, as a text.
    fn room(self) -> &'static str {
        match self {
            Postgres => "E' \\t\\n\\r\\u00A0'",
            DuckDb => "E' \\t\\n\\r' || CHR(160)",
            Snowflake | BigQuery | Spark => "' \\t\\n\\r' || CHR(160)",
        }
    }

    /// A text without any of some letters around it.
    pub(super) fn without_around(self, text: &str, letters: &str) -> String {
        match self {
            Postgres => format!("BTRIM({text}, {letters})"),
            DuckDb | Snowflake | BigQuery => format!("TRIM({text}, {letters})"),
            Spark => format!("TRIM(BOTH {letters} FROM {text})"),
        }
    }

    /// A text of several values with one `;` between them, and neither room nor a `;` around any.
    pub(super) fn parted(self, text: &str) -> String {
        let room = self.room();
        let between = format!("'[;' || {room} || ']*;[;' || {room} || ']*'");
        let all = match self {
            Postgres | DuckDb => ", 'g'",
            Snowflake | BigQuery | Spark => "",
        };
        self.without_around(&format!("REGEXP_REPLACE({text}, {between}, ';'{all})"), "';'")
    }

    /// A text of several values with `;` between them, each value once, in one order.
    pub(super) fn each_once(self, text: &str) -> String {
        match self {
            Postgres => format!(
                "(SELECT STRING_AGG(DISTINCT u.part, ';' ORDER BY u.part) \
                 FROM UNNEST(STRING_TO_ARRAY({text}, ';')) AS u (part))"
            ),
            DuckDb => {
                format!("ARRAY_TO_STRING(LIST_SORT(LIST_DISTINCT(STRING_SPLIT({text}, ';'))), ';')")
            }
            Snowflake => {
                format!("ARRAY_TO_STRING(ARRAY_SORT(ARRAY_DISTINCT(SPLIT({text}, ';'))), ';')")
            }
            BigQuery => format!(
                "NULLIF(ARRAY_TO_STRING(ARRAY(SELECT DISTINCT part \
                 FROM UNNEST(SPLIT({text}, ';')) AS part ORDER BY part), ';'), '')"
            ),
            Spark => format!("ARRAY_JOIN(ARRAY_SORT(ARRAY_DISTINCT(SPLIT({text}, ';'))), ';')"),
        }
    }

    /// The type of instants.
    pub(super) fn instant_type(self) -> &'static str {
        match self {
            Postgres | DuckDb => "TIMESTAMPTZ",
            Snowflake => "TIMESTAMP_TZ",
            BigQuery | Spark => "TIMESTAMP",
        }
    }

    /// The type of a field's values.
    pub(super) fn type_of(self, kind: FieldKind) -> &'static str {
        match kind {
            FieldKind::Choice | FieldKind::Choices | FieldKind::Text | FieldKind::Reference => {
                self.text_type()
            }
            FieldKind::Bool => match self {
                BigQuery => "BOOL",
                _ => "BOOLEAN",
            },
            FieldKind::Integer | FieldKind::Number | FieldKind::Money => match self {
                Postgres | BigQuery => "NUMERIC",
                DuckDb | Spark => "DECIMAL(38, 10)",
                Snowflake => "NUMBER(38, 10)",
            },
            FieldKind::Date => "DATE",
            FieldKind::DateTime => self.instant_type(),
        }
    }

    /// Whether a text has a part.
    pub(super) fn contains(self, text: &str, part: &str, does: bool) -> String {
        let sign = if does { ">" } else { "=" };
        match self {
            Postgres | DuckDb | BigQuery => format!("STRPOS({text}, {part}) {sign} 0"),
            Snowflake => format!("CHARINDEX({part}, {text}) {sign} 0"),
            Spark => format!("LOCATE({part}, {text}) {sign} 0"),
        }
    }

    /// Whether a text starts with a part.
    pub(super) fn starts_with(self, text: &str, part: &str) -> String {
        match self {
            Postgres | DuckDb | BigQuery => format!("STARTS_WITH({text}, {part})"),
            Snowflake | Spark => format!("STARTSWITH({text}, {part})"),
        }
    }

    /// Whether a text ends with a part of so many letters.
    pub(super) fn ends_with(self, text: &str, part: &str, letters: usize) -> String {
        match self {
            Postgres => format!("RIGHT({text}, {letters}) = {part}"),
            DuckDb | BigQuery => format!("ENDS_WITH({text}, {part})"),
            Snowflake | Spark => format!("ENDSWITH({text}, {part})"),
        }
    }

    /// A day some days later, or earlier.
    pub(super) fn day_moved(self, day: &str, days: i64) -> String {
        let (sign, count) = signed(days);
        match self {
            _ if days == 0 => day.to_owned(),
            Postgres | DuckDb => format!("{day} {sign} {count}"),
            Snowflake => format!("DATEADD(day, {days}, {day})"),
            BigQuery if days < 0 => format!("DATE_SUB({day}, INTERVAL {count} DAY)"),
            BigQuery => format!("DATE_ADD({day}, INTERVAL {count} DAY)"),
            Spark if days < 0 => format!("DATE_SUB({day}, {count})"),
            Spark => format!("DATE_ADD({day}, {count})"),
        }
    }

    /// An instant some hours or minutes later, or earlier. Hours, because a day of a session's time
    /// zone may have 23 of them.
    pub(super) fn instant_moved(self, instant: &str, amount: i64, unit: &str) -> String {
        let (sign, count) = signed(amount);
        match self {
            _ if amount == 0 => instant.to_owned(),
            Postgres | DuckDb => {
                let s = if count == 1 { "" } else { "s" };
                format!("{instant} {sign} INTERVAL '{count} {unit}{s}'")
            }
            Snowflake => format!("DATEADD({unit}, {amount}, {instant})"),
            BigQuery => {
                let function = if amount < 0 { "TIMESTAMP_SUB" } else { "TIMESTAMP_ADD" };
                format!("{function}({instant}, INTERVAL {count} {})", unit.to_ascii_uppercase())
            }
            Spark => {
                format!("{instant} {sign} INTERVAL '{count}' {}", unit.to_ascii_uppercase())
            }
        }
    }

    /// An instant some calendar months later, or earlier.
    pub(super) fn months_moved(self, instant: &str, months: i64) -> String {
        let (sign, count) = signed(months);
        match self {
            Postgres | DuckDb => {
                let s = if count == 1 { "" } else { "s" };
                format!("{instant} {sign} INTERVAL '{count} month{s}'")
            }
            Snowflake => format!("DATEADD(month, {months}, {instant})"),
            BigQuery => {
                format!("TIMESTAMP(DATETIME_ADD(DATETIME({instant}), INTERVAL {months} MONTH))")
            }
            Spark => format!("{instant} {sign} INTERVAL '{count}' MONTH"),
        }
    }

    /// An instant some calendar months later, by the clock of a zone.
    pub(super) fn months_moved_in(self, instant: &str, months: i64, zone: &str) -> String {
        let local = match self {
            Postgres | DuckDb => format!("{instant} AT TIME ZONE {zone}"),
            Snowflake => format!("CAST(CONVERT_TIMEZONE({zone}, {instant}) AS TIMESTAMP_NTZ)"),
            BigQuery => format!("DATETIME({instant}, {zone})"),
            Spark => {
                format!("CONVERT_TIMEZONE('UTC', {zone}, CAST({instant} AS TIMESTAMP_NTZ))")
            }
        };
        if self == BigQuery {
            return format!("TIMESTAMP(DATETIME_ADD({local}, INTERVAL {months} MONTH), {zone})");
        }
        let moved = self.months_moved(&local, months);
        match self {
            Postgres | DuckDb | BigQuery => format!("({moved}) AT TIME ZONE {zone}"),
            Snowflake => self.instant_at(&format!("CONVERT_TIMEZONE({zone}, 'UTC', {moved})")),
            Spark => format!("CAST(CONVERT_TIMEZONE({zone}, 'UTC', {moved}) AS TIMESTAMP)"),
        }
    }

    /// The first instant of a day in UTC.
    pub(super) fn midnight(self, day: &str) -> String {
        let (text, instant) = (self.text_type(), self.instant_type());
        format!("CAST(CAST({day} AS {text}) || 'T00:00:00Z' AS {instant})")
    }

    /// The first instant of a day in a zone.
    pub(super) fn midnight_in(self, day: &str, zone: &str) -> String {
        match self {
            Postgres | DuckDb => format!("CAST({day} AS TIMESTAMP) AT TIME ZONE {zone}"),
            Snowflake => {
                let local = format!("CAST({day} AS TIMESTAMP_NTZ)");
                self.instant_at(&format!("CONVERT_TIMEZONE({zone}, 'UTC', {local})"))
            }
            BigQuery => format!("TIMESTAMP({day}, {zone})"),
            Spark => {
                format!("CAST(CAST({day} AS STRING) || 'T00:00:00 ' || {zone} AS TIMESTAMP)")
            }
        }
    }

    /// What a clock shows that goes by UTC, as an instant.
    fn instant_at(self, utc: &str) -> String {
        let instant = self.instant_type();
        format!("CAST(TO_CHAR({utc}, 'YYYY-MM-DD\"T\"HH24:MI:SS.FF6') || 'Z' AS {instant})")
    }

    /// An instant without parts of a second.
    pub(super) fn whole_second(self, instant: &str) -> String {
        match self {
            BigQuery => format!("TIMESTAMP_TRUNC({instant}, SECOND)"),
            Postgres | DuckDb | Snowflake | Spark => format!("DATE_TRUNC('second', {instant})"),
        }
    }

    /// Seconds from one instant to another.
    pub(super) fn seconds(self, from: &str, to: &str) -> String {
        match self {
            Postgres => format!("EXTRACT(EPOCH FROM ({to} - {from}))"),
            DuckDb => format!("(EPOCH_US({to}) - EPOCH_US({from})) / 1000000"),
            Snowflake => format!("DATEDIFF(microsecond, {from}, {to}) / 1000000"),
            BigQuery => format!("TIMESTAMP_DIFF({to}, {from}, MICROSECOND) / 1000000"),
            Spark => format!("(UNIX_MICROS({to}) - UNIX_MICROS({from})) / 1000000"),
        }
    }

    /// The day in UTC of an instant.
    pub(super) fn day_of(self, instant: &str) -> String {
        match self {
            Postgres | DuckDb => format!("CAST({instant} AT TIME ZONE 'UTC' AS DATE)"),
            Snowflake => format!("CAST(CONVERT_TIMEZONE('UTC', {instant}) AS DATE)"),
            BigQuery => format!("DATE({instant}, 'UTC')"),
            Spark => {
                let days = format!("FLOOR(UNIX_SECONDS({instant}) / 86400)");
                format!("DATE_FROM_UNIX_DATE(CAST({days} AS INT))")
            }
        }
    }

    /// The median of a value over the rows of a query, and the rows it is then taken from: one
    /// database has it only beside each row.
    pub(super) fn median(self, value: &str, from: &str) -> (String, String) {
        let median = match self {
            Postgres => format!("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {value})"),
            DuckDb | Snowflake | Spark => format!("MEDIAN({value})"),
            BigQuery => {
                let beside = format!("SELECT PERCENTILE_CONT({value}, 0.5) OVER () AS `median`");
                let from = format!("FROM (\n{beside}\n{from}\n) AS r");
                return ("MAX(r.`median`)".to_owned(), from);
            }
        };
        (median, from.to_owned())
    }

    /// Whether it has the median of each group of a query.
    pub(super) fn has_median_of_groups(self) -> bool {
        self != BigQuery
    }

    /// A table of texts and numbers written out, in the order of its columns.
    pub(super) fn written_out(self, columns: &[&str], rows: &[String], name: &str) -> String {
        let lines = |open: &str, close: &str, first: &str| {
            let rows = rows.iter().enumerate().map(|(at, row)| {
                let open = if at == 0 { first } else { open };
                format!("    {open}{row}{close}")
            });
            rows.collect::<Vec<_>>().join(",\n")
        };
        let names: Vec<String> = columns.iter().map(|name| self.quoted(&self.own(name))).collect();
        if self == BigQuery {
            let fields = columns.iter().map(|name| format!("{} STRING", self.quoted(name)));
            let fields = fields.collect::<Vec<_>>().join(", ");
            let rows = lines("(", ")", "(");
            return format!("UNNEST(ARRAY<STRUCT<{fields}>>[\n{rows}\n  ]) AS {name}");
        }
        let rows = lines("(", ")", "(");
        format!("(VALUES\n{rows}\n  ) AS {name} ({})", names.join(", "))
    }
}

fn signed(amount: i64) -> (char, u64) {
    (if amount < 0 { '-' } else { '+' }, amount.unsigned_abs())
}
