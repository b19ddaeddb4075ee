//! The site in a browser: on this computer alone, and made anew as files change.

use crate::cli::command;
use crate::repo::Repo;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A site that is shown until the test ends.
struct Served {
    child: Child,
    port: u16,
}

impl Served {
    fn of(repo: &Repo) -> Self {
        let arguments = ["site", "--serve", "--port", "0", "--as-of", "2026-01-01"];
        let mut child =
            command(repo.path(), &arguments).stdout(Stdio::piped()).spawn().expect("a child");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next());
        let port = port.unwrap_or_else(|| panic!("no port in `{line}`")).parse().unwrap();
        Self { child, port }
    }

    /// The answer to a request, head and all.
    fn answer(&self, request: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.answer(&format!("GET {path}"), &format!("localhost:{}", self.port))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_site_is_shown_to_this_computer_and_follows_its_files() {
    let repo = Repo::new();
    repo.write("model/a.toml", "[team.a]\nname = \"First name\"\n");
    repo.commit("the model", 1_700_000_000);
    let mut served = Served::of(&repo);
    let index = served.get("/");
    assert!(index.starts_with("HTTP/1.1 200") && index.contains("text/html"), "{index}");
    assert!(index.contains("<script src=\"_live.js\"></script>"), "{index}");
    let page = served.get("/entity/team.a.html?x");
    assert!(page.contains("First name") && page.contains("src=\"../_live.js\""), "{page}");
    assert!(served.get("/assets/site.css").contains("text/css"));
    assert!(served.get("/_live.js").contains("opmodelState"));
    for (request, host, code) in [
        ("GET /nothing.html", "localhost", 404),
        ("GET /../../etc/passwd", "localhost", 404),
        ("GET /%2e%2e/model/a.toml", "localhost", 404),
        ("POST /", "localhost", 405),
        ("GET /", "evil.example", 403),
        ("GET /", "localhost.evil.example:80", 403),
    ] {
        let answer = served.answer(request, host);
        assert!(answer.starts_with(&format!("HTTP/1.1 {code}")), "{request} {host}: {answer}");
    }
    assert!(served.get("/_state.js").ends_with("opmodelState(0);\n"));

    // What is on disk is shown, committed or not.
    repo.write("model/a.toml", "[team.a]\nname = \"Second name\"\n");
    let start = Instant::now();
    while !served.get("/entity/team.a.html").contains("Second name") {
        assert!(start.elapsed() < Duration::from_mins(1), "the site did not follow its files");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(served.get("/_state.js").ends_with("opmodelState(1);\n"));
    assert!(served.get("/").contains("as it is on disk, not as it is committed"));

    // Where it cannot be made anew, what was made before stays, and that is said.
    repo.remove("model/a.toml");
    let mut lines = BufReader::new(served.child.stdout.as_mut().unwrap()).lines();
    let told = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("still shown")));
    assert!(told.is_some());
    assert!(served.get("/entity/team.a.html").contains("Second name"));
}
