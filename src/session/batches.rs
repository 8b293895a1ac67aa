//! What each step of a run over burn's tensors learns from, drawn from the run's streams.

use burn::tensor::Tensor;

use super::Session;
use crate::config::TrainConfig;
use crate::data::{Batch, Cursor, Dataset};
use crate::device::{one_hot, rows};
use crate::game::{CriticBatch, GeneratorBatch};
use crate::model::Conditioning;
use crate::rng::Purpose;

impl Session {
    pub(super) fn critic_batch(&mut self) -> CriticBatch {
        let (reals, real_classes) = self.reals();
        let told = self.config.conditioning.tells_generator();
        // Fakes take the classes of the reals, which so have the data's frequencies.
        let fake_classes = real_classes.clone().filter(|_| told);
        CriticBatch { reals, fake_classes, real_classes, latents: self.draw_latents(), labelled: self.draw_labelled() }
    }

    pub(super) fn generator_batch(&mut self, classes: Option<Tensor<2>>) -> GeneratorBatch {
        let reals = self.config.generator_needs_reals().then(|| self.reals());
        let classes = reals.as_ref().map_or(classes, |(_, classes)| classes.clone());
        let told = self.config.conditioning.tells_generator();
        GeneratorBatch { latents: self.draw_latents(), classes: classes.filter(|_| told), reals }
    }

    /// The next reals with their classes one-hot.
    fn reals(&mut self) -> (Tensor<2>, Option<Tensor<2>>) {
        let mut batch = Batch::default();
        draw_reals(&self.config, &self.data, &mut self.cursor, &mut batch);
        self.part.keep(&mut batch.samples);
        self.part.keep(&mut batch.labels);
        self.on_device(batch)
    }

    pub(super) fn on_device(&self, Batch { samples, labels }: Batch) -> (Tensor<2>, Option<Tensor<2>>) {
        let features = self.data.shape().iter().product();
        (rows(samples, features, &self.home), one_hot(&labels, self.classes, &self.home))
    }

    fn draw_latents(&mut self) -> Tensor<2> {
        let TrainConfig { latent, latent_dim, batch, .. } = self.config;
        let mut numbers = latent.numbers(batch * latent_dim, &mut self.latents);
        self.part.keep(&mut numbers);
        rows(numbers, latent_dim, &self.home)
    }

    /// A batch of the labelled samples, drawn with replacement.
    fn draw_labelled(&mut self) -> Option<(Tensor<2>, Tensor<2>)> {
        let known = self.labelled.as_ref()?;
        let features: usize = self.data.shape().iter().product();
        let chosen: Vec<usize> = (0..self.config.batch).map(|_| self.noise.below(known.labels.len())).collect();
        let mut samples: Vec<f32> = chosen.iter().flat_map(|&i| known.samples[i * features..(i + 1) * features].iter().copied()).collect();
        if self.config.image.mirror {
            self.data.mirror(&mut samples, &mut self.cursor);
        }
        let mut labels = chosen.iter().map(|&i| known.labels[i]).collect();
        self.part.keep(&mut samples);
        self.part.keep(&mut labels);
        let (samples, classes) = self.on_device(Batch { samples, labels });
        classes.map(|classes| (samples, classes))
    }
}

/// The next reals, mirrored where the settings say so.
pub(super) fn draw_reals(config: &TrainConfig, data: &Dataset, cursor: &mut Cursor, batch: &mut Batch) {
    data.fill(batch, config.batch, cursor);
    if config.image.mirror {
        data.mirror(&mut batch.samples, cursor);
    }
}

/// What the semi-supervised game tells D the class of: the first `labelled` samples of each class, from a stream of their own.
pub(super) fn labelled_of(config: &TrainConfig, data: &Dataset) -> Option<Batch> {
    (config.conditioning == Conditioning::SemiSupervised).then(|| labelled(config, data))
}

fn labelled(config: &TrainConfig, data: &Dataset) -> Batch {
    let (classes, each) = (config.classes(), config.labelled);
    let mut cursor = Cursor::new(config.seed, Purpose::Labelled);
    let mut left = vec![each; classes];
    let mut kept = Batch { samples: Vec::new(), labels: Vec::new() };
    // A class so rare that so many draws miss it stays short of samples.
    for _ in 0..1000 * classes * each {
        if kept.labels.len() == classes * each {
            break;
        }
        data.pick(&mut kept, &mut cursor, |label| {
            let short = left[label as usize] > 0;
            left[label as usize] -= usize::from(short);
            short
        });
    }
    kept
}
