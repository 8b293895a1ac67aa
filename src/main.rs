//! The native program: parse the arguments, do what they say, exit with a code.

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    fail_writes_beyond_the_size_limit();
    sparring::cli::run(&clap::Parser::parse())
}

/// In a page the library is the program; tests there still link this binary.
#[cfg(target_family = "wasm")]
fn main() {}

/// Without a handler the signal of a file at its size limit ends the program before it can say which file it was.
#[cfg(unix)]
fn fail_writes_beyond_the_size_limit() {
    let handled = std::sync::Arc::default();
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, handled);
}

/// Only Unix has such limits.
#[cfg(all(not(unix), not(target_family = "wasm")))]
fn fail_writes_beyond_the_size_limit() {}
