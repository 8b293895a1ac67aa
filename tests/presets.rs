//! Every preset as it is: it trains, is examined and looked at as natively and in the page, and goes on bit for bit after a stop.

use burn::tensor::Device;
use pollster::block_on;

use sparring::checkpoint::Checkpoint;
use sparring::config::{TrainConfig, preset, preset_names, set};
use sparring::data::{Dataset, ImageSet};
use sparring::session::Session;

/// Cells along each axis and samples of a look.
const GRID: usize = 24;
const SAMPLES: usize = 500;

/// The data of a preset, or noise in their shape, with classes where it wants them.
fn data(config: &TrainConfig) -> Dataset {
    config.dataset().unwrap_or_else(|| {
        let shape: [usize; 3] = config.sample_shape().try_into().expect("images");
        let pixels = (0..8 * shape.iter().product::<usize>() as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8);
        Dataset::Images(config.data, ImageSet::new(shape, pixels.collect()).labelled((0..8).collect()))
    })
}

/// The presets, those of images in small batches: they are large.
fn presets() -> impl Iterator<Item = (&'static str, TrainConfig)> {
    preset_names().map(|name| {
        let config = preset(name).expect("a preset").config;
        (name, if config.data.is_images() { set(&config, "batch=2").expect("a setting") } else { config })
    })
}

fn start(config: &TrainConfig) -> Session {
    Session::new(config.clone(), data(config), &Device::flex()).expect("a valid config")
}

fn save(session: &Session) -> Vec<u8> {
    block_on(session.save()).expect("a healthy run")
}

#[test]
fn every_preset_goes_on_after_a_stop_as_if_it_had_not_stopped() {
    for (name, config) in presets() {
        let mut whole = start(&config);
        block_on(whole.advance(4)).expect(name);
        let mut session = start(&config);
        block_on(session.advance(2)).expect(name);
        let checkpoint = Checkpoint::parse(&save(&session), name).expect("whole");
        let mut resumed = Session::resume(checkpoint, data(&config), &Device::flex()).expect(name);
        block_on(resumed.advance(2)).expect(name);
        assert!(save(&whole) == save(&resumed), "{name}");
    }
}

#[test]
fn every_preset_on_points_is_examined_and_looked_at() {
    for (name, config) in presets().filter(|(_, config)| !config.data.is_images()) {
        let mut session = start(&config);
        block_on(session.advance(2)).expect(name);
        let saved = save(&session);
        block_on(session.examine()).expect(name);
        let at = session.data().reals(GRID * GRID, 7);
        let [logits, slopes] = [block_on(session.judge(&at)).expect(name), block_on(session.slopes(&at)).expect(name)];
        let fakes = block_on(session.sampler().generate(&config.latent.draw(3, SAMPLES, config.latent_dim))).expect(name);
        let forces = block_on(session.forces(&fakes, &session.data().reals(SAMPLES, 3))).expect(name);
        assert_eq!([logits.len(), slopes.len(), forces.len()], [GRID * GRID, GRID * GRID, fakes.len()], "{name}");
        assert!(logits.iter().chain(&slopes).chain(&forces).all(|number| number.is_finite()), "{name}");
        assert!(save(&session) == saved, "{name} was moved by looks");
    }
}

/// D of Salimans 2016 looks at a batch as a whole; a point is judged among as many others as in training, whatever else is asked about.
#[test]
fn where_the_critic_looks_at_batches_a_point_is_judged_in_one() {
    let config = preset("improved-gan").expect("a preset").config;
    let session = start(&config);
    let batch = session.data().reals(config.batch, 1);
    let alone = block_on(session.judge(&batch)).expect("logits");
    // Point i of two batches' worth is in batch i modulo 2.
    let others = session.data().reals(config.batch, 2);
    let both: Vec<f32> = batch.chunks(2).zip(others.chunks(2)).flat_map(|(a, b)| [a, b].concat()).collect();
    let together = block_on(session.judge(&both)).expect("logits");
    assert!(alone.iter().zip(together.iter().step_by(2)).all(|(a, b)| (a - b).abs() <= 1e-5 * a.abs().max(1.0)));
    let copies = block_on(session.judge(&batch[..2].repeat(config.batch))).expect("logits");
    assert!((copies[0] - alone[0]).abs() > 1e-3, "copies are another batch");
}
