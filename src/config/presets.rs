//! Presets: configs by name, each what it changes in the defaults.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{TrainConfig, set};
use crate::data::DataKind;
use crate::error::{Error, Result};

/// A config with a name and a word about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Preset {
    /// What `sparring train` takes.
    pub name: String,
    /// What it is, in one line.
    pub summary: String,
    /// What must be given with it, as flags; empty where nothing is needed.
    pub needs: String,
    /// Whether it is a method for any points; otherwise it is made for certain data.
    pub method: bool,
    /// What it changes in the defaults, as `--set` takes it.
    pub changes: Vec<String>,
    /// The settings.
    pub config: TrainConfig,
}

/// How a preset is written down; its changes are those of its lists, one after another.
struct Recipe {
    name: &'static str,
    summary: &'static str,
    needs: &'static str,
    method: bool,
    changes: &'static [&'static [&'static str]],
}

impl Recipe {
    /// The defaults on other points.
    const fn data(name: &'static str, summary: &'static str, changes: &'static [&'static [&'static str]]) -> Self {
        Self { name, summary, needs: "", method: false, changes }
    }

    /// An image set and what is asked for with it.
    const fn images(name: &'static str, summary: &'static str, needs: &'static str, changes: &'static [&'static [&'static str]]) -> Self {
        Self { name, summary, needs, method: false, changes }
    }

    /// A method, for any toy.
    const fn method(name: &'static str, summary: &'static str, changes: &'static [&'static [&'static str]]) -> Self {
        Self { name, summary, needs: "", method: true, changes }
    }

    fn changes(&self) -> impl Iterator<Item = &'static str> {
        self.changes.iter().flat_map(|list| list.iter().copied())
    }
}

/// What MNIST and the sets made like it need.
const IDX: &str = "--data FOLDER with train-images-idx3-ubyte(.gz)";
/// A convolutional R3GAN that learns digits on two cores.
const SMALL: &[&str] = &[
    "family=r3gan",
    "kimg=300",
    "batch=32",
    "latent_dim=64",
    // D costs five times what G costs in a step with penalties, so G is the wider one.
    "generator.width=24",
    "generator.depth=1",
    "critic.width=16",
    "critic.depth=1",
    // With less D is far ahead, of many modes to the end (docs/log.md).
    "r1=60:6:90",
    "r2=60:6:90",
    "lr=0.002:0.0001:300",
    "beta2=0.9:0.99:150",
    "ema=0:5:150",
];
/// For photographs: wider and longer, with a weaker penalty and a lower rate, for D is not ahead there (docs/log.md); for a GPU.
const WIDER: &[&str] = &[
    "family=r3gan",
    "kimg=2000",
    "batch=64",
    "latent_dim=64",
    "generator.width=32",
    "generator.depth=1",
    "critic.width=24",
    "critic.depth=1",
    "r1=2:0.2:1000",
    "r2=2:0.2:1000",
    "lr=0.0005:0.00005:2000",
    "beta2=0.9:0.99:1000",
    "ema=0:10:1000",
];
/// For data wider than the tiny modes of ring8 and grid25: more latent dimensions than the plane has, so that G need not fold it, and a steady, stronger penalty.
const WIDE: &[&str] = &["latent_dim=8", "r1=0.3", "r2=0.3", "ema=0:50:1024"];
/// What papers before R3GAN have in common here: no R1, no R2, samples from the weights themselves, four layers, and a rate that falls to zero, without which none of them
/// comes to rest on the toys (`docs/methods.md` has what differs from the papers).
const PLAIN: &[&str] = &["r1=0", "r2=0", "ema=0", "generator.depth=4", "critic.depth=4", "beta1=0.5", "beta2=0.999", "lr=0.0005:0:2048"];
/// WGAN's training: five steps of D on small batches for each of G.
const FIVE_TO_ONE: &[&str] = &["n_critic=5", "batch=64", "beta1=0", "beta2=0.9", "lr=0.001:0:2048"];

/// All presets, in the order in which they are listed: data, then methods by year.
const RECIPES: &[Recipe] = &[
    Recipe::data("ring8", "8 Gaussians on a ring (2-D): the defaults, RpGAN with R1 and R2", &[&["data=ring8"]]),
    Recipe {
        name: "grid25",
        summary: "25 Gaussians on a grid (2-D): RpGAN with R1 and R2",
        needs: "",
        method: false,
        changes: &[&[
            "data=grid25",
            // Many modes need many samples a step to be balanced, and a latent without tails, from which the corners get as much as the middle (docs/log.md).
            "kimg=8192",
            "batch=512",
            "latent=uniform",
            "r1=0.02:0.001:4096",
            "r2=0.02:0.001:4096",
            "lr=0.003:0.0001:8192",
            "beta2=0.9:0.99:4096",
            "ema=0:20:4096",
        ]],
    },
    Recipe::images("mnist", "handwritten digits, 28x28: a small convolutional R3GAN", IDX, &[&["data=mnist"], SMALL]),
    Recipe::images("fashion", "clothes (Fashion-MNIST), 28x28: the same R3GAN", IDX, &[&["data=fashion_mnist"], SMALL]),
    Recipe::images("stacked_mnist", "three digits in one RGB image, 1,000 modes: the same R3GAN", IDX, &[&["data=stacked_mnist"], SMALL]),
    Recipe::images(
        "cifar10",
        "photographs of ten things, 32x32 RGB: a wider R3GAN",
        "--data FOLDER with data_batch_1.bin(.gz) …, or cifar-10-binary.tar.gz",
        &[&["data=cifar10"], WIDER],
    ),
    Recipe::images(
        "images",
        "your own images, 64x64 RGB unless `image` says otherwise: the wider R3GAN",
        "--data FOLDER or FILE.zip of PNG, JPEG, WebP or BMP",
        &[&["data=images", "image.resolution=64"], WIDER],
    ),
    Recipe::images(
        "shapes",
        "drawn figures, 28x28, 80 modes: the R3GAN of the digits",
        "",
        &[&["data=shapes", "image.resolution=28"], SMALL],
    ),
    Recipe::data("line", "a short line with little noise (GAN Lab)", &[&["data=line"], WIDE]),
    Recipe::data("two_gaussians", "two Gaussians of different shape (GAN Lab)", &[&["data=two_gaussians"], WIDE]),
    Recipe::data("ring", "an ellipse (GAN Lab)", &[&["data=ring"], WIDE]),
    Recipe::data("disjoint", "three blobs far apart (GAN Lab)", &[&["data=disjoint"], WIDE]),
    Recipe::data("moons", "two half circles that reach into each other", &[&["data=moons"], WIDE]),
    Recipe::data("spiral", "two arms of a spiral", &[&["data=spiral"], WIDE]),
    Recipe::data("swiss_roll", "the section of the Swiss roll", &[&["data=swiss_roll"], WIDE]),
    Recipe::data("checkerboard", "the dark squares of a 4x4 board", &[&["data=checkerboard"], WIDE]),
    Recipe::data("pinwheel", "five twisted arms", &[&["data=pinwheel"], WIDE]),
    Recipe::data("two_scale", "half the samples wide, half on a spot", &[&["data=two_scale"], WIDE]),
    Recipe::data("gaussian1d", "a Gaussian on the line", &[&["data=gaussian1d"], WIDE]),
    Recipe::data("bimodal1d", "two Gaussians on the line", &[&["data=bimodal1d"], WIDE]),
    Recipe::method(
        "gan-2014",
        "Goodfellow 2014, algorithm 1: the minimax game by gradient descent with momentum",
        &[PLAIN, &["objective=minimax", "optimizer=sgd", "lr=0.01:0.001:2048", "generator.activation=relu"]],
    ),
    Recipe::method(
        "cgan",
        "Mirza & Osindero 2014: the class is joined to z and to D's input",
        &[PLAIN, &["objective=non_saturating", "conditioning=join"]],
    ),
    Recipe::method(
        "dcgan",
        "Radford 2016: non-saturating, batch norm and ReLU in G, leaky ReLU in D",
        &[PLAIN, &["objective=non_saturating", "generator.norm=batch", "generator.activation=relu"]],
    ),
    Recipe::method(
        "improved-gan",
        "Salimans 2016: minibatch discrimination and one-sided label smoothing",
        &[PLAIN, &["objective=non_saturating", "minibatch=discrimination", "real_label=0.9", "batch=32", "kimg=256", "lr=0.0003:0:256"]],
    ),
    Recipe::method(
        "improved-gan-labels",
        "Salimans 2016, semi-supervised: D has K + 1 classes and few labels, G matches features",
        &[PLAIN, &["objective=non_saturating", "conditioning=semi_supervised", "adversarial=0", "feature_matching=1", "kimg=512"]],
    ),
    Recipe::method("f-gan", "Nowozin 2016: the Kullback-Leibler f-GAN", &[PLAIN, &["objective=kl_fgan"]]),
    Recipe::method("lsgan", "Mao 2017: least squares", &[PLAIN, &["objective=lsgan"]]),
    Recipe::method(
        "wgan",
        "Arjovsky 2017: Wasserstein distance by clipped weights, RMSprop",
        &[PLAIN, FIVE_TO_ONE, &["objective=wgan", "weight_clip=0.1", "optimizer=rmsprop", "beta2=0.99", "lr=0.0005:0:2048"]],
    ),
    Recipe::method(
        "wgan-gp",
        "Gulrajani 2017: Wasserstein distance by a gradient penalty of .1, as on its toys",
        &[PLAIN, FIVE_TO_ONE, &["objective=wgan", "gradient_penalty=wgan_gp", "gp_weight=0.1"]],
    ),
    Recipe::method(
        "wgan-lp",
        "Petzka 2018: WGAN-GP whose penalty spares slopes below 1",
        &[PLAIN, FIVE_TO_ONE, &["objective=wgan", "gradient_penalty=wgan_gp_one_sided", "gp_weight=0.1"]],
    ),
    Recipe::method(
        "acgan",
        "Odena 2017: D also finds the class, and G is asked for one",
        &[PLAIN, &["objective=non_saturating", "conditioning=acgan"]],
    ),
    Recipe::method(
        "dragan",
        "Kodali 2017: a gradient penalty around the data",
        &[PLAIN, &["objective=non_saturating", "gradient_penalty=dragan", "gp_weight=1", "lr=0.001:0:2048"]],
    ),
    Recipe::method(
        "instance-noise",
        "Sønderby 2017: noise on all that D sees, fading out",
        &[PLAIN, &["objective=non_saturating", "instance_noise=0.1:0:1024"]],
    ),
    Recipe::method(
        "ttur",
        "Heusel 2017: D learns four times as fast as G",
        &[PLAIN, &["objective=non_saturating", "lr=0.00025:0:2048", "ttur=4"]],
    ),
    Recipe::method(
        "sngan",
        "Miyato 2018: hinge loss, D's weights divided by their spectral norm",
        &[PLAIN, FIVE_TO_ONE, &["objective=hinge", "critic.spectral_norm=true"]],
    ),
    Recipe::method(
        "projection",
        "Miyato & Koyama 2018: SNGAN with classes by projection",
        &[PLAIN, FIVE_TO_ONE, &["objective=hinge", "critic.spectral_norm=true", "conditioning=projection"]],
    ),
    Recipe::method(
        "pacgan",
        "Lin 2018: D judges packs of two samples",
        &[PLAIN, &["objective=non_saturating", "packing=2", "generator.activation=relu"]],
    ),
    Recipe::method(
        "r1",
        "Mescheder 2018: non-saturating with R1 on reals alone",
        &[PLAIN, &["objective=non_saturating", "r1=0.1:0.001:1024", "optimizer=rmsprop", "beta2=0.99", "ema=0:10:1024"]],
    ),
    Recipe::method("rpgan", "Jolicoeur-Martineau 2018: relativistic pairs, without any penalty", &[PLAIN, &["objective=rpgan"]]),
    Recipe::method("ragan", "Jolicoeur-Martineau 2018: relativistic against the average", &[PLAIN, &["objective=ragan"]]),
    Recipe::method(
        "optimistic",
        "Daskalakis 2018: WGAN-GP by optimistic Adam",
        &[PLAIN, &["objective=wgan", "gradient_penalty=wgan_gp", "gp_weight=0.1", "optimizer=optimistic_adam", "beta2=0.9"]],
    ),
    Recipe::method(
        "extragradient",
        "Gidel 2019: WGAN-GP by extragradient Adam",
        &[PLAIN, &["objective=wgan", "gradient_penalty=wgan_gp", "gp_weight=0.1", "play=extragradient", "beta2=0.9", "ema=0:10:1024"]],
    ),
    Recipe::method(
        "vdb",
        "Peng 2019: an information bottleneck in D, with R1",
        &[PLAIN, &["objective=non_saturating", "bottleneck=0.2", "bottleneck_rate=0.001", "r1=0.1:0.001:1024"]],
    ),
    Recipe::method("r3gan", "Huang 2024: relativistic pairs with R1 and R2, the defaults", &[]),
];

/// The names of all presets.
pub fn preset_names() -> impl Iterator<Item = &'static str> {
    RECIPES.iter().map(|recipe| recipe.name)
}

/// The names of the presets that are methods for any toy.
pub fn toy_methods() -> Vec<String> {
    RECIPES.iter().filter(|recipe| recipe.method).map(|recipe| recipe.name.into()).collect()
}

/// The preset called `name`.
pub fn preset(name: &str) -> Result<Preset> {
    let Some(recipe) = RECIPES.iter().find(|recipe| recipe.name == name) else {
        return Err(Error::UnknownPreset { name: name.into(), known: preset_names().collect::<Vec<_>>().join(", ") });
    };
    let config = recipe.changes().try_fold(TrainConfig::default(), |config, change| set(&config, change))?;
    let changes = recipe.changes().map(String::from).collect();
    Ok(Preset { name: name.into(), summary: recipe.summary.into(), needs: recipe.needs.into(), method: recipe.method, changes, config })
}

/// A method on other data. If it changes nothing in the defaults, what is made for the data; else the method as it is, stretched to the length that is made for them and
/// with the latents: these belong to the data, not to the method.
pub fn on_data(method: &str, data: DataKind) -> Result<TrainConfig> {
    let own = preset(method)?;
    if own.config.data == data && !own.method {
        return Ok(own.config);
    }
    let made_for = RECIPES.iter().filter(|recipe| !recipe.method).filter_map(|recipe| preset(recipe.name).ok());
    let base = made_for.map(|preset| preset.config).find(|config| config.data == data);
    let base = base.map_or_else(|| wide(data), Ok)?;
    if own.changes.is_empty() {
        return Ok(base);
    }
    let config = stretched(own.config, base.kimg / TrainConfig::default().kimg);
    Ok(TrainConfig { data, image: base.image, latent: base.latent, latent_dim: base.latent_dim, ..config })
}

/// The defaults for a person's own points.
fn wide(data: DataKind) -> Result<TrainConfig> {
    WIDE.iter().try_fold(TrainConfig { data, ..TrainConfig::default() }, |config, change| set(&config, change))
}

/// The same run over `factor` times the images.
fn stretched(mut config: TrainConfig, factor: f64) -> TrainConfig {
    config.kimg *= factor;
    let TrainConfig { r1, r2, gp_weight, instance_noise, lr, beta2, ema, .. } = &mut config;
    for schedule in [r1, r2, gp_weight, instance_noise, lr, beta2, ema] {
        schedule.kimg *= factor;
    }
    config
}
