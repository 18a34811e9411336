//! The web twin over a real socket: what it serves, and whom it refuses.

#![expect(clippy::unwrap_used, reason = "a test that cannot get its data has failed")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use mingbai_app::{App, DesktopHost};
use mingbai_tests::twin::{Twin, serve};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// A twin on its own folder, for as long as the test's process lives.
struct Running {
    address: SocketAddr,
    folder: TempDir,
}

/// What came back.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|failure| panic!("{failure}: {}", self.body))
    }
}

fn start() -> Running {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    std::fs::create_dir_all(dist.join("assets")).unwrap();
    std::fs::write(dist.join("index.html"), "<title>明白账</title>").unwrap();
    std::fs::write(dist.join("assets/page.js"), "export {}").unwrap();
    let data = folder.path().join("data");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let app = App::new(DesktopHost::new(data.clone())).unwrap();
            serve(TcpListener::from_std(listener).unwrap(), Twin { app, data, dist }).await.unwrap();
        });
    });
    Running { address, folder }
}

impl Running {
    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn own(&self) -> String {
        format!("Host: {0}\r\nOrigin: http://{0}\r\nContent-Type: application/json\r\n", self.address)
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &self.own(), "")
    }

    fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &self.own(), body)
    }
}

#[test]
fn the_page_is_served_with_the_policy_of_the_window() {
    let twin = start();
    let entry = twin.get("/");
    assert_eq!((entry.status, entry.body.as_str()), (200, "<title>明白账</title>"));
    assert!(entry.head.contains("content-security-policy: default-src 'self'"), "{}", entry.head);
    assert!(twin.get("/assets/page.js").head.contains("text/javascript"));
    assert_eq!(twin.get("/households/1").body, entry.body, "a route of the page is not a file");
}

#[test]
fn a_path_that_climbs_out_of_the_page_gets_the_page() {
    let twin = start();
    std::fs::write(twin.folder.path().join("secret.txt"), "secret").unwrap();
    for path in ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt"] {
        let answer = twin.get(path);
        assert!(!answer.body.contains("secret"), "{path}: {}", answer.body);
    }
}

#[test]
fn other_sites_and_other_names_for_this_address_are_refused() {
    let twin = start();
    let port = twin.address.port();
    let foreign = [
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: 127.0.0.1:{}\r\n", port.wrapping_add(1)),
        format!("Host: 127.0.0.1:{port}\r\nOrigin: http://evil.example\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nOrigin: null\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nOrigin: https://127.0.0.1:{port}\r\n"),
    ];
    for headers in foreign {
        let json = format!("{headers}Content-Type: application/json\r\n");
        for answer in [twin.ask("GET", "/", &headers, ""), twin.ask("POST", "/rpc", &json, r#"{"command":"x"}"#)] {
            assert_eq!(answer.status, 403, "{headers}");
            assert_eq!(answer.json()["code"], "FOREIGN_PAGE");
        }
    }
}

#[test]
fn a_refused_command_comes_back_as_a_code_and_a_sentence() {
    let twin = start();
    for door in ["/rpc", "/bytes"] {
        let answer = twin.post(door, r#"{"command":"no_such_command","payload":{}}"#);
        assert_eq!(answer.status, 422, "{}", answer.body);
        let error = answer.json();
        assert_eq!(error["code"], "UNKNOWN_COMMAND");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_ascii()), "{error}");
    }
}

#[test]
fn an_uploaded_file_lands_in_the_data_folder_under_its_own_name() {
    let twin = start();
    let name = "%E5%90%8D%E5%86%8C.csv"; // 名册.csv
    let first = twin.post(&format!("/upload/{name}"), "一户").json();
    let second = twin.post(&format!("/upload/{name}"), "两户").json();
    let path = |answer: &Value| answer["path"].as_str().map(Path::new).unwrap().to_path_buf();
    assert!(path(&first).ends_with("名册.csv") && path(&first).starts_with(twin.folder.path()));
    assert_eq!(std::fs::read_to_string(path(&first)).unwrap(), "一户");
    assert_eq!(std::fs::read_to_string(path(&second)).unwrap(), "两户");
    assert_eq!(twin.post("/upload/..%2Fescape.csv", "x").status, 400);
}

#[test]
fn only_results_can_be_downloaded() {
    let twin = start();
    let folder = twin.get("/out").json()["path"].as_str().unwrap().to_owned();
    std::fs::write(Path::new(&folder).join("result.svg"), "<svg/>").unwrap();
    std::fs::write(twin.folder.path().join("data/secret.key"), "secret").unwrap();
    let result = twin.get("/file/result.svg");
    assert_eq!((result.status, result.body.as_str()), (200, "<svg/>"));
    assert!(result.head.contains("image/svg+xml"));
    let whole = folder.replace('/', "%2F");
    assert_eq!(twin.get(&format!("/file/{whole}%2Fresult.svg")).body, "<svg/>");
    for path in ["/file/..%2Fsecret.key", "/file/missing.pdf", "/file/%2Fetc%2Fhostname"] {
        assert_eq!(twin.get(path).status, 404, "{path}");
    }
}

/// The program as it runs on a PC, so that it can be killed.
struct Program {
    child: std::process::Child,
    twin: Running,
}

impl Program {
    /// Starts on a data folder and logs its operator in.
    fn on(data: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_webtwin"))
            .arg("--data")
            .arg(data)
            .arg("--dist")
            .arg(folder.path())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        Self { child, twin: Running { address, folder } }
    }

    fn call(&self, command: &str, payload: &Value) -> Value {
        let answer = self.twin.post("/rpc", &serde_json::json!({ "command": command, "payload": payload }).to_string());
        assert_eq!(answer.status, 200, "{command}: {}", answer.body);
        answer.json()
    }

    /// As when the power fails: the program gets no word about it.
    fn power_fails(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn the_power_fails_in_the_middle_of_a_form_and_the_form_comes_back_at_the_next_login() {
    let data = tempfile::tempdir().unwrap();
    let program = Program::on(data.path());
    let credentials = serde_json::json!({ "login": "limei", "password": "mingbai-demo" });
    let office = serde_json::json!({
        "kind": "township", "county_name": "示范县", "unit_name": "青石乡卫生院", "area": "159901201",
        "operator_name": "李梅", "login": "limei", "password": "mingbai-demo",
    });
    program.call("setup_office", &office);
    let values = serde_json::json!({ "name": "王庄村", "doctor_name": "赵" });
    let draft = serde_json::json!({
        "form": "village", "subject": "+", "title": "登记村", "record": null, "person": null, "person_name": "",
        "household": null, "values": values,
    });
    program.call("draft_keep", &draft);
    program.power_fails();

    let program = Program::on(data.path());
    program.call("session_login", &credentials);
    let kept = program.call("draft_list", &Value::Object(serde_json::Map::new()));
    assert_eq!(kept["rows"][0]["values"], values, "{kept}");
    let start = program.call("form_start", &serde_json::json!({ "form": "village", "subject": "+" }));
    assert_eq!(start["draft"]["title"], "登记村");
    program.power_fails();
    // Inside the encrypted file only: no file of the folder shows what was typed.
    for file in std::fs::read_dir(data.path()).unwrap().flatten().filter(|file| file.path().is_file()) {
        let bytes = std::fs::read(file.path()).unwrap();
        let typed = "王庄村".as_bytes();
        assert!(!bytes.windows(typed.len()).any(|part| part == typed), "{}", file.path().display());
    }
}
