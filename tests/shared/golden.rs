//! Games whose bytes are known, natively and in the browser.

use crate::shared::{config, start};

/// A game and the checksum of both networks' numbers and optimisers after so many steps.
pub struct Golden {
    pub name: &'static str,
    preset: &'static str,
    steps: u64,
    settings: &'static [&'static str],
    pub checksum: u32,
}

/// One run for each kind of arithmetic in the fused loops. The checksums change whenever training is changed on purpose; what may never happen is that they differ
/// between platforms.
pub const GOLDEN: [Golden; 4] = [
    Golden {
        name: "linear in pieces, R1 and R2",
        preset: "ring8",
        steps: 1000,
        settings: &["generator.width=14", "critic.width=10", "generator.depth=1", "critic.depth=2", "batch=37"],
        checksum: 0x20b9_b0ce,
    },
    Golden {
        name: "tanh, between the data, uniform latents",
        preset: "ring8",
        steps: 1000,
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
        checksum: 0x84f9_aadf,
    },
    Golden {
        name: "around the data of a curve",
        preset: "ring8",
        steps: 1000,
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
        checksum: 0xfc26_de6d,
    },
    Golden {
        name: "convolutions",
        preset: "mnist",
        steps: 20,
        settings: &[
            "generator.width=16",
            "critic.width=8",
            "latent_dim=5",
            "batch=33",
            "r1=1:0.1:150",
            "r2=1:0.1:150",
            "lr=0.001:0.0001:300",
        ],
        checksum: 0x5f9b_a0a2,
    },
];

/// What training this game here gives.
pub async fn checksum(golden: &Golden) -> u32 {
    let mut session = start(&config(golden.preset, golden.settings));
    session.advance(golden.steps).await.expect("it trains");
    let mut hasher = crc32fast::Hasher::new();
    for (name, numbers) in session.checkpoint().await.expect("a healthy run").vectors {
        hasher.update(name.as_bytes());
        numbers.iter().for_each(|number| hasher.update(&number.to_le_bytes()));
    }
    hasher.finalize()
}
