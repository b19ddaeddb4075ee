//! Shows a site to browsers on this computer, and makes it anew when a file of the model changes.
//!
//! INVARIANT: it listens on the loopback address alone, answers only requests that name it as this
//! computer, and gives nothing but the files of the site.

use super::{Failure, Session, SiteCommand};
use crate::git::ObjectId;
use crate::history::{At, Workspace};
use crate::site::Site;
use crate::source::RawFile;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::time::{Duration, Instant, SystemTime};
use tiny_http::{Header, Method, Request, Response, Server};

/// How long it is before files are looked at again.
const PAUSE: Duration = Duration::from_millis(700);

/// The names under which a browser on this computer asks.
const OWN_NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Asks now and then which site this is, and loads the page again where it is another one.
const LIVE: &str = include_str!("live.js");

/// Where the page asks.
const LIVE_PATH: &str = "_live.js";
const STATE_PATH: &str = "_state.js";

/// Looking at files takes no more than this part of the time.
const SHARE: u32 = 20;

/// The day for which expiries and reviews are judged: the one that was given, or the one it is, which goes
/// on from that of the session.
pub(super) struct Days {
    given: Option<Date>,
    /// The instant of the session, in seconds since 1970-01-01 UTC.
    now_seconds: i64,
    /// When that was, for the time that has passed since.
    since: SystemTime,
}

impl Days {
    /// The days from that of a session on.
    pub(super) fn of(session: &Session<'_>, given: Option<Date>) -> Self {
        let now_seconds = session.surroundings.now_seconds;
        Self { given, now_seconds, since: SystemTime::now() }
    }

    /// The day it is, in UTC.
    pub(super) fn today(&self) -> Date {
        let passed = self.since.elapsed().unwrap_or_default();
        let passed = i64::try_from(passed.as_secs()).unwrap_or_default();
        let now = Timestamp::from_second(self.now_seconds.saturating_add(passed));
        self.given.unwrap_or_else(|| now.unwrap_or_default().to_zoned(TimeZone::UTC).date())
    }
}

/// What was there when files were last looked at.
#[derive(PartialEq)]
struct Seen {
    day: Date,
    head: Option<ObjectId>,
    files: Vec<RawFile>,
}

impl Seen {
    fn of(workspace: &Workspace, day: Date) -> Option<Self> {
        let repository = workspace.maybe_repository();
        let head = repository.and_then(|it| it.resolve("HEAD").ok()).map(|commit| commit.id);
        Some(Self { day, head, files: workspace.files(&At::WorkTree).ok()? })
    }
}

/// A place to show a site, which is there before the site is made.
pub(super) struct Serving {
    server: Server,
    /// What the site that is made first is made of.
    seen: Option<Seen>,
}

impl Serving {
    /// Begins to listen.
    pub(super) fn begin(port: u16, workspace: &Workspace, days: &Days) -> Result<Self, Failure> {
        let server = Server::http(("127.0.0.1", port)).map_err(|error| Failure::World {
            message: format!("cannot listen on port {port}: {error}"),
            help: Some("name another port with `--port`, or 0 for any that is free".to_owned()),
        })?;
        Ok(Self { server, seen: Seen::of(workspace, days.today()) })
    }

    /// Shows the site until somebody stops the process.
    pub(super) fn go_on(
        self,
        session: &mut Session<'_>,
        command: &SiteCommand,
        workspace: &Workspace,
        (mut site, days): (Site, &Days),
    ) -> Result<(), Failure> {
        let Self { server, mut seen } = self;
        let at = server.server_addr();
        // What is to be noted is said now: this does not come to an end by itself.
        let noted = std::mem::take(&mut session.stderr);
        tell(session, &format!("{noted}the site is at http://{at}/ until Ctrl-C\n"))?;
        let mut number = 0_u32;
        let (mut looked, mut pause) = (Instant::now(), PAUSE);
        loop {
            let request = server.recv_timeout(PAUSE).map_err(|error| Failure::World {
                message: format!("cannot listen any more: {error}"),
                help: None,
            })?;
            if let Some(request) = request {
                answer(request, &site, number);
            }
            if looked.elapsed() < pause {
                continue;
            }
            looked = Instant::now();
            let day = days.today();
            let now = Seen::of(workspace, day);
            pause = PAUSE.max(looked.elapsed() * SHARE);
            if now.is_none() || now == seen {
                continue;
            }
            seen = now;
            let made = command.made(session, workspace, day);
            // It was said when the site was made first.
            session.stderr.clear();
            match made {
                Ok(made) => {
                    site = made;
                    number += 1;
                    tell(session, "made anew\n")?;
                }
                Err(failure) => {
                    let told = failure.told(session.color);
                    tell(session, &format!("{told}what was made before is still shown\n"))?;
                }
            }
        }
    }
}

/// Says something at once: the command does not end by itself.
fn tell(session: &mut Session<'_>, text: &str) -> Result<(), Failure> {
    session.write(text)?;
    let _ = session.stdout.flush();
    Ok(())
}

/// Answers a request; a browser that went away is no failure.
fn answer(request: Request, site: &Site, number: u32) {
    let _ = match answered(&request, site, number) {
        Ok((path, body)) => {
            let response = Response::from_data(body);
            let headers = [
                ("Content-Type", kind(&path)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
            ];
            let headers = headers.iter().filter_map(|(name, value)| {
                Header::from_bytes(name.as_bytes(), value.as_bytes()).ok()
            });
            request.respond(headers.fold(response, Response::with_header))
        }
        Err(code) => request.respond(Response::from_string("not here\n").with_status_code(code)),
    };
}

/// What a request asks for, or the status it is refused with.
fn answered(request: &Request, site: &Site, number: u32) -> Result<(String, Vec<u8>), u16> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Err(405);
    }
    // A page from elsewhere could have its own name lead here.
    let host = request.headers().iter().find(|header| header.field.equiv("Host"));
    let host = host.map(|header| header.value.as_str()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !OWN_NAMES.contains(&name) && !OWN_NAMES.contains(&host) {
        return Err(403);
    }
    let path = request.url().split(['?', '#']).next().unwrap_or_default();
    let path = match path.trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let body = match path {
        LIVE_PATH => LIVE.as_bytes().to_vec(),
        STATE_PATH => format!("opmodelState({number});\n").into_bytes(),
        path => live(path, site.file(path).ok_or(404_u16)?),
    };
    Ok((path.to_owned(), body))
}

/// A page with the script that loads it again; any other file as it is.
fn live(path: &str, bytes: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).ok().filter(|_| kind(path).starts_with("text/html"));
    let Some((head, foot)) = text.and_then(|text| text.rsplit_once("</body>")) else {
        return bytes.to_vec();
    };
    let root = "../".repeat(path.matches('/').count());
    format!("{head}<script src=\"{root}{LIVE_PATH}\"></script>\n</body>{foot}").into_bytes()
}

/// What a browser is told that a file is.
fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_goes_on_unless_one_was_given() {
        let late = Timestamp::from_second(1_767_225_599).unwrap();
        assert_eq!(late.to_string(), "2025-12-31T23:59:59Z");
        let after = |seconds: u64, given| {
            let since = SystemTime::now() - Duration::from_secs(seconds);
            Days { given, now_seconds: late.as_second(), since }.today()
        };
        assert_eq!(after(0, None), date(2025, 12, 31));
        assert_eq!(after(60, None), date(2026, 1, 1));
        assert_eq!(after(3 * 86_400, Some(date(2025, 6, 30))), date(2025, 6, 30));
    }
}
