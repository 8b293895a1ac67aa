//! The lines of a run's records: what stands in `stats.jsonl` and `metrics.jsonl`.

use serde::Serialize;

use super::best::Measure;
use crate::fidelity::Network;
use crate::metrics::ModeMetrics;
use crate::protocol::StepReport;

/// A line of stats.jsonl: what one step measured.
#[derive(Serialize)]
pub struct StatsLine {
    step: u64,
    images: u64,
    kimg: f64,
    loss_d: f32,
    loss_g: f32,
    r1: f32,
    r2: f32,
    slope: f32,
    d_real: f32,
    d_fake: f32,
    accuracy_d: f32,
    norm_d: f32,
    norm_g: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    augment_p: Option<f32>,
    images_per_sec: f64,
}

impl StatsLine {
    /// Of a step, at the pace of those around it.
    pub fn of(report: &StepReport, images_per_sec: f64) -> Self {
        let &StepReport { step, images, loss_d, loss_g, r1, r2, slope, d_real, d_fake, accuracy: accuracy_d, norm_d, norm_g, augment_p } =
            report;
        let kimg = kimg(images);
        Self { step, images, kimg, loss_d, loss_g, r1, r2, slope, d_real, d_fake, accuracy_d, norm_d, norm_g, augment_p, images_per_sec }
    }
}

/// Where the data are made of modes.
#[derive(Serialize)]
pub struct CoverageColumns {
    modes: usize,
    hq: f64,
    rkl: Option<f64>,
}

impl CoverageColumns {
    /// Of what was found.
    pub fn of(found: &ModeMetrics) -> Self {
        Self { modes: found.modes, hq: found.hq, rkl: found.rkl }
    }
}

/// Of images: how near they are to the data, by what suits these.
#[derive(Serialize)]
#[serde(untagged)]
pub enum FidelityColumns {
    /// Fréchet distance of so many fakes and reals on features of a named network.
    Fid { fid: f64, fid_features: Network, fid_samples: usize },
    /// Distance of their patches over a Laplacian pyramid.
    Swd { swd: f64, swd_samples: usize },
}

impl FidelityColumns {
    /// Its figure.
    pub fn measured(&self) -> (Measure, f64) {
        match self {
            Self::Fid { fid, .. } => (Measure::Fid, *fid),
            Self::Swd { swd, .. } => (Measure::Swd, *swd),
        }
    }
}

/// A line of metrics.jsonl.
#[derive(Serialize)]
pub struct MetricsLine {
    /// Steps done.
    pub step: u64,
    /// Real images seen.
    pub images: u64,
    /// Thousands of them.
    pub kimg: f64,
    /// Of data that are made of modes.
    #[serde(flatten)]
    pub coverage: Option<CoverageColumns>,
    /// Of points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sliced_w1: Option<f64>,
    /// Of images.
    #[serde(flatten)]
    pub fidelity: Option<FidelityColumns>,
    /// Share of real samples whose class D finds, in games in which D classifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// Whether nothing so good was measured before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub best: bool,
}

/// Images in thousands.
pub fn kimg(images: u64) -> f64 {
    images as f64 / 1000.0
}
