//! The files in `www/src/generated` that are made from the Rust types say what the types say.
//!
//! `SPARRING_WRITE=1 cargo test --release --test generated` writes them anew.

use std::path::Path;

use sparring::config::{TrainConfig, preset, preset_names, schema};
use sparring::doctor::gallery;
use sparring::protocol::{Command, Event, PROTOCOL_VERSION, UNIT_CELLS};
use sparring::{augment, config, data, device, doctor, latent, metrics, model, nn, objective, optim, penalty, protocol, schedule};
use ts_rs::{Config, TS};

#[test]
fn the_typescript_types_are_those_of_the_protocol() {
    let types = Config::default();
    let declare = |declaration: String, docs: Option<String>| format!("{}export {declaration}\n\n", docs.unwrap_or_default());
    macro_rules! declarations {
        ($($type:ty),* $(,)?) => { [$(declare(<$type as TS>::decl(&types), <$type as TS>::docs())),*].concat() };
    }
    let declarations = declarations![
        objective::Objective,
        penalty::GradientPenalty,
        optim::OptimizerKind,
        optim::Play,
        nn::activation::Activation,
        nn::norm::Norm,
        nn::minibatch::MinibatchFeature,
        model::Conditioning,
        optim::Learners,
        latent::LatentKind,
        schedule::Schedule,
        model::Family,
        model::NetworkConfig,
        data::DataKind,
        data::Fit,
        data::ImageConfig,
        augment::Augment,
        augment::Pipeline,
        augment::AugmentConfig,
        data::Mode,
        device::DeviceChoice,
        config::TrainConfig,
        config::Preset,
        protocol::DeviceInfo,
        protocol::View,
        protocol::Scene,
        protocol::Latents,
        protocol::Extra,
        protocol::OptimumFigures,
        protocol::StepReport,
        metrics::Score,
        metrics::Measured,
        metrics::ModeMetrics,
        protocol::PointMetrics,
        protocol::Failure,
        protocol::Ailment,
        protocol::Measure,
        protocol::Evidence,
        protocol::Finding,
        doctor::Exhibit,
        Command,
        Event,
    ];
    let head = "// Generated from the Rust types by `SPARRING_WRITE=1 cargo test --release --test generated`; do not edit.\n\n";
    let version = format!(
        "/** Version of the protocol between page and worker. */\nexport const PROTOCOL_VERSION = {PROTOCOL_VERSION};\n\n/** Cells along each axis on which hidden units are shown. */\nexport const UNIT_CELLS = {UNIT_CELLS};\n"
    );
    holds("types.ts", &format!("{head}{declarations}{version}"));
}

#[test]
fn the_schema_is_that_of_the_config() {
    holds("schema.json", &pretty(&schema()));
}

#[test]
fn the_presets_are_those_of_the_program() {
    let presets: Vec<_> = preset_names().map(|name| preset(name).expect("listed presets exist")).collect();
    holds("presets.json", &pretty(&serde_json::to_value(presets).expect("presets are plain data")));
}

#[test]
fn the_scenes_are_those_of_the_toys() {
    let scene = |data: data::DataKind| (data.name(), protocol::Scene::of(&TrainConfig { data, ..TrainConfig::default() }));
    let scenes: serde_json::Map<_, _> =
        data::DataKind::toys().map(scene).map(|(name, scene)| (name, serde_json::to_value(scene).expect("plain data"))).collect();
    holds("scenes.json", &(serde_json::to_string(&scenes).expect("plain data") + "\n"));
}

#[test]
fn the_gallery_is_that_of_the_doctor() {
    holds("gallery.json", &pretty(&serde_json::to_value(gallery()).expect("exhibits are plain data")));
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).expect("a value is plain data") + "\n"
}

/// Compares a generated file with what it should be, or writes it.
fn holds(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/src/generated").join(name);
    if std::env::var_os("SPARRING_WRITE").is_some() {
        std::fs::write(&path, expected).expect("the folder can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{name} is not current: run `SPARRING_WRITE=1 cargo test --release --test generated` and commit it");
}
