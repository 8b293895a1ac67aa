//! What the page and its worker say to each other.
//!
//! TypeScript types are generated from these (`www/src/generated/types.ts`; a test holds them current). Bulk numbers ride beside a message as
//! transferable buffers, in the order given with each variant. A command is answered by exactly one event, [`Event::Failed`] included; while the
//! engine plays, [`Event::Progress`] also comes unasked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::config::{Preset, TrainConfig};
use crate::data::DataKind;
use crate::device::DeviceChoice;
use crate::error::Error;
use crate::metrics::{Measured, ModeMetrics, Score};
use crate::optim::Learners;

mod finding;
mod scene;

pub use finding::{Ailment, Evidence, Finding, Measure};
pub use scene::{Scene, View};

/// Version of the protocol; page and worker are built together, embedders compare.
pub const PROTOCOL_VERSION: u32 = 7;

/// The device in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeviceInfo {
    /// `cpu` or `gpu`.
    pub kind: DeviceChoice,
    /// Its name, for the badge.
    pub name: String,
    /// Why it is not the device that was asked for; empty where it is.
    pub note: String,
}

/// Which latents to generate from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Latents {
    /// These, row after row.
    Given {
        /// `count * latent_dim` numbers.
        z: Vec<f32>,
    },
    /// Standard normal draws of a seed.
    Drawn {
        /// The seed.
        #[ts(type = "number")]
        seed: u64,
        /// How many rows.
        count: usize,
    },
    /// One point on the great circle between two latents (spherical interpolation).
    Between {
        /// Where t = 0.
        from: Vec<f32>,
        /// Where t = 1.
        to: Vec<f32>,
        /// Place on the way, 0 to 1.
        t: f32,
    },
}

/// Cells along each axis on which hidden units are shown.
pub const UNIT_CELLS: usize = 12;

/// What a look can hold beside samples and D.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Extra {
    /// −∇ₓL_G at each fake, `[samples, dim]`, in data units.
    Forces,
    /// ‖∇ₓD‖, `[grid, grid]`, in logits a data unit.
    Slopes,
    /// Where G takes equally likely cells of latents, `[mesh, mesh, dim]`, the first latent running fastest; `[mesh, dim]` where there is one latent.
    Mesh,
    /// Three buffers: the densities p and q, `[grid, grid]` and smoothed alike, and D*, `[grid, grid]`, NaN where neither has mass; the last is empty where the objective has none.
    Optimum,
    /// Two buffers: what each hidden unit of G answers over its latents, the mesh's but with [`UNIT_CELLS`] along each, and each of D over the view with as many cells; layer after
    /// layer, unit after unit. Empty where the networks are no plain MLPs.
    Units,
    /// The run's checkpoint, bytes.
    Checkpoint,
}

/// The best critic's figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct OptimumFigures {
    /// σ of the smoothing of p and q, in data units.
    pub smoothing: f64,
    /// The least that D's loss can be; none where there is no D*.
    pub loss: Option<f64>,
}

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Opens a device, once per worker. Answer: [`Event::Opened`].
    Open {
        /// Which.
        device: DeviceChoice,
    },
    /// What a preset that is a method is on certain data. Answer: [`Event::Preset`].
    Preset {
        /// Its name.
        method: String,
        /// What it shall imitate.
        data: DataKind,
        /// What is changed in it: `key=value`, as `--set` takes them.
        settings: Vec<String>,
    },
    /// Reads a person's own points from the CSV file given as buffer 0. Answer: [`Event::Points`].
    ReadPoints {
        /// The file's name, for messages.
        name: String,
    },
    /// Starts a new run of a config, paused at image 0. Answer: [`Event::Started`].
    Reset {
        /// Its settings.
        config: TrainConfig,
    },
    /// Changes live settings of the run that goes on; others are refused by name. Answer: [`Event::Started`].
    Tune {
        /// The new settings, whole.
        config: TrainConfig,
    },
    /// Trains from now on. Answer: [`Event::Progress`].
    Play,
    /// Stops training. Answer: [`Event::Progress`].
    Pause,
    /// Trains exactly this many steps, playing or not. Answer: [`Event::Progress`].
    Step {
        /// How many.
        steps: u32,
        /// Who learns in them; as the settings say where it is not said.
        #[serde(default)]
        #[ts(optional)]
        learn: Option<Learners>,
    },
    /// Trains the checkpoint given as buffer 0 so many steps, beside the run. Answer: [`Event::Tried`].
    Try {
        /// How many.
        steps: u32,
        /// Who learns in them; as its settings say where it is not said.
        #[serde(default)]
        #[ts(optional)]
        learn: Option<Learners>,
    },
    /// Looks at a run on points without moving it, or at the checkpoint given as buffer 0. Answer: [`Event::Stage`].
    Look {
        /// What rectangle the critic is drawn on.
        view: View,
        /// How many real and fake samples (at most 10,000).
        samples: usize,
        /// Cells of the critic's grid along each axis (at most 512, or 48 where D compares samples with each other).
        grid: usize,
        /// What else is asked for.
        extras: Vec<Extra>,
    },
    /// Measures a run on points. Answer: [`Event::Evaluated`].
    Evaluate {
        /// Which scores beside the coverage of modes; some take a second.
        scores: Vec<Score>,
    },
    /// Saves the run. Answer: [`Event::Checkpoint`].
    Save,
    /// Continues the checkpoint given as buffer 0. Answer: [`Event::Started`].
    Load {
        /// The file's name, for messages.
        name: String,
    },
    /// Exports the run's generator. Answer: [`Event::Exported`].
    Export {
        /// Whether in 16 bits.
        half: bool,
    },
    /// Loads the exported weights given as buffer 0 for [`Command::Generate`]; a run is not touched. Answer: [`Event::Weights`].
    LoadWeights {
        /// The file's name, for messages.
        name: String,
    },
    /// Generates from the loaded weights. Answer: [`Event::Generated`].
    Generate {
        /// From what.
        latents: Latents,
    },
}

/// What one training step measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct StepReport {
    /// Steps done.
    #[ts(type = "number")]
    pub step: u64,
    /// Real images seen.
    #[ts(type = "number")]
    pub images: u64,
    /// The critic's adversarial loss, without penalties.
    pub loss_d: f32,
    /// The generator's loss.
    pub loss_g: f32,
    /// γ₁/2 · E‖∇D(x)‖²; 0 while R1 and R2 are off.
    pub r1: f32,
    /// γ₂/2 · E‖∇D(g)‖²; 0 while R1 and R2 are off.
    pub r2: f32,
    /// The penalty that pulls D's slope to 1 (WGAN-GP, DRAGAN), with its weight; 0 while it is off.
    pub slope: f32,
    /// E D(x), a logit.
    pub d_real: f32,
    /// E D(g), a logit.
    pub d_fake: f32,
    /// How often D is right: ½P(D(x) > c) + ½P(D(g) < c) at the logit c where it is undecided; of objectives without one P(D(x) > D(g)). ½ is a guess.
    pub accuracy: f32,
    /// ‖∂L_D/∂θ_D‖ over all of D's parameters, penalties included.
    pub norm_d: f32,
    /// ‖∂L_G/∂θ_G‖ over all of G's parameters.
    pub norm_g: f32,
    /// p of ADA's changes of images, and of scheduled ones, with which this step was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub augment_p: Option<f32>,
}

/// Metrics of a run on points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PointMetrics {
    /// On which modes the fakes lie, where the data are made of modes.
    pub coverage: Option<ModeMetrics>,
    /// The scores that were asked for.
    pub scores: Vec<Measured>,
}

/// An error as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Failure {
    /// A stable word for programs.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { code: error.code().into(), message: error.to_string(), hint: error.hint().into() }
    }
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The device is open.
    Opened {
        /// Which it became.
        device: DeviceInfo,
        /// [`PROTOCOL_VERSION`].
        protocol: u32,
    },
    /// A preset on certain data.
    Preset {
        /// The preset, its config being that for the data.
        preset: Preset,
    },
    /// Points were read.
    Points {
        /// They.
        points: Vec<[f32; 2]>,
        /// Rows of the file that were no points.
        dropped: usize,
    },
    /// A run stands ready: new, tuned or loaded.
    Started {
        /// Its settings.
        config: TrainConfig,
        /// What its data look like, if they are points.
        scene: Option<Scene>,
        /// Steps done.
        #[ts(type = "number")]
        step: u64,
        /// Real images seen.
        #[ts(type = "number")]
        images: u64,
        /// Trainable numbers in G.
        parameters_g: usize,
        /// Trainable numbers in D.
        parameters_d: usize,
    },
    /// Steps were trained (or training was switched).
    Progress {
        /// Whether the engine trains by itself.
        playing: bool,
        /// Steps done.
        #[ts(type = "number")]
        step: u64,
        /// Real images seen.
        #[ts(type = "number")]
        images: u64,
        /// Steps per second over the last second of training; 0 before the first.
        steps_per_sec: f64,
        /// What each of the steps since the last report measured.
        history: Vec<StepReport>,
    },
    /// What became of a checkpoint. Buffer: the checkpoint after those steps.
    Tried {
        /// What each step measured.
        history: Vec<StepReport>,
    },
    /// A run on points, looked at. Buffers: reals `[samples, dim]`, fakes `[samples, dim]` (dim is 2, or 1 on the line), critic logits `[grid, grid]` (row 0 at `y_min`), all f32; then those of the extras, in their order.
    Stage {
        /// What the critic was drawn on.
        view: View,
        /// Samples of each kind.
        samples: usize,
        /// Cells along each axis.
        grid: usize,
        /// Steps done when it was looked at.
        #[ts(type = "number")]
        step: u64,
        /// Real images seen by then.
        #[ts(type = "number")]
        images: u64,
        /// What else there is, in the order of [`Extra`].
        extras: Vec<Extra>,
        /// Nodes of the mesh along each latent.
        mesh: usize,
        /// Figures of the best critic, where it was asked for.
        optimum: Option<OptimumFigures>,
    },
    /// A run on points, measured.
    Evaluated {
        /// Steps done.
        #[ts(type = "number")]
        step: u64,
        /// The figures.
        metrics: PointMetrics,
        /// Share of real samples whose class D finds, in games in which D classifies (ACGAN, K + 1).
        accuracy: Option<f64>,
        /// What is wrong with the run, what explains the rest first.
        findings: Vec<Finding>,
    },
    /// A checkpoint. Buffer: its bytes.
    Checkpoint {
        /// Real images seen.
        #[ts(type = "number")]
        images: u64,
    },
    /// Exported weights. Buffer: a safetensors file.
    Exported {
        /// Real images seen.
        #[ts(type = "number")]
        images: u64,
    },
    /// Weights are loaded.
    Weights {
        /// The settings they were trained with.
        config: TrainConfig,
        /// What their data look like, if they are points.
        scene: Option<Scene>,
        /// Real images seen in training.
        #[ts(type = "number")]
        images: u64,
        /// Trainable numbers.
        parameters: usize,
        /// Shape of one sample: `[1]`, `[2]`, or `[channels, height, width]`.
        shape: Vec<usize>,
    },
    /// Generated samples. Buffers: samples `[count, …shape]` (points in data units, pixels in −1..1), latents `[count, latent_dim]`, f32.
    Generated {
        /// How many.
        count: usize,
        /// Shape of one sample.
        shape: Vec<usize>,
    },
    /// The command could not be answered; nothing was changed, except that a run that diverged is paused.
    Failed {
        /// Why.
        failure: Failure,
    },
}
