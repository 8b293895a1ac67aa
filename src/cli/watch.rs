//! What a run of images is measured by as it goes, against its data: FID on a named network's features where one suits them, else how far patches are from patches.

use super::error::Result;
use super::lines::FidelityColumns;
use super::wait;
use crate::config::TrainConfig;
use crate::data::{DataKind, Dataset};
use crate::device::cpu_device;
use crate::fidelity::{Looker, Network, PatchDistance, Pixels, Statistics};
use crate::session::Session;

/// Fakes, against as many reals: a second or two each time, some more for photographs.
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
    Images(Pixels),
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
        let network = Network::of_data(config.data);
        let samples = SAMPLES.min(data.count());
        let images = Pixels::drawn(data, samples, CHOICE_SEED);
        let Some(network) = network else { return Ok(Some(Self { samples, reals: Reals::Images(images) })) };
        let looker = Looker::named(network, &cpu_device())?;
        let statistics = wait(Statistics::of(&wait(looker.look(&images, "the data"))?.features))?;
        Ok(Some(Self { samples, reals: Reals::Features { network, looker, statistics } }))
    }

    /// The moving-average generator of this moment, on the latents of `sparring evaluate`; no stream of the run moves.
    pub fn look(&self, session: &Session) -> Result<FidelityColumns> {
        let (config, sampler, samples) = (session.config(), session.sampler(), self.samples);
        let fakes = wait(sampler.generate(&config.latent.draw(config.seed, samples, config.latent_dim)))?;
        let shape = sampler.shape().to_vec().try_into().expect("images have channels, height and width");
        let fakes = Pixels::quantised(shape, &fakes);
        match &self.reals {
            Reals::Features { network, looker, statistics } => {
                let seen = wait(looker.look(&fakes, "the fakes"))?;
                let fid = wait(wait(Statistics::of(&seen.features))?.distance(statistics))?;
                Ok(FidelityColumns::Fid { fid, fid_features: *network, fid_samples: samples })
            }
            Reals::Images(reals) => Ok(FidelityColumns::Swd { swd: PatchDistance::between(&fakes, reals).mean(), swd_samples: samples }),
        }
    }
}
