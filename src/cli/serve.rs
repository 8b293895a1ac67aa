//! `sparring serve`: the built page, to this machine only.
//!
//! Three doors are kept shut: other machines (the socket listens on the loopback address), other sites that point a name of theirs at it (the
//! `Host` header must be ours), and files outside the folder (every path is resolved, links included, before it is opened).

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use clap::Args;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use tower_http::services::fs::{Backend, TokioBackend};

use super::error::{CliError, Result};
use super::terminal;

/// Ports that are tried after the one asked for.
const PORTS: u16 = 100;

/// Sent with every answer. The page loads nothing from elsewhere; wasm is compiled; the isolation gives it precise clocks.
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    ),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-cache"),
];

/// The arguments.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The port; the next free one is taken where it is in use.
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// The built page.
    #[arg(long, value_name = "DIR", default_value = "dist")]
    dir: PathBuf,
}

/// Serves until Ctrl-C.
pub fn run(args: &ServeArgs) -> Result<()> {
    if !args.dir.join("index.html").is_file() {
        return Err(CliError::Failed(format!("{}: there is no index.html there; run ./build.sh web first", args.dir.display())));
    }
    let root = args.dir.canonicalize().map_err(|error| CliError::io("read", &args.dir, error))?;
    let failed = |error: io::Error| CliError::Failed(format!("the server cannot run: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let listener = listen(args.port).await?;
        let port = listener.local_addr().map_err(failed)?.port();
        let ended = tokio::spawn(tokio::signal::ctrl_c());
        tokio::task::yield_now().await; // Ctrl-C is listened for before the address invites anybody
        terminal::print(format!("serving {} on http://127.0.0.1:{port} (Ctrl-C ends it)", args.dir.display()))?;
        axum::serve(listener, router(root, port)).with_graceful_shutdown(async { _ = ended.await }).await.map_err(failed)
    })
}

/// Listens on the port, or on the first free one after it.
async fn listen(port: u16) -> Result<TcpListener> {
    for candidate in port..=port.saturating_add(PORTS) {
        match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, candidate))).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            bound => return bound.map_err(|error| CliError::Failed(format!("--port {candidate}: {error}"))),
        }
    }
    Err(CliError::Failed(format!("--port {port}: in use, and so are the {PORTS} after it")))
}

fn router(root: PathBuf, port: u16) -> Router {
    let files = ServeDir::with_backend(&root, Confined { root: root.clone() }).precompressed_br().precompressed_gzip();
    Router::new().fallback_service(files).layer(from_fn(move |request, next| guard(port, request, next)))
}

/// Refuses a foreign host and puts the headers on every answer.
async fn guard(port: u16, request: Request, next: Next) -> Response {
    let is_ours = host_is_ours(&request, port);
    let mut response = if is_ours { next.run(request).await } else { (StatusCode::FORBIDDEN, "not this host\n").into_response() };
    response.headers_mut().extend(HEADERS.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))));
    response
}

fn host_is_ours(request: &Request, port: u16) -> bool {
    let hosts: Vec<_> = request.headers().get_all(header::HOST).iter().collect();
    let ours = ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}"));
    matches!(hosts[..], [host] if ours.iter().any(|name| host.as_bytes().eq_ignore_ascii_case(name.as_bytes())))
}

/// The file system, as far as one folder reaches: what a link or a name leads out of it is not found.
#[derive(Debug, Clone)]
struct Confined {
    root: PathBuf,
}

impl Confined {
    async fn resolve(self, path: PathBuf) -> io::Result<PathBuf> {
        let resolved = tokio::task::spawn_blocking(move || path.canonicalize()).await??;
        if resolved.starts_with(&self.root) { Ok(resolved) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

type Boxed<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

impl Backend for Confined {
    type File = <TokioBackend as Backend>::File;
    type Metadata = <TokioBackend as Backend>::Metadata;
    type OpenFuture = Boxed<Self::File>;
    type MetadataFuture = Boxed<Self::Metadata>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        let confined = self.clone();
        Box::pin(async move { TokioBackend.open(confined.resolve(path).await?).await })
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        let confined = self.clone();
        Box::pin(async move { TokioBackend.metadata(confined.resolve(path).await?).await })
    }
}
