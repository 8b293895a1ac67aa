//! What the pictures of a run show: reals, and what G makes of latents that are the same in every run.

use super::error::Result;
use super::wait;
use crate::config::TrainConfig;
use crate::session::Session;

/// Seed of the latents, and of the choice among the reals.
const SEED: u64 = 0;
/// Samples in a picture: 8x8 images, or a cloud of points.
const IMAGES: usize = 64;
const COLUMNS: usize = 8;
const POINTS: usize = 2_500;

/// Some of the data.
pub fn reals(session: &Session) -> Vec<f32> {
    session.data().reals(count(session.config()), SEED)
}

/// The moving-average generator on the latents.
pub fn fakes(session: &Session) -> Result<Vec<f32>> {
    Ok(wait(session.sampler().generate(&latents(session.config())))?)
}

/// The ways from the first latent of each row of the picture of fakes to the last, as a picture like it; of one class each.
pub fn interpolation(session: &Session) -> Result<Vec<f32>> {
    let config = session.config();
    let row = |row: &[f32]| {
        let (from, to) = (&row[..config.latent_dim], &row[row.len() - config.latent_dim..]);
        (0..COLUMNS).flat_map(|i| config.latent.between(from, to, i as f32 / (COLUMNS - 1) as f32)).collect::<Vec<_>>()
    };
    let ways: Vec<f32> = latents(config).chunks(COLUMNS * config.latent_dim).flat_map(row).collect();
    let class = |i: usize| ((i - i % COLUMNS) % config.classes().max(1)) as u32;
    let classes: Vec<u32> = (0..IMAGES).map(class).collect();
    Ok(wait(session.sampler().generate_classes(&ways, &classes))?)
}

fn latents(config: &TrainConfig) -> Vec<f32> {
    config.latent.draw(SEED, count(config), config.latent_dim)
}

fn count(config: &TrainConfig) -> usize {
    if config.data.is_images() { IMAGES } else { POINTS }
}
