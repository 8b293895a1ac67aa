//! Runs with little data: what D sees is changed, samples are not, and every run repeats and resumes.

mod shared;

use burn::tensor::Device;
use pollster::block_on;

use sparring::checkpoint::Checkpoint;
use sparring::config::{TrainConfig, set};
use sparring::sample::Sampler;
use sparring::session::Session;

use shared::{config, discs, start};

fn digits(changes: &[&str]) -> TrainConfig {
    let small = config("mnist", &["generator.width=8", "critic.width=8", "latent_dim=4", "batch=4"]);
    changes.iter().fold(small, |config, change| set(&config, change).expect(change))
}

fn trained(config: &TrainConfig, steps: u64) -> Session {
    let mut session = start(config);
    block_on(session.advance(steps)).expect("it trains");
    session
}

fn save(session: &Session) -> Vec<u8> {
    block_on(session.save()).expect("a healthy run saves")
}

fn resume(bytes: &[u8]) -> Session {
    Session::resume(Checkpoint::parse(bytes, "saved").expect("a whole checkpoint"), discs(), &Device::flex()).expect("a valid checkpoint")
}

#[test]
fn a_resumed_run_ends_in_the_bytes_of_the_run_that_was_never_stopped_also_between_two_moves_of_p() {
    // A ramp so short that p leaves 0 at its first move, and a target that any D is above.
    let ada = ["augment.method=ada", "augment.ramp=1", "augment.target=0", "objective=non_saturating"];
    let cases: [&[&str]; 4] =
        [&ada, &["augment.method=diff_augment"], &["augment.method=scheduled", "augment.p=0:1:0.1"], &["image.mirror=true"]];
    for changes in cases {
        let config = digits(changes);
        for stop in [3, 6] {
            let mut never_stopped = trained(&config, stop);
            let saved = save(&never_stopped);
            assert_eq!(save(&resume(&saved)), saved);
            let mut resumed = resume(&saved);
            let reports = [&mut never_stopped, &mut resumed].map(|session| block_on(session.advance(7)).expect("it trains"));
            assert_eq!(reports[0], reports[1], "{changes:?}");
            assert_eq!(save(&resumed), save(&never_stopped), "{changes:?}");
        }
    }
}

#[test]
fn adas_p_moves_every_four_steps_and_the_reports_say_it() {
    let config = digits(&["augment.method=ada", "augment.ramp=1", "augment.target=0", "objective=non_saturating"]);
    let mut session = start(&config);
    let whole = block_on(session.advance(13)).expect("it trains");
    let p: Vec<f32> = whole.iter().map(|report| report.augment_p.expect("there is a p")).collect();
    for (step, pair) in (1..).zip(p.windows(2)) {
        let moved = (pair[1] - pair[0]).abs();
        // 16 images of a ramp of 1,000; where p is 0 already it may stay.
        assert!(if step % 4 == 0 { (moved - 0.016).abs() < 1e-6 || pair == [0.0, 0.0] } else { moved == 0.0 }, "{p:?}");
    }
    assert!(p.iter().any(|&p| p > 0.0), "a critic that is right of its reals raises p: {p:?}");
    let mut cut = start(&config);
    let pieces: Vec<_> = [1, 2, 7, 3].into_iter().flat_map(|n| block_on(cut.advance(n)).expect("it trains")).collect();
    assert_eq!(pieces, whole);
}

#[test]
fn without_a_chance_of_change_a_run_is_that_without_augmentation_and_with_one_it_is_not() {
    let vectors = |changes: &[&str]| {
        let mut session = start(&digits(changes));
        session.train_plainly();
        block_on(session.advance(3)).expect("it trains");
        block_on(session.checkpoint()).expect("a healthy run").vectors
    };
    let plain = vectors(&[]);
    assert_eq!(vectors(&["augment.method=scheduled", "augment.p=0"]), plain);
    for changes in [
        ["augment.method=scheduled", "augment.p=1"],
        ["augment.method=diff_augment", "image.mirror=false"],
        ["image.mirror=true", "seed=1"],
    ] {
        assert_ne!(vectors(&changes), plain, "{changes:?}");
    }
}

#[test]
fn samples_are_never_changed_and_looking_never_moves_the_changes() {
    let latents = vec![0.5; 8];
    let sample = |session: &Session| block_on(session.sampler().generate(&latents)).expect("it samples");
    let changed = digits(&["augment.method=scheduled", "augment.p=1"]);
    assert_eq!(sample(&start(&changed)), sample(&start(&digits(&[]))));
    let (mut looked_at, mut alone) = (start(&changed), start(&changed));
    for _ in 0..2 {
        block_on(looked_at.advance(2)).expect("it trains");
        block_on(alone.advance(2)).expect("it trains");
        let weights = block_on(looked_at.weights()).expect("it exports");
        let exported = Sampler::new(&weights.config, &weights.vector, &weights.state, &Device::flex()).expect("its own weights");
        assert_eq!(sample(&looked_at), block_on(exported.generate(&latents)).expect("it samples"));
    }
    assert_eq!(save(&looked_at), save(&alone));
}

#[test]
fn a_file_from_before_there_was_augmentation_loads_and_one_that_lacks_its_state_is_refused() {
    let mut checkpoint = block_on(trained(&digits(&[]), 2).checkpoint()).expect("a healthy run");
    let header = serde_json::to_value(&checkpoint.header).expect("plain data");
    assert!(header.get("augment").is_none());
    let mut old = header.clone();
    old["config"].as_object_mut().expect("settings").remove("augment");
    old["config"]["image"].as_object_mut().expect("settings").remove("mirror");
    checkpoint.header = serde_json::from_value(old).expect("an old header");
    assert_eq!(resume(&checkpoint.to_bytes().expect("it is written")).step(), 2);

    let mut lacking = block_on(trained(&digits(&["augment.method=ada"]), 2).checkpoint()).expect("a healthy run");
    lacking.header.augment = None;
    let error = Checkpoint::parse(&lacking.to_bytes().expect("it is written"), "mine.sparring").expect_err("no state").to_string();
    assert!(error.contains("mine.sparring") && error.contains("`augment.method`"), "{error}");
}
