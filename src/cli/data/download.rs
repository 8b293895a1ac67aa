//! A file from the web, known by its checksum: what was received is kept beside its name, gone on with, and given its name when it is whole.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use md5::{Digest, Md5};
use ureq::Agent;
use ureq::http::StatusCode;

use crate::cli::error::{CliError, Result};

/// Most bytes of one file, six times the largest one that is published.
const MAX_FILE: u64 = 1 << 30;
/// How long a server may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// It was there, and whole.
    There,
    /// It was downloaded.
    Downloaded,
    /// The rest of it was, after so many bytes of an earlier time.
    Continued(u64),
}

/// A client that waits for no server for ever.
pub fn client() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).timeout_connect(Some(PATIENCE)).timeout_recv_response(Some(PATIENCE));
    config.timeout_per_read(Some(PATIENCE)).user_agent(concat!("sparring/", env!("CARGO_PKG_VERSION"))).build().new_agent()
}

/// Downloads `url` to `path`, unless it is there already; `md5` is the checksum of the whole.
pub fn download(agent: &Agent, url: &str, path: &Path, md5: &str) -> Result<Fetched> {
    if path.exists() {
        let found = checksum(path)?;
        let other = || CliError::Failed(format!("{}: is there, but its MD5 is {found} and not {md5}; move it away", path.display()));
        return if found == md5 { Ok(Fetched::There) } else { Err(other()) };
    }
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let begun = receive(agent, url, &part)?;
    let found = checksum(&part)?;
    if found != md5 {
        fs::remove_file(&part).map_err(|error| CliError::io("remove", &part, error))?;
        return Err(CliError::Failed(format!("{url}: what came has the MD5 {found} and not {md5}; it was removed")));
    }
    fs::rename(&part, path).map_err(|error| CliError::io("create", path, error))?;
    Ok(if begun > 0 { Fetched::Continued(begun) } else { Fetched::Downloaded })
}

/// Receives what is missing in an unfinished file, and says how much of it was there.
fn receive(agent: &Agent, url: &str, part: &Path) -> Result<u64> {
    let there = fs::metadata(part).map_or(0, |part| part.len());
    let failed = |problem: String| CliError::Failed(format!("{url}: {problem}"));
    let request = agent.get(url);
    let request = if there > 0 { request.header("Range", format!("bytes={there}-")) } else { request };
    let mut response = request.call().map_err(|error| failed(error.to_string()))?;
    let range = response.headers().get("content-range").and_then(|range| range.to_str().ok()).unwrap_or_default();
    let begun = match response.status() {
        StatusCode::PARTIAL_CONTENT if range.starts_with(&format!("bytes {there}-")) => there,
        // All of it was there: the checksum says whether it is the file.
        StatusCode::RANGE_NOT_SATISFIABLE if there > 0 => return Ok(there),
        // The server does not know ranges, and begins anew.
        StatusCode::OK => 0,
        status => return Err(failed(format!("the server answers {status}"))),
    };
    let mut file = File::options().create(true).append(true).open(part).map_err(|error| CliError::io("create", part, error))?;
    file.set_len(begun).map_err(|error| CliError::io("write", part, error))?;
    let length = response.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let bar = bar(begun, length);
    let received = copy(response.body_mut().as_reader(), &mut file, begun, &bar);
    bar.finish_and_clear();
    let total = match received {
        Ok(total) => total,
        Err(Broken::Write(error)) => return Err(CliError::io("write", part, error)),
        Err(Broken::Read(error)) => {
            return Err(failed(format!("broke off: {error}; what came is kept in {}, run this again to go on", part.display())));
        }
        // What came is of no use: kept, it would be gone on from for ever.
        Err(Broken::TooLong) if fs::remove_file(part).is_err() => {
            return Err(failed(format!("is larger than {} MiB; remove {} before you try again", MAX_FILE >> 20, part.display())));
        }
        Err(Broken::TooLong) => return Err(failed(format!("is larger than {} MiB, which none of these files is", MAX_FILE >> 20))),
    };
    if length.is_some_and(|length| total < begun + length) {
        return Err(failed(format!("broke off after {total} bytes; they are kept in {}, run this again to go on", part.display())));
    }
    file.sync_all().map_err(|error| CliError::io("write", part, error))?;
    Ok(begun)
}

/// Why bytes stopped coming.
enum Broken {
    Read(io::Error),
    Write(io::Error),
    TooLong,
}

/// Writes all that comes, and says how long the file is then.
fn copy(mut from: impl Read, to: &mut File, begun: u64, bar: &ProgressBar) -> std::result::Result<u64, Broken> {
    let (mut buffer, mut total) = (vec![0; 64 << 10], begun);
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => count,
            Err(error) => return Err(Broken::Read(error)),
        };
        total += count as u64;
        if total > MAX_FILE {
            return Err(Broken::TooLong);
        }
        to.write_all(&buffer[..count]).map_err(Broken::Write)?;
        bar.set_position(total);
    }
}

fn bar(begun: u64, length: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(length.map(|length| begun + length), ProgressDrawTarget::stderr()).with_position(begun);
    bar.set_style(
        ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left").expect("the template is valid"),
    );
    bar
}

/// The MD5 of a file, in hexadecimal digits.
fn checksum(path: &Path) -> Result<String> {
    let failed = |error| CliError::io("read", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hash, mut buffer) = (Md5::new(), vec![0; 64 << 10]);
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            count => hash.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Answers each connection with the next of these, and gives what each asked for.
    fn server(answers: Vec<Vec<u8>>) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/file", listener.local_addr().unwrap());
        let answer = move |bytes: Vec<u8>| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                asked.push(byte[0]);
            }
            stream.write_all(&bytes).unwrap();
            String::from_utf8(asked).unwrap().to_lowercase()
        };
        (url, std::thread::spawn(move || answers.into_iter().map(answer).collect()))
    }

    fn answer(head: &str, length: usize, body: &[u8]) -> Vec<u8> {
        [format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").as_bytes(), body].concat()
    }

    /// MD5 of `hello, world`, by md5sum.
    const HELLO: &str = "e4d7f1b4ed2e42d15898f4b27b019da4";

    #[test]
    fn a_download_that_broke_off_is_gone_on_with_where_it_stopped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let answers = vec![answer("200 OK", 12, b"hello"), answer("206 Partial Content\r\nContent-Range: bytes 5-11/12", 7, b", world")];
        let (url, asked) = server(answers);
        let broken = download(&client(), &url, &path, HELLO).unwrap_err().to_string();
        assert!(broken.contains(&url) && broken.contains("file.part") && !path.exists(), "{broken}");
        assert_eq!(download(&client(), &url, &path, HELLO).unwrap(), Fetched::Continued(5));
        assert_eq!(fs::read(&path).unwrap(), b"hello, world");
        assert!(!dir.path().join("file.part").exists());
        assert_eq!(download(&client(), &url, &path, HELLO).unwrap(), Fetched::There); // without a server
        let asked = asked.join().unwrap();
        assert!(!asked[0].contains("range:") && asked[1].contains("range: bytes=5-"), "{asked:?}");
    }

    #[test]
    fn a_server_without_ranges_begins_anew_and_one_that_has_no_more_is_believed() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        let (url, asked) = server(vec![answer("200 OK", 12, b"hello, world"), answer("416 Range Not Satisfiable", 0, b"")]);
        fs::write(dir.path().join("a.part"), "other").unwrap();
        fs::write(dir.path().join("b.part"), "hello, world").unwrap();
        assert_eq!(download(&client(), &url, &a, HELLO).unwrap(), Fetched::Downloaded);
        assert_eq!(download(&client(), &url, &b, HELLO).unwrap(), Fetched::Continued(12));
        assert_eq!([fs::read(a).unwrap(), fs::read(b).unwrap()], [b"hello, world"; 2]);
        asked.join().unwrap();
    }

    #[test]
    fn another_file_is_removed_and_an_answer_that_is_none_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let (url, asked) = server(vec![answer("200 OK", 5, b"hullo"), answer("404 Not Found", 0, b"")]);
        let refusal = || download(&client(), &url, &path, HELLO).unwrap_err().to_string();
        assert!(refusal().contains(HELLO));
        assert!(refusal().contains("404"));
        asked.join().unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
