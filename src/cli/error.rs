//! What can go wrong on the command line, and which exit code it is.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The command line's result.
pub type Result<T> = std::result::Result<T, CliError>;

/// The exit code of a run that was stopped by Ctrl-C or asked to end.
pub const STOPPED: u8 = 130;

/// The library's errors, and those of files, arguments and the terminal.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The library refused or failed.
    #[error(transparent)]
    Library(#[from] Error),
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried: `read`, `write`, `create` …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A run diverged whose one rollback is spent.
    #[error("{again}; not for the first time: the one rollback, {first}, is spent ({})", place.display())]
    DivergedAgain {
        /// What happened now.
        again: Error,
        /// What was done before.
        first: String,
        /// Where that is told.
        place: PathBuf,
    },
    /// The arguments do not go together; the text names the flag.
    #[error("{0}")]
    Usage(String),
    /// A run was stopped before its end, as was asked for, and saved; the words say how to go on.
    #[error("{0}")]
    Stopped(String),
    /// Anything else, in words.
    #[error("{0}")]
    Failed(String),
}

impl CliError {
    /// An error of the file system.
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.into(), source }
    }

    /// 2 where other arguments would mend it, 130 where a signal stopped a run, as shells have it of Ctrl-C, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Library(Error::Setting { .. } | Error::UnknownPreset { .. } | Error::OtherConfig { .. }) => 2,
            Self::Stopped(_) => STOPPED,
            Self::Library(_) | Self::DivergedAgain { .. } | Self::Io { .. } | Self::Failed(_) => 1,
        }
    }

    /// What the person can do about it, where that is not said already.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Library(error) | Self::DivergedAgain { again: error, .. } => Some(error.hint()),
            Self::Usage(_) => Some("`sparring help` and `sparring help <command>` explain the arguments"),
            Self::Io { .. } | Self::Stopped(_) | Self::Failed(_) => None,
        }
    }
}
