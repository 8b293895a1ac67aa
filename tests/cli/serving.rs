//! `sparring serve`: right types, one folder, one machine.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};

use tempfile::TempDir;

use crate::program::*;

/// A server of a small site, ended with the test.
struct Server {
    dir: TempDir,
    child: Child,
    port: u16,
}

/// An answer: status, headers in lower case, body.
struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let line = self.headers.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.headers))
    }
}

impl Server {
    fn start() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let site = dir.path().join("dist");
        fs::create_dir_all(site.join("assets")).expect("writable");
        let files: [(&str, &[u8]); 7] = [
            ("dist/index.html", b"<!doctype html><p>hello"),
            ("dist/assets/engine.wasm", b"\0asm\x01\0\0\0"),
            ("dist/assets/app.js", b"export {}"),
            ("dist/assets/app.js.gz", b"zipped"),
            ("dist/assets/app.css", b"p {}"),
            ("dist/assets/icon.svg", b"<svg/>"),
            ("secret.txt", b"secret"),
        ];
        files.iter().for_each(|(name, bytes)| fs::write(dir.path().join(name), bytes).expect("writable"));
        let (child, port) = Self::launch(dir.path(), "0");
        Self { dir, child, port }
    }

    fn launch(dir: &Path, port: &str) -> (Child, u16) {
        let mut child = command(dir, &["serve", "--port", port]).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("an address");
        let address = line.split("http://127.0.0.1:").nth(1).and_then(|rest| rest.split_whitespace().next());
        (child, address.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("no address in {line}")))
    }

    /// Sends a request as it stands, so that no client tidies its path.
    fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("the server listens");
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the server answers");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("headers end");
        let headers = String::from_utf8_lossy(&bytes[..end]).to_lowercase().replace("\r\n", "\n");
        let status = headers.split_whitespace().nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, headers, body: bytes[end + 4..].to_vec() }
    }

    fn ask(&self, method: &str, path: &str, more: &str) -> Answer {
        self.raw(&format!("{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n{more}\r\n", self.port))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn files_have_the_types_that_browsers_insist_on_and_the_headers_of_the_page() {
    let server = Server::start();
    for (path, mime) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/assets/engine.wasm", "application/wasm"),
        ("/assets/app.js", "text/javascript"),
        ("/assets/app.css", "text/css"),
        ("/assets/icon.svg", "image/svg+xml"),
        ("/assets/app.js?v=1", "text/javascript"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").starts_with(mime), "{path}: {}", answer.headers);
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-embedder-policy"), "require-corp");
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
    assert_eq!(server.get("/").body, b"<!doctype html><p>hello");
}

#[test]
fn a_precompressed_file_is_taken_where_the_browser_accepts_it() {
    let server = Server::start();
    let zipped = server.ask("GET", "/assets/app.js", "Accept-Encoding: gzip, br\r\n");
    assert_eq!((zipped.header("content-encoding"), &zipped.body[..]), ("gzip", &b"zipped"[..]));
    assert!(zipped.header("content-type").starts_with("text/javascript"));
    assert_eq!(server.get("/assets/app.js").body, b"export {}");
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let server = Server::start();
    let (outside, site) = (server.dir.path().join("secret.txt"), server.dir.path().join("dist"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, site.join("link.txt")).unwrap();
        std::os::unix::fs::symlink(server.dir.path(), site.join("up")).unwrap();
        std::os::unix::fs::symlink(&outside, site.join("index.html.gz")).unwrap();
        std::os::unix::fs::symlink(site.join("assets/app.css"), site.join("inside.css")).unwrap();
        assert_eq!(server.get("/inside.css").status, 200, "links within the folder are served");
    }
    assert!(outside.is_file());
    let absolute = outside.to_str().unwrap().to_owned();
    for path in [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/link.txt",
        "/up/secret.txt",
        "/up/",
        "//secret.txt",
        "/secret.txt%00.html",
        &absolute,
        &format!("/{absolute}"),
    ] {
        let answer = server.get(path);
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.body.windows(6).any(|six| six == b"secret"), "{path}");
    }
    let zipped = server.ask("GET", "/index.html", "Accept-Encoding: gzip\r\n");
    assert!(!zipped.body.windows(6).any(|six| six == b"secret"), "{}", zipped.headers);
    assert_eq!(server.get("/nowhere.html").status, 404);
}

#[test]
fn only_get_and_head_are_answered() {
    let server = Server::start();
    let head = server.ask("HEAD", "/assets/engine.wasm", "");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "8", 0));
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        assert_eq!(server.ask(method, "/index.html", "Content-Length: 0\r\n").status, 405, "{method}");
    }
}

#[test]
fn another_host_name_is_refused() {
    let server = Server::start();
    let port = server.port;
    let status = |host: &str| server.raw(&format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n")).status;
    for ours in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::1]:{port}"), format!("LOCALHOST:{port}")] {
        assert_eq!(status(&format!("Host: {ours}\r\n")), 200, "{ours}");
    }
    for foreign in [
        "evil.example".into(),
        format!("evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        "localhost:1".into(),
        String::new(),
    ] {
        assert_eq!(status(&format!("Host: {foreign}\r\n")), 403, "{foreign}");
    }
    assert!((400..500).contains(&status("")), "no host at all");
    assert!((400..500).contains(&status(&format!("Host: localhost:{port}\r\nHost: evil.example\r\n"))), "two hosts");
}

#[test]
fn a_port_in_use_gives_way_to_the_next_and_only_this_machine_is_listened_to() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("dist")).unwrap();
    fs::write(dir.path().join("dist/index.html"), "").unwrap();
    let (mut child, took) = Server::launch(dir.path(), &port.to_string());
    let elsewhere = TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), took));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(took > port, "{took}");
    assert!(elsewhere.is_err(), "another address than 127.0.0.1 was answered");
}

#[test]
fn a_folder_without_a_page_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    sparring(dir.path(), &["serve"]).refused(1, &["dist", "index.html", "./build.sh web"]);
    sparring(dir.path(), &["serve", "--dir", "nowhere"]).refused(1, &["nowhere", "index.html"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_server_in_peace() {
    let mut server = Server::start();
    signal(&server.child, "INT");
    assert!(server.child.wait().unwrap().success());
}
