//! What native tests and tests in the browser share.

use burn::tensor::Device;

use sparring::config::{TrainConfig, preset, set};
use sparring::data::{DataKind, Dataset};
use sparring::session::Session;

/// A preset with settings.
pub fn config(preset_name: &str, settings: &[&str]) -> TrainConfig {
    let config = preset(preset_name).expect("a preset").config;
    settings.iter().fold(config, |config, setting| set(&config, setting).expect("a valid setting"))
}

/// Images as an IDX file, so that the convolutional family is tested without the real data: bright discs at random places.
pub fn discs() -> Dataset {
    let count = 40u32;
    let header = [0x0803, count, 28, 28].into_iter().flat_map(u32::to_be_bytes);
    let pixel = |i: u32| {
        let (image, y, x) = (i / 784, i / 28 % 28, i % 28);
        let (cx, cy) = (6 + image * 7 % 16, 6 + image * 11 % 16);
        if x.abs_diff(cx).pow(2) + y.abs_diff(cy).pow(2) < 20 { 255 } else { 0 }
    };
    let bytes: Vec<u8> = header.chain((0..count * 784).map(pixel)).collect();
    Dataset::idx(DataKind::Mnist, ("discs", &bytes), None, 1).expect("a whole IDX file")
}

/// A run on toy data, or on [`discs`], on the CPU.
pub fn start(config: &TrainConfig) -> Session {
    let data = config.dataset().unwrap_or_else(discs);
    Session::new(config.clone(), data, &Device::flex()).expect("a valid config")
}
