//! Eight ways in which a game fails, each with the change that heals it: lessons that are tested to fail and to be healed (`tests/gallery.rs`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::config::{TrainConfig, on_data, set};
use crate::data::DataKind;
use crate::error::Result;
use crate::protocol::Ailment;

/// A run that fails, and what heals it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Exhibit {
    /// Which way.
    pub ailment: Ailment,
    /// Why it happens, in a sentence for a student.
    pub why: String,
    /// Where to read about it.
    pub papers: String,
    /// What is imitated.
    pub data: DataKind,
    /// What is changed in the method `r3gan`: `key=value`.
    pub settings: Vec<String>,
    /// What is changed beside that to heal it.
    pub remedy: Vec<String>,
    /// After so many steps it shows.
    pub steps: u32,
}

/// The method of all of them: it changes nothing in the defaults.
const METHOD: &str = "r3gan";
/// Small networks, and samples of G's own weights.
const SMALL: &str = "generator.width=32 generator.depth=3 critic.width=32 critic.depth=3 batch=128 ema=0";

impl Exhibit {
    /// The settings that fail.
    pub fn failing(&self) -> Result<TrainConfig> {
        self.settings.iter().try_fold(on_data(METHOD, self.data)?, |config, change| set(&config, change))
    }

    /// The same, healed.
    pub fn healed(&self) -> Result<TrainConfig> {
        self.remedy.iter().try_fold(self.failing()?, |config, change| set(&config, change))
    }
}

/// All of them; seed 1 of each fails, as do the others that were tried.
pub fn gallery() -> Vec<Exhibit> {
    let words = |text: &str| text.split(' ').map(String::from).collect::<Vec<_>>();
    let exhibit = |ailment, data, settings: &str, remedy: &str, steps, why: &str, papers: &str| Exhibit {
        ailment,
        why: why.into(),
        papers: papers.into(),
        data,
        settings: words(SMALL).into_iter().chain(words(settings)).collect(),
        remedy: words(remedy),
        steps,
    };
    let ring = DataKind::Ring8;
    vec![
        exhibit(
            Ailment::ModeCollapse,
            ring,
            "objective=non_saturating lr=0.02 r1=0 r2=0",
            "r1=0.1 r2=0.1",
            4000,
            "G need only please this D, and one spot pleases as well as eight. Without a penalty D grows ever steeper at the few modes that are left, and nothing pulls G back to those it has lost.",
            "Goodfellow 2014; Metz 2017; Mescheder 2018",
        ),
        exhibit(
            Ailment::ModeHopping,
            ring,
            "objective=non_saturating lr=0.003 beta1=0.5 r1=0.1 r2=0.1 ttur=0.05",
            "ttur=1",
            2000,
            "G runs to where D is weakest now. D is too slow to follow, and by the time it has learned that this spot is fake, G is off to the next: a chase round the ring without end.",
            "Metz 2017; Heusel 2017",
        ),
        exhibit(
            Ailment::Oscillation,
            DataKind::TwoGaussians,
            "generator.depth=2 critic.depth=2 latent_dim=2 objective=non_saturating lr=0.01 r1=0 r2=0 beta1=0.9",
            "beta1=0",
            1000,
            "Two players that each follow their own gradient turn about the equilibrium instead of falling into it, and momentum keeps pushing them on past it.",
            "Mescheder 2018; Gidel 2019",
        ),
        exhibit(
            Ailment::VanishingGradient,
            ring,
            "generator.width=64 objective=minimax critic.activation=elu n_critic=5 lr=0.002 beta1=0.5 r1=0 r2=0",
            "objective=non_saturating",
            700,
            "In the minimax game G descends log(1 − σ(D(g))), whose slope is σ(D(g)). Where D is sure that a fake is fake nothing is left to learn from.",
            "Goodfellow 2014, section 3; Arjovsky & Bottou 2017",
        ),
        exhibit(
            Ailment::WeakCritic,
            ring,
            "lr=0.003 r1=0.1 r2=0.1 ttur=0.001",
            "ttur=1",
            1000,
            "G can only be as good as what it is told. A D that hardly learns points some way for ever, and G follows it out of the picture, past the data.",
            "Goodfellow 2014; Heusel 2017",
        ),
        exhibit(
            Ailment::Divergence,
            ring,
            "objective=wgan optimizer=sgd lr=0.05 r1=0 r2=0 weight_clip=100",
            "gradient_penalty=wgan_gp",
            600,
            "Wasserstein's critic has no best value unless its slope is bounded. Clipped at 100 it may grow as it likes, the gradients grow with it, and plain gradient steps run off to infinity.",
            "Arjovsky 2017; Gulrajani 2017",
        ),
        exhibit(
            Ailment::DeadUnits,
            ring,
            "generator.activation=relu r1=0.1 r2=0.1 lr=0.1",
            "lr=0.003",
            1000,
            "A step too long throws a ReLU's bias so far down that it is 0 for every input: no output, no slope, no way back. With each such unit G has one fold less to make the picture from.",
            "Maas 2013; Lu 2019",
        ),
        exhibit(
            Ailment::DisjointSupports,
            ring,
            "objective=hinge critic.activation=tanh n_critic=5 ttur=5 lr=0.001 r1=0 r2=0",
            "instance_noise=0.3",
            600,
            "The eight spots and the cloud of fakes do not touch, so a perfect D exists at once, and its slope at the fakes says nothing about where the data are. Noise on both makes them overlap.",
            "Arjovsky & Bottou 2017; Sønderby 2017",
        ),
    ]
}
