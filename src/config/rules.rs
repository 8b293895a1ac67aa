//! Settings that do not go together, each refused with the reason.

use std::collections::BTreeSet;

use super::TrainConfig;
use crate::augment::Augment;
use crate::data::{DataKind, MAX_POINTS};
use crate::error::{Error, Result};
use crate::latent::LatentKind;
use crate::model::{Conditioning, Family, halves_to_base};
use crate::nn::minibatch::{GROUP, MinibatchFeature};
use crate::nn::norm::Norm;
use crate::objective::Objective;
use crate::optim::Play;
use crate::penalty::GradientPenalty;

/// Largest batch for minibatch discrimination, whose memory grows with its square: 500 MB at 512.
const MAX_DISCRIMINATED: usize = 512;

/// Coordinates beyond have too few digits left in 32 bits for the shapes around them.
const FARTHEST: f32 = 1e6;

/// The first rule that a config breaks.
pub fn check(config: &TrainConfig) -> Result<()> {
    data(config)?;
    augment(config)?;
    rates(config)?;
    networks(config)?;
    batches(config)?;
    losses(config)?;
    classes(config)
}

fn refuse(field: &str, problem: impl Into<String>) -> Result<()> {
    Err(Error::setting(field, problem.into()))
}

fn data(config: &TrainConfig) -> Result<()> {
    let count = config.points.len();
    if config.data == DataKind::Points && count == 0 {
        return refuse(
            "points",
            "must hold the points to imitate, and there are none; give them with --data FILE.csv, or draw them on the page",
        );
    }
    if count > MAX_POINTS {
        return refuse("points", format!("must be at most {MAX_POINTS} (there are {count})"));
    }
    if config.data == DataKind::Images && !matches!(config.image.channels, 1 | 3 | 4) {
        return refuse("image.channels", format!("must be 1 (grey), 3 (RGB) or 4 (RGB with alpha); it is {}", config.image.channels));
    }
    if let Some(x) = config.points.iter().flatten().find(|x| !(-FARTHEST..=FARTHEST).contains(*x)) {
        return refuse("points", format!("must lie within ±{FARTHEST} (there is a coordinate {x})"));
    }
    moved(config)
}

fn augment(config: &TrainConfig) -> Result<()> {
    let (augment, images) = (&config.augment, config.data.is_images());
    if config.image.mirror && !images {
        return refuse("image.mirror", "must be false for points: it flips images");
    }
    if augment.is_on() && !images {
        return refuse("augment.method", "must be `none` for points: it changes images");
    }
    if augment.method == Augment::DiffAugment && !(augment.color || augment.translation || augment.cutout) {
        return refuse(
            "augment.method",
            "`diff_augment` changes nothing with augment.color, augment.translation and augment.cutout all false; set one",
        );
    }
    if augment.p.max() > 1.0 {
        return refuse("augment.p", format!("is a probability and must not exceed 1 (it reaches {})", augment.p.max()));
    }
    Ok(())
}

fn moved(config: &TrainConfig) -> Result<()> {
    let density = config.data.density(&config.points).filter(|_| !config.moved.is_empty());
    let modes = density.and_then(|density| density.modes().map(<[_]>::len)).unwrap_or(0);
    let mut seen = BTreeSet::new();
    for &(mode, x, y) in &config.moved {
        if modes == 0 {
            return refuse("moved", "must be empty for data that are not made of modes");
        }
        if mode >= modes {
            return refuse("moved", format!("must name modes from 0 to {} (there is a mode {mode})", modes - 1));
        }
        if !seen.insert(mode) {
            return refuse("moved", format!("must name each mode once (mode {mode} is there twice)"));
        }
        if let Some(x) = [x, y].into_iter().find(|x| !(-f64::from(FARTHEST)..=f64::from(FARTHEST)).contains(x)) {
            return refuse("moved", format!("must lie within ±{FARTHEST} (there is a coordinate {x})"));
        }
    }
    Ok(())
}

fn rates(config: &TrainConfig) -> Result<()> {
    if config.beta2.max() >= 1.0 {
        return refuse("beta2", format!("must stay below 1 (it reaches {})", config.beta2.max()));
    }
    if config.lr.max() > 1.0 {
        return refuse("lr", format!("must not exceed 1 (it reaches {})", config.lr.max()));
    }
    if config.play != Play::Alternating && config.n_critic > 1 {
        return refuse("n_critic", "must be 1 unless the play is `alternating`: players that move together move equally often");
    }
    Ok(())
}

fn networks(config: &TrainConfig) -> Result<()> {
    if config.family != Family::Mlp && !config.data.is_images() {
        return refuse("family", "makes images; the data are points, which take `mlp`");
    }
    if let (Family::Dcgan | Family::R3gan, [.., size]) = (config.family, &config.sample_shape()[..]) {
        resolution(*size)?;
    }
    config.generator.check(config.family, "generator")?;
    config.critic.check(config.family, "critic")?;
    if config.generator.norm == Norm::VirtualBatch && config.latent != LatentKind::Normal {
        return refuse("latent", "must be `normal` with virtual batch norm, whose reference latents are");
    }
    match config.critic.norm {
        Norm::VirtualBatch => refuse("critic.norm", "`virtual_batch` is for the generator, whose reference latents are fixed"),
        Norm::Batch if config.penalises_slope() => refuse(
            "critic.norm",
            "`batch` makes each logit depend on the whole batch, so a gradient penalty on single samples has no meaning; take `layer` norm, or no penalty",
        ),
        _ => Ok(()),
    }
}

/// The convolutional families halve images down to a base of 4 to 7 pixels.
fn resolution(size: usize) -> Result<()> {
    if halves_to_base(size) {
        return Ok(());
    }
    let below = (8..size).rev().find(|&size| halves_to_base(size));
    let above = (size..).find(|&size| halves_to_base(size));
    let near: Vec<String> = below.into_iter().chain(above).map(|size| size.to_string()).collect();
    let near = near.join(" or ");
    refuse(
        "image.resolution",
        format!("must be 4, 5, 6 or 7 times a power of two for `dcgan` and `r3gan`, which halve it (it is {size}); take {near}"),
    )
}

fn batches(config: &TrainConfig) -> Result<()> {
    let (batch, packing) = (config.batch, config.packing);
    if !batch.is_multiple_of(packing) {
        return refuse("batch", format!("must be a multiple of `packing`, which is {packing} (it is {batch})"));
    }
    let normalises = |norm| matches!(norm, Norm::Batch);
    if batch / packing < 2 && (normalises(config.generator.norm) || normalises(config.critic.norm)) {
        return refuse("batch", "must hold at least 2 samples for batch norm");
    }
    match config.minibatch {
        MinibatchFeature::Stddev if !(batch / packing).is_multiple_of(GROUP) => refuse(
            "batch",
            format!("must give groups of {GROUP} for the minibatch standard deviation (it gives {} logits)", batch / packing),
        ),
        MinibatchFeature::Discrimination if batch > MAX_DISCRIMINATED => {
            refuse("batch", format!("must not exceed {MAX_DISCRIMINATED} for minibatch discrimination, whose memory grows with its square"))
        }
        _ => Ok(()),
    }
}

fn losses(config: &TrainConfig) -> Result<()> {
    if config.real_label != 1.0 && !config.objective.smooths_labels() {
        return refuse(
            "real_label",
            "must be 1 for this objective, which has no target on reals; minimax, non_saturating and lsgan have one",
        );
    }
    let bounded = config.penalises_slope() || config.weight_clip > 0.0 || config.critic.spectral_norm;
    if config.objective.needs_bounded_slope() && !bounded {
        return refuse(
            "objective",
            "`wgan` has no lower bound unless the slope of D has one; set weight_clip, gradient_penalty, r1, r2 or critic.spectral_norm",
        );
    }
    if config.adversarial == 0.0 && config.feature_matching == 0.0 {
        return refuse("adversarial", "must not be 0 without feature matching: the generator would learn nothing");
    }
    Ok(())
}

fn classes(config: &TrainConfig) -> Result<()> {
    if config.conditioning == Conditioning::None {
        return Ok(());
    }
    if config.data_classes() < 2 {
        return refuse("conditioning", "must be `none` for data without classes; those of your own images are the folders they lie in");
    }
    if config.packing > 1 {
        return refuse("packing", "must be 1 in a game with classes: the samples of a pack would have several");
    }
    let logistic = matches!(config.objective, Objective::Minimax | Objective::NonSaturating);
    if config.conditioning == Conditioning::SemiSupervised && !logistic {
        return refuse(
            "objective",
            "must be minimax or non_saturating for the semi-supervised game, whose logit is a log-likelihood ratio",
        );
    }
    Ok(())
}

impl TrainConfig {
    /// Whether any gradient penalty is on at any time of the run.
    pub fn penalises_slope(&self) -> bool {
        let slope = self.gradient_penalty != GradientPenalty::None && self.gp_weight.max() > 0.0;
        slope || self.r1.max() > 0.0 || self.r2.max() > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ImageConfig;
    use crate::schedule::Schedule;

    fn refused(edit: impl Fn(&mut TrainConfig), field: &str) {
        let mut config = TrainConfig::default();
        edit(&mut config);
        let error = config.validate().expect_err(field).to_string();
        assert!(error.contains(&format!("`{field}`")), "{field}: {error}");
    }

    fn unpenalised(config: &mut TrainConfig) {
        (config.r1, config.r2) = (Schedule::constant(0.0), Schedule::constant(0.0));
    }

    #[test]
    fn what_mathematics_does_not_allow_is_refused_by_name() {
        refused(|c| c.data = DataKind::Points, "points");
        refused(|c| c.points = vec![[f32::NAN, 0.0]], "points");
        refused(|c| c.points = vec![[0.0, 0.0]; 5000], "points");
        refused(|c| c.moved = vec![(8, 0.0, 0.0)], "moved");
        refused(|c| c.moved = vec![(1, 0.0, 0.0), (1, 0.5, 0.0)], "moved");
        refused(|c| c.moved = vec![(1, f64::NAN, 0.0)], "moved");
        refused(|c| (c.data, c.moved) = (DataKind::Moons, vec![(0, 0.0, 0.0)]), "moved");
        refused(|c| (c.generator.norm, c.latent) = (Norm::VirtualBatch, LatentKind::Uniform), "latent");
        refused(|c| c.critic.norm = Norm::Batch, "critic.norm");
        refused(|c| c.critic.norm = Norm::VirtualBatch, "critic.norm");
        refused(|c| c.critic.norm = Norm::Instance, "critic.norm");
        refused(|c| c.real_label = 0.9, "real_label");
        refused(|c| c.packing = 3, "batch");
        refused(|c| (c.minibatch, c.batch) = (MinibatchFeature::Stddev, 30), "batch");
        refused(|c| (c.minibatch, c.batch) = (MinibatchFeature::Discrimination, 1024), "batch");
        refused(|c| (c.play, c.n_critic) = (Play::Simultaneous, 5), "n_critic");
        refused(|c| c.adversarial = 0.0, "adversarial");
        refused(|c| c.conditioning = Conditioning::SemiSupervised, "objective");
        refused(|c| (c.conditioning, c.packing) = (Conditioning::Acgan, 2), "packing");
        refused(|c| c.family = Family::Dcgan, "family");
        refused(|c| c.image.mirror = true, "image.mirror");
        refused(|c| c.augment.method = Augment::Ada, "augment.method");
        let blank = |c: &mut TrainConfig| {
            (c.data, c.augment.method) = (DataKind::Shapes, Augment::DiffAugment);
            (c.augment.color, c.augment.translation, c.augment.cutout) = (false, false, false);
        };
        refused(blank, "augment.method");
        refused(|c| c.augment.p = Schedule::constant(1.5), "augment.p");
        refused(|c| c.augment.target = 2.0, "augment.target");
        refused(|c| c.augment.ramp = 0.0, "augment.ramp");
        let unbounded = |c: &mut TrainConfig| {
            unpenalised(c);
            c.objective = Objective::Wgan;
        };
        refused(unbounded, "objective");
    }

    #[test]
    fn resolutions_that_do_not_halve_to_a_base_are_refused_with_the_nearest_that_do() {
        let images = |resolution, family| {
            let config = TrainConfig { data: DataKind::Images, family, ..TrainConfig::default() };
            TrainConfig { image: ImageConfig { resolution, ..config.image }, ..config }.validate()
        };
        for resolution in [8, 28, 32, 48, 64, 112, 256, 1024] {
            assert_eq!(images(resolution, Family::R3gan), Ok(()), "{resolution}");
        }
        for (resolution, near) in [(50, "48 or 56"), (100, "96 or 112"), (9, "8 or 10"), (72, "64 or 80")] {
            let error = images(resolution, Family::Dcgan).expect_err("no base").to_string();
            assert!(error.contains("`image.resolution`") && error.ends_with(near), "{error}");
            assert_eq!(images(resolution, Family::Mlp), Ok(()));
        }
        refused(|c| (c.data, c.image.channels) = (DataKind::Images, 2), "image.channels");
        refused(|c| c.image.resolution = 4, "image.resolution");
        refused(|c| (c.data, c.conditioning) = (DataKind::Images, Conditioning::Join), "conditioning");
    }

    #[test]
    fn what_bounds_the_slope_makes_wgan_possible() {
        let bounds: [fn(&mut TrainConfig); 3] = [
            |c| c.weight_clip = 0.01,
            |c| c.critic.spectral_norm = true,
            |c| (c.gradient_penalty, c.gp_weight) = (GradientPenalty::WganGp, Schedule::constant(10.0)),
        ];
        for bound in bounds {
            let mut config = TrainConfig { objective: Objective::Wgan, ..TrainConfig::default() };
            unpenalised(&mut config);
            bound(&mut config);
            assert_eq!(config.validate(), Ok(()));
        }
    }
}
