//! The library in a dedicated worker of a real browser, as the page runs it.
#![cfg(target_family = "wasm")]

#[path = "shared/golden.rs"]
mod golden;
mod shared;

use burn::tensor::Device;
use serde::Deserialize;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use golden::{GOLDEN, checksum};
use shared::{config, start};
use sparring::checkpoint::Checkpoint;
use sparring::config::TrainConfig;
use sparring::device::{DeviceChoice, open};
use sparring::engine::Engine;
use sparring::export::Weights;
use sparring::protocol::{Command, Event};
use sparring::sample::Sampler;
use sparring::session::Session;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn ring() -> TrainConfig {
    config("ring8", &["generator.width=8", "critic.width=8", "generator.depth=2", "critic.depth=2", "batch=16"])
}

#[wasm_bindgen_test]
async fn the_same_seed_gives_the_same_bytes_and_a_resumed_run_ends_in_them() {
    let mut never_stopped = start(&ring());
    never_stopped.advance(3).await.expect("it trains");
    let saved = never_stopped.save().await.expect("saved");
    never_stopped.advance(4).await.expect("it trains");
    let checkpoint = Checkpoint::parse(&saved, "saved").expect("whole");
    let data = ring().dataset().expect("a toy");
    let mut resumed = Session::resume(checkpoint, data, &Device::flex()).expect("valid");
    resumed.advance(4).await.expect("it trains");
    assert_eq!(resumed.save().await, never_stopped.save().await);
}

#[wasm_bindgen_test]
async fn training_gives_the_bytes_that_it_gives_natively() {
    for golden in &GOLDEN {
        assert_eq!(checksum(golden).await, golden.checksum, "{}", golden.name);
    }
}

#[derive(Deserialize)]
struct GeneratorFixture {
    latents: Vec<f32>,
    images: Vec<f64>,
}

#[wasm_bindgen_test]
async fn exported_weights_make_pytorchs_images_in_the_browser_too() {
    let GeneratorFixture { latents, images } = serde_json::from_str(include_str!("fixtures/generator.json")).expect("documented fields");
    let weights = Weights::parse(include_bytes!("fixtures/generator.safetensors"), "generator.safetensors").expect("a whole export");
    let sampler = Sampler::new(&weights.config, &weights.vector, &weights.state, &Device::flex()).expect("a valid config");
    let found = sampler.generate(&latents).await.expect("it generates");
    let worst = found.iter().zip(&images).map(|(&a, b)| (f64::from(a) - b).abs()).fold(0.0, f64::max);
    assert!(found.len() == images.len() && worst <= 1e-4, "{worst:e}");
}

#[wasm_bindgen_test]
async fn the_package_without_webgpu_says_so_and_auto_takes_the_cpu() {
    let refused = open(DeviceChoice::Gpu).await.expect_err("this package has no GPU").to_string();
    assert!(refused.contains("CPU only"), "{refused}");
    let taken = open(DeviceChoice::Auto).await.expect("there is always a CPU");
    assert!(!taken.is_gpu && taken.note.contains("CPU only"));
}

#[wasm_bindgen_test]
async fn the_engine_trains_the_steps_it_is_asked_for() {
    let mut engine = Engine::default();
    engine.handle(Command::Open { device: DeviceChoice::Cpu }, None).await;
    engine.handle(Command::Reset { config: ring() }, None).await;
    let reply = engine.handle(Command::Step { steps: 5, learn: None }, None).await;
    match reply.event {
        Event::Progress { step: 5, history, .. } => assert!(history.len() == 5 && history.iter().all(|report| report.loss_d.is_finite())),
        other => panic!("{other:?}"),
    }
}
