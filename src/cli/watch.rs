//! FID of a run of images as it goes: on a named network's features, against the data.

use super::error::Result;
use super::wait;
use crate::device::cpu_device;
use crate::fidelity::{Looker, Network, Pixels, Statistics};
use crate::session::Session;

/// Fakes, against as many reals: a second or two each time, some more for photographs.
const SAMPLES: usize = 2_500;
/// Which reals; those that `sparring evaluate` takes.
const CHOICE_SEED: u64 = 0;

/// What fakes are held against, taken once a run.
pub struct Watch {
    network: Network,
    looker: Looker,
    reals: Statistics,
    samples: usize,
}

/// A figure with its protocol.
pub struct Watched {
    /// Fréchet distance.
    pub fid: f64,
    /// Of which features.
    pub network: Network,
    /// Of how many fakes and reals.
    pub samples: usize,
}

impl Watch {
    /// The network that suits a run's data, where there is one.
    pub fn network(session: &Session) -> Option<Network> {
        Network::of_data(session.config().data).filter(|_| session.data().count() > 1)
    }

    /// Of a run whose data a network suits; of others there is none.
    pub fn of(session: &Session) -> Result<Option<Self>> {
        let samples = SAMPLES.min(session.data().count());
        let Some(network) = Self::network(session) else { return Ok(None) };
        let looker = Looker::named(network, &cpu_device())?;
        let seen = wait(looker.look(&Pixels::drawn(session.data(), samples, CHOICE_SEED), "the data"))?;
        Ok(Some(Self { network, looker, reals: wait(Statistics::of(&seen.features))?, samples }))
    }

    /// The moving-average generator of this moment, on the latents of `sparring evaluate`; no stream of the run moves.
    pub fn look(&self, session: &Session) -> Result<Watched> {
        let (config, sampler) = (session.config(), session.sampler());
        let fakes = wait(sampler.generate(&config.latent.draw(config.seed, self.samples, config.latent_dim)))?;
        let shape = sampler.shape().to_vec().try_into().expect("images have channels, height and width");
        let seen = wait(self.looker.look(&Pixels::quantised(shape, &fakes), "the fakes"))?;
        let fid = wait(wait(Statistics::of(&seen.features))?.distance(&self.reals))?;
        Ok(Watched { fid, network: self.network, samples: self.samples })
    }
}
