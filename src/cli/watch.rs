//! What a run of images is measured by as it goes, against its data: FID on a named network's features where one suits them, else how far patches are from patches.

use super::error::Result;
use super::lines::FidelityColumns;
use super::wait;
use crate::config::TrainConfig;
use crate::data::{DataKind, Dataset};
use crate::device::cpu_device;
use crate::fidelity::{Collector, Looker, Network, PatchDistance, Patches, Pixels, Statistics, image_shape};
use crate::session::Session;

/// Fakes, against as many reals: a second or two each time on a core, some more for large photographs.
const SAMPLES: usize = 2_500;
/// Which reals; those that `sparring evaluate` takes.
const CHOICE_SEED: u64 = 0;

/// What fakes are held against, taken once a run.
pub struct Watch {
    samples: usize,
    reals: Reals,
}

enum Reals {
    Features { network: Network, looker: Looker, statistics: Statistics },
    Patches(Patches),
}

impl Watch {
    /// Whether there is one of such data; drawn shapes have modes to be counted instead.
    pub fn suits(config: &TrainConfig, data: &Dataset) -> bool {
        config.data.is_images() && config.data != DataKind::Shapes && data.count() > 1
    }

    /// Of a run whose data it suits.
    pub fn of(session: &Session) -> Result<Option<Self>> {
        let (config, data) = (session.config(), session.data());
        if !Self::suits(config, data) {
            return Ok(None);
        }
        let samples = SAMPLES.min(data.count());
        let reals = match Network::of_data(config.data) {
            Some(network) => {
                let looker = Looker::named(network, &cpu_device())?;
                let seen = wait(looker.look(&Pixels::drawn(data, samples, CHOICE_SEED), "the data"))?;
                Reals::Features { network, looker, statistics: wait(Statistics::of(&seen.features))? }
            }
            None => {
                let mut collector = Collector::new(image_shape(session.sampler().shape()), samples);
                Pixels::draw_in_pieces(data, samples, CHOICE_SEED, |piece| collector.see(&piece));
                Reals::Patches(collector.patches())
            }
        };
        Ok(Some(Self { samples, reals }))
    }

    /// The moving-average generator of this moment, on the latents of `sparring evaluate`; no stream of the run moves.
    pub fn look(&self, session: &Session) -> Result<FidelityColumns> {
        let (config, sampler, samples) = (session.config(), session.sampler(), self.samples);
        let (latents, shape) = (config.latent.draw(config.seed, samples, config.latent_dim), image_shape(sampler.shape()));
        match &self.reals {
            Reals::Features { network, looker, statistics } => {
                let fakes = Pixels::quantised(shape, &wait(sampler.generate(&latents))?);
                let seen = wait(looker.look(&fakes, "the fakes"))?;
                let fid = wait(wait(Statistics::of(&seen.features))?.distance(statistics))?;
                Ok(FidelityColumns::Fid { fid, fid_features: *network, fid_samples: samples })
            }
            Reals::Patches(reals) => {
                let mut collector = Collector::new(shape, samples);
                wait(sampler.generate_in_pieces(&latents, |fakes| collector.see(&Pixels::quantised(shape, fakes))))?;
                let swd = PatchDistance::between(&collector.patches(), reals).mean();
                Ok(FidelityColumns::Swd { swd, swd_samples: samples })
            }
        }
    }
}
