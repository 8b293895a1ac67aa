//! The native program: parse the arguments, do what they say, exit with a code.

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    sparring::cli::run(&clap::Parser::parse())
}

/// In a page the library is the program; tests there still link this binary.
#[cfg(target_family = "wasm")]
fn main() {}
