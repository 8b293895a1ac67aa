//! What can go wrong, in the words of the person who can mend it.
//!
//! Every variant names the setting, file or device concerned. An error is made where it is found, passed up unchanged, and told once:
//! by `cli` on the terminal, by `engine` as an event.

/// The library's result.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything the library can refuse or fail at.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// A setting has a value that is out of range, unknown, or does not go with another one.
    #[error("setting `{field}`: {problem}")]
    Setting {
        /// Dotted path of the setting, as `--set` takes it.
        field: String,
        /// What is wrong with its value.
        problem: String,
    },
    /// A preset that does not exist.
    #[error("unknown preset `{name}`; there are: {known}")]
    UnknownPreset {
        /// What was asked for.
        name: String,
        /// The presets there are.
        known: String,
    },
    /// A file (or bytes dropped on the page) that is not what it should be.
    #[error("{file}: {problem}")]
    File {
        /// The file's name as the user knows it.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A checkpoint belongs to another configuration than the one asked for.
    #[error("the checkpoint was made with other settings: {difference}")]
    OtherConfig {
        /// `setting: checkpoint's value → asked value`, one after another.
        difference: String,
    },
    /// Training met a number that is not finite.
    #[error("training diverged at image {images} (step {step}): {what} is not finite")]
    Diverged {
        /// Images seen when it was met.
        images: u64,
        /// The step in which it was met.
        step: u64,
        /// Which quantity.
        what: String,
    },
    /// A device that is absent, fails its self-test or was lost.
    #[error("{device}: {problem}")]
    Device {
        /// The device as the user knows it.
        device: String,
        /// What happened.
        problem: String,
    },
    /// A command that cannot be answered in the present state.
    #[error("{0}")]
    Unready(String),
}

impl Error {
    /// A setting's error.
    pub fn setting(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Setting { field: field.into(), problem: problem.into() }
    }

    /// A file's error.
    pub fn file(file: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::File { file: file.into(), problem: problem.into() }
    }

    /// A device's error.
    pub fn device(device: impl Into<String>, problem: impl std::fmt::Display) -> Self {
        Self::Device { device: device.into(), problem: problem.to_string() }
    }

    /// The error's kind as a stable word, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Setting { .. } => "setting",
            Self::UnknownPreset { .. } => "unknown_preset",
            Self::File { .. } => "file",
            Self::OtherConfig { .. } => "other_config",
            Self::Diverged { .. } => "diverged",
            Self::Device { .. } => "device",
            Self::Unready(_) => "unready",
        }
    }

    /// What the person can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Setting { .. } => "change the setting and try again; nothing was changed",
            Self::UnknownPreset { .. } => "`sparring presets` lists the presets with what they need",
            Self::File { .. } => "nothing was changed; choose another file",
            Self::OtherConfig { .. } => "resume with the settings of the checkpoint, or start a new run",
            Self::Diverged { .. } => "the last good checkpoint is kept; lower `lr`, or raise `r1` and `r2`",
            Self::Device { .. } => "everything also works on the CPU",
            Self::Unready(_) => "start a run or load weights first",
        }
    }
}
