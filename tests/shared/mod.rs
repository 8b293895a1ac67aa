//! What native tests and tests in the browser share.

use burn::tensor::Device;

use sparring::config::{TrainConfig, preset, set};
use sparring::session::Session;

/// A preset with settings.
pub fn config(preset_name: &str, settings: &[&str]) -> TrainConfig {
    let config = preset(preset_name).expect("a preset").config;
    settings.iter().fold(config, |config, setting| set(&config, setting).expect("a valid setting"))
}

/// A run on toy data on the CPU.
pub fn start(config: &TrainConfig) -> Session {
    Session::new(config.clone(), config.dataset().expect("a toy"), &Device::flex()).expect("a valid config")
}

/// A game and the checksum of its checkpoint after [`STEPS`].
pub struct Golden {
    pub name: &'static str,
    settings: &'static [&'static str],
    pub checksum: u32,
}

/// Enough for a difference in the last bit to spread to every number.
const STEPS: u64 = 1000;

/// One run for each kind of arithmetic in the fused loops. The checksums change whenever training or the checkpoint's format is changed on purpose; what may never
/// happen is that they differ between platforms.
pub const GOLDEN: [Golden; 3] = [
    Golden {
        name: "linear in pieces, R1 and R2",
        settings: &["generator.width=14", "critic.width=10", "generator.depth=1", "critic.depth=2", "batch=37"],
        checksum: 0xf6c4_db23,
    },
    Golden {
        name: "tanh, between the data, uniform latents",
        settings: &[
            "objective=wgan",
            "gradient_penalty=wgan_gp",
            "gp_weight=0.1",
            "r1=0",
            "r2=0",
            "critic.activation=tanh",
            "generator.activation=swish",
            "generator.width=9",
            "critic.width=12",
            "generator.depth=2",
            "critic.depth=2",
            "batch=20",
            "latent=uniform",
        ],
        checksum: 0x0c0f_102b,
    },
    Golden {
        name: "around the data of a curve",
        settings: &[
            "data=spiral",
            "objective=non_saturating",
            "gradient_penalty=dragan",
            "gp_weight=1",
            "r1=0",
            "r2=0",
            "critic.activation=elu",
            "generator.width=9",
            "critic.width=12",
            "generator.depth=2",
            "critic.depth=2",
            "batch=20",
        ],
        checksum: 0x06a9_15db,
    },
];

/// What training this game here gives.
pub async fn checksum(golden: &Golden) -> u32 {
    let mut session = start(&config("ring8", golden.settings));
    session.advance(STEPS).await.expect("it trains");
    crc32fast::hash(&session.save().await.expect("saved"))
}
