//! Whole flows of the library: training repeats, resumes and refuses as it should.

mod shared;

use burn::tensor::Device;
use pollster::block_on;

use sparring::checkpoint::Checkpoint;
use sparring::config::{TrainConfig, preset, set};
use sparring::data::{Dataset, ImageSet, Supply};
use sparring::device::DeviceChoice;
use sparring::engine::{Buffer, Engine, Reply};
use sparring::error::Error;
use sparring::export::Weights;
use sparring::latent::LatentKind;
use sparring::metrics::Score;
use sparring::model::NetworkConfig;
use sparring::optim::Learners;
use sparring::protocol::{Command, Event, Extra, Latents, UNIT_CELLS, View};
use sparring::session::Session;

use shared::{config as small, discs, start};

fn ring() -> TrainConfig {
    small("ring8", &["generator.width=8", "critic.width=8", "generator.depth=2", "critic.depth=2", "batch=16"])
}

fn digits() -> TrainConfig {
    small("mnist", &["generator.width=8", "critic.width=8", "latent_dim=4", "batch=4"])
}

fn resume(bytes: &[u8]) -> Session {
    let checkpoint = Checkpoint::parse(bytes, "saved").expect("a whole checkpoint");
    let data = checkpoint.header.config.dataset().unwrap_or_else(discs);
    Session::resume(checkpoint, data, &Device::flex()).expect("a valid checkpoint")
}

fn save(session: &Session) -> Vec<u8> {
    block_on(session.save()).expect("a healthy run saves")
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let trained = |config: &TrainConfig| {
        let mut session = start(config);
        block_on(session.advance(5)).expect("it trains");
        save(&session)
    };
    assert_eq!(trained(&ring()), trained(&ring()));
    assert_ne!(trained(&ring()), trained(&set(&ring(), "seed=2").expect("a setting")));
}

#[test]
fn advance_trains_exactly_as_many_steps_as_asked_however_they_are_cut() {
    let mut whole = start(&ring());
    let reports = block_on(whole.advance(130)).expect("it trains");
    assert!(reports.iter().map(|report| report.step).eq(1..=130));
    assert_eq!((whole.step(), whole.images()), (130, 130 * 16));
    let mut cut = start(&ring());
    let pieces: Vec<_> = [1, 64, 65].into_iter().flat_map(|n| block_on(cut.advance(n)).expect("it trains")).collect();
    assert_eq!(pieces, reports);
    assert_eq!(save(&cut), save(&whole));
}

#[test]
fn a_resumed_run_ends_in_the_bytes_of_the_run_that_was_never_stopped() {
    for config in [ring(), small("grid25", &["batch=8", "beta1=0.5", "objective=non_saturating"]), digits()] {
        let mut never_stopped = start(&config);
        block_on(never_stopped.advance(3)).expect("it trains");
        let saved = save(&never_stopped);
        assert_eq!(save(&resume(&saved)), saved);
        block_on(never_stopped.advance(4)).expect("it trains");
        let mut resumed = resume(&saved);
        block_on(resumed.advance(4)).expect("it trains");
        assert_eq!(save(&resumed), save(&never_stopped));
    }
}

fn vector<'a>(checkpoint: &'a mut Checkpoint, name: &str) -> &'a mut Vec<f32> {
    checkpoint.vectors.get_mut(name).expect("it is saved")
}

#[test]
fn looking_never_moves_training() {
    let (mut looked_at, mut alone) = (start(&ring()), start(&ring()));
    for _ in 0..3 {
        block_on(looked_at.advance(2)).expect("it trains");
        block_on(looked_at.evaluate(&Score::ALL)).expect("points are measured");
        block_on(looked_at.sampler().generate(&[0.1; 20])).expect("it samples");
        block_on(looked_at.judge(&[0.0; 10])).expect("it judges");
        block_on(looked_at.forces(&[0.1; 10], &[0.2; 10])).expect("it tells the forces");
        block_on(looked_at.weights()).expect("it exports");
        save(&looked_at);
    }
    block_on(alone.advance(6)).expect("it trains");
    assert_eq!(save(&looked_at), save(&alone));
}

/// φ'(t) of G's loss, for a fake of logit t among reals of these logits.
fn pull(objective: &str, t: f64, reals: &[f32]) -> f64 {
    let sigmoid = |t: f64| 1.0 / (1.0 + (-t).exp());
    match objective {
        "minimax" => -sigmoid(t),
        "non_saturating" => -sigmoid(-t),
        "lsgan" => t - 1.0,
        "wgan" => -1.0,
        _ => -reals.iter().map(|&real| sigmoid(f64::from(real) - t)).sum::<f64>() / reals.len() as f64, // rpgan
    }
}

#[test]
fn forces_are_the_negative_gradient_of_the_objective_at_each_fake_in_data_units() {
    let fakes = [0.3f32, -0.2, 1.1, 0.4, -0.7, 0.9, 0.05, -1.2];
    let reals = [1.0f32, 0.0, 0.0, 1.0, -1.0, 0.0, 0.0, -1.0];
    for objective in ["minimax", "non_saturating", "lsgan", "wgan", "rpgan"] {
        let settings = [&format!("objective={objective}")[..], "critic.activation=tanh", "data=two_scale"];
        let mut session = start(&settings.iter().fold(ring(), |config, setting| set(&config, setting).expect("a setting")));
        block_on(session.advance(20)).expect("it trains");
        let forces = block_on(session.forces(&fakes, &reals)).expect("points have forces");
        let judge = |points: &[f32]| block_on(session.judge(points)).expect("it judges");
        let (at_fakes, at_reals) = (judge(&fakes), judge(&reals));
        for (i, &force) in forces.iter().enumerate() {
            let shifted = |h: f32| {
                let mut points = fakes;
                points[i] += h;
                f64::from(judge(&points)[i / 2])
            };
            let slope = (shifted(0.02) - shifted(-0.02)) / 0.04;
            let expected = -pull(objective, f64::from(at_fakes[i / 2]), &at_reals) * slope;
            assert!((f64::from(force) - expected).abs() < 2e-3 * (1.0 + expected.abs()), "{objective}, number {i}: {force} and {expected}");
        }
    }
}

#[test]
fn a_run_that_meets_infinity_stops_and_names_the_image() {
    let mut session = start(&ring());
    block_on(session.advance(2)).expect("it trains");
    let mut checkpoint = Checkpoint::parse(&save(&session), "saved").expect("whole");
    vector(&mut checkpoint, "critic.parameters").iter_mut().for_each(|w| *w *= 1e20);
    let mut session = Session::resume(checkpoint, ring().dataset().expect("a toy"), &Device::flex()).expect("finite so far");
    let error = block_on(session.advance(10)).expect_err("the loss overflows");
    assert!(matches!(error, Error::Diverged { images: 48, step: 3, .. }), "{error}");
    assert!(matches!(block_on(session.save()), Err(Error::Diverged { .. })), "a broken state is never saved");
}

#[test]
fn training_with_penalties_off_and_on_both_learn_the_ring() {
    for settings in [&["r1=0", "r2=0", "objective=non_saturating"][..], &[]] {
        let config = settings.iter().fold(ring(), |config, setting| set(&config, setting).expect("a setting"));
        let mut session = start(&config);
        let distance = |session: &Session| {
            let points = block_on(session.sampler().generate(&LatentKind::Normal.draw(1, 500, 2))).expect("it samples");
            points.chunks_exact(2).map(|p| (p[0].hypot(p[1]) - 1.0).abs()).sum::<f32>() / 500.0
        };
        let before = distance(&session);
        block_on(session.advance(1_500)).expect("it trains");
        let after = distance(&session);
        assert!(after < 0.6 * before, "{settings:?}: mean distance from the circle {before} → {after}");
    }
}

#[test]
fn damaged_foreign_and_other_checkpoints_are_refused_by_name() {
    let mut session = start(&ring());
    block_on(session.advance(1)).expect("it trains");
    let whole = save(&session);
    let refusal = |bytes: &[u8]| Checkpoint::parse(bytes, "mine.sparring").expect_err("bad bytes").to_string();
    for length in [0, 3, 8, 12, 15, 16, 17, 40, whole.len() / 2, whole.len() - 1] {
        let message = refusal(&whole[..length]);
        assert!(message.starts_with("mine.sparring: "), "{length}: {message}");
    }
    let mut flipped = whole.clone();
    flipped[whole.len() - 5] ^= 1;
    assert!(refusal(&flipped).contains("checksum"));
    let mut newer = whole.clone();
    newer[8] = 9;
    assert!(refusal(&newer).contains("format 9"));
    assert!(refusal(b"\x89PNG\r\n\x1a\n and so on and so on").contains("not a checkpoint"));

    let mut poisoned = Checkpoint::parse(&whole, "saved").expect("whole");
    vector(&mut poisoned, "ema")[3] = f32::NAN;
    assert!(refusal(&poisoned.to_bytes().expect("written")).contains("`ema` holds a number that is not finite"));
    let mut cut = Checkpoint::parse(&whole, "saved").expect("whole");
    vector(&mut cut, "critic.parameters").pop();
    assert!(refusal(&cut.to_bytes().expect("written")).contains("`critic.parameters`"));
    let mut invalid = Checkpoint::parse(&whole, "saved").expect("whole");
    invalid.header.config.batch = 0;
    assert!(refusal(&invalid.to_bytes().expect("written")).contains("batch"));
}

#[test]
fn damaged_and_foreign_exports_are_refused_by_name() {
    let weights = block_on(start(&ring()).weights()).expect("it exports");
    let whole = weights.to_bytes(false).expect("written");
    let refusal = |bytes: &[u8]| Weights::parse(bytes, "mine.safetensors").expect_err("bad bytes").to_string();
    for length in [0, 7, 8, 100, whole.len() - 1] {
        assert!(refusal(&whole[..length]).starts_with("mine.safetensors: "));
    }
    assert!(refusal(&[0xff; 64]).contains("not a whole safetensors file"));
    assert!(refusal(&save(&start(&ring()))).contains("not a whole safetensors file"), "a checkpoint is no export");
    let poisoned = Weights { vector: weights.vector.iter().map(|_| f32::INFINITY).collect(), ..weights.clone() };
    assert!(refusal(&poisoned.to_bytes(false).expect("written")).contains("`layers.0.weight` holds a number that is not finite"));
    // The text of another config over the same tensors: wrong shapes.
    let wider = Weights { config: set(&weights.config, "latent_dim=3").expect("a setting"), ..weights };
    let text = serde_json::to_string(&wider.config).expect("plain data").replace('"', "\\\"");
    let own = serde_json::to_string(&ring()).expect("plain data").replace('"', "\\\"");
    let swapped = String::from_utf8_lossy(&whole[..whole.len().min(8 + 2000)]).contains(&own);
    assert!(swapped, "the config stands in the header as text");
    let changed: Vec<u8> = replace(&whole, own.as_bytes(), text.as_bytes());
    assert!(refusal(&changed).contains("`layers.0.weight` has shape [8, 2]; [8, 3] is asked for"), "{}", refusal(&changed));
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|window| window == from).expect("it is there");
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn the_bundled_generator_is_what_its_card_says() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/weights");
    let bytes = std::fs::read(format!("{folder}/mnist.safetensors")).expect("it comes with the page");
    assert!(bytes.len() <= 2_000_000);
    let weights = Weights::parse(&bytes, "mnist.safetensors").expect("a whole export");
    let card: serde_json::Value = serde_json::from_slice(&std::fs::read(format!("{folder}/mnist.json")).expect("its card")).expect("JSON");
    assert_eq!(card["images"], weights.images);
    assert_eq!(
        weights.config.to_json(),
        preset("mnist").expect("a preset").config.to_json(),
        "the card's command sets nothing but the length"
    );
    let length = format!("--kimg {}", weights.images as f64 / 1000.0);
    assert!(card["command"].as_str().is_some_and(|command| command.contains("train mnist") && command.contains(&length)), "{length}");
}

// ---------------------------------------------------------------- the page's door

fn ask(engine: &mut Engine, command: Command) -> Reply {
    block_on(engine.handle(command, None))
}

fn opened() -> Engine {
    let mut engine = Engine::default();
    assert!(matches!(ask(&mut engine, Command::Open { device: DeviceChoice::Cpu }).event, Event::Opened { .. }));
    assert!(matches!(ask(&mut engine, Command::Reset { config: ring() }).event, Event::Started { step: 0, .. }));
    engine
}

fn failure(reply: Reply) -> (String, String) {
    match reply.event {
        Event::Failed { failure } => (failure.code, failure.message),
        other => panic!("expected a failure, not {other:?}"),
    }
}

#[test]
fn commands_before_a_device_or_a_run_are_refused_in_words() {
    let mut engine = Engine::default();
    assert_eq!(failure(ask(&mut engine, Command::Reset { config: ring() })).1, "no device is open");
    for command in [
        Command::Play,
        Command::Step { steps: 1, learn: None },
        Command::Evaluate { scores: Vec::new() },
        Command::Save,
        Command::Export { half: false },
    ] {
        assert_eq!(failure(ask(&mut engine, command)).0, "unready");
    }
    let generate = Command::Generate { latents: Latents::Drawn { seed: 1, count: 1 } };
    assert_eq!(failure(ask(&mut engine, generate)).1, "no weights are loaded");
}

#[test]
fn a_refused_command_changes_nothing() {
    let mut engine = opened();
    ask(&mut engine, Command::Step { steps: 3, learn: None });
    let before = ask(&mut engine, Command::Save);
    let bad = set(&ring(), "batch=0").expect("set checks no ranges");
    assert!(failure(ask(&mut engine, Command::Tune { config: bad.clone() })).1.contains("`batch`"));
    assert!(failure(ask(&mut engine, Command::Reset { config: bad })).1.contains("`batch`"));
    let wider = set(&ring(), "critic.width=9").expect("a setting");
    assert!(failure(ask(&mut engine, Command::Tune { config: wider })).1.contains("`critic.width`"));
    let garbage = block_on(engine.handle(Command::Load { name: "x.bin".into() }, Some(b"garbage")));
    assert!(failure(garbage).1.starts_with("x.bin: "));
    assert!(failure(ask(&mut engine, Command::Reset { config: digits() })).1.contains("`data`"));
    assert_eq!(ask(&mut engine, Command::Save), before);
}

#[test]
fn a_tuned_setting_takes_effect_and_the_run_goes_on() {
    let mut engine = opened();
    ask(&mut engine, Command::Step { steps: 3, learn: None });
    let still = set(&ring(), "lr=0").expect("a setting");
    assert!(matches!(ask(&mut engine, Command::Tune { config: still }).event, Event::Started { step: 3, .. }));
    let generator = |engine: &mut Engine| match &ask(engine, Command::Save).buffers[..] {
        [Buffer::Bytes(bytes)] => Checkpoint::parse(bytes, "saved").expect("whole").vectors["generator.parameters"].clone(),
        other => panic!("{other:?}"),
    };
    let before = generator(&mut engine);
    ask(&mut engine, Command::Step { steps: 2, learn: None });
    assert_eq!(generator(&mut engine), before, "a learning rate of 0 moves nothing");
}

#[test]
fn a_mode_that_was_moved_is_what_the_run_goes_on_with_in_the_units_it_had() {
    let mut session = start(&ring());
    block_on(session.advance(3)).expect("it trains");
    let moved = set(&ring(), "moved=0:3:0.5").expect("a setting");
    let (frame, before) = (session.data().frame(), save(&session));
    session.tune(moved.clone()).expect("it is live");
    assert_eq!((session.data().frame(), moved.frame()), (frame, frame), "what was learnt keeps its units");
    let near = |reals: &[f32], [x, y]: [f32; 2]| reals.chunks(2).filter(|point| (point[0] - x).hypot(point[1] - y) < 0.1).count();
    let reals = session.data().reals(800, 1);
    assert!(near(&reals, [1.0, 0.0]) == 0 && near(&reals, [3.0, 0.5]) > 70, "an eighth of the data went along");
    let view = sparring::protocol::Scene::of(&moved).expect("points").view;
    assert!(view.x_max >= 3.0 && view.x_min <= -1.0, "{view:?}");
    let coverage = block_on(session.evaluate(&[Score::Js])).expect("points are measured").coverage.expect("modes");
    assert_eq!(coverage.modes_total, 8);

    // The random numbers are those of the run in which nothing was moved; what is saved knows where the mode is.
    block_on(session.advance(4)).expect("it trains");
    let mut resumed = resume(&save(&session));
    block_on(session.advance(4)).expect("it trains");
    block_on(resumed.advance(4)).expect("it trains");
    assert!(save(&session) == save(&resumed) && session.data().reals(50, 1) == resumed.data().reals(50, 1));
    session.tune(ring()).expect("and it is moved back");
    assert_eq!(session.data().reals(50, 1), resume(&before).data().reals(50, 1));
}

#[test]
fn playing_trains_by_ticks_and_pausing_stops() {
    let mut engine = opened();
    let clock = std::cell::Cell::new(0.0);
    let now = || {
        clock.set(clock.get() + 5.0);
        clock.get()
    };
    assert!(matches!(block_on(engine.tick(now)).event, Event::Progress { step: 0, .. }), "not playing, not training");
    ask(&mut engine, Command::Play);
    let mut total = 0;
    for _ in 0..5 {
        match block_on(engine.tick(now)).event {
            Event::Progress { step, history, playing: true, .. } => {
                total += history.len() as u64;
                assert_eq!(step, total);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(total >= 5);
    ask(&mut engine, Command::Pause);
    assert!(matches!(block_on(engine.tick(now)).event, Event::Progress { step, playing: false, .. } if step == total));
}

#[test]
fn a_look_gives_reals_fakes_and_the_critics_grid() {
    let mut engine = opened();
    let view = View { x_min: -1.5, x_max: 1.5, y_min: -1.5, y_max: 1.5 };
    let reply = ask(&mut engine, Command::Look { view, samples: 50, grid: 7, extras: vec![] });
    let sizes = |reply: &Reply| -> Vec<usize> {
        reply.buffers.iter().map(|buffer| if let Buffer::F32(numbers) = buffer { numbers.len() } else { 0 }).collect()
    };
    assert_eq!(sizes(&reply), [100, 100, 49]);
    assert_eq!(sizes(&ask(&mut engine, Command::Look { view, samples: 50, grid: 7, extras: vec![Extra::Forces] })), [100, 100, 49, 100]);
    let Buffer::F32(reals) = &reply.buffers[0] else { panic!("reals are numbers") };
    assert!(reals.chunks_exact(2).all(|p| (p[0].hypot(p[1]) - 1.0).abs() < 0.06), "reals lie on the ring");
    let upside_down = View { y_max: -2.0, ..view };
    assert!(failure(ask(&mut engine, Command::Look { view: upside_down, samples: 1, grid: 1, extras: vec![] })).1.contains("`view`"));
}

#[test]
fn a_look_gives_what_else_is_asked_for_in_its_order() {
    let mut engine = opened();
    ask(&mut engine, Command::Step { steps: 5, learn: None });
    let view = View { x_min: -1.5, x_max: 1.5, y_min: -1.5, y_max: 1.5 };
    let all = vec![Extra::Checkpoint, Extra::Units, Extra::Optimum, Extra::Slopes, Extra::Mesh, Extra::Forces];
    let reply = ask(&mut engine, Command::Look { view, samples: 50, grid: 31, extras: all });
    let Event::Stage { step: 5, mesh, optimum: Some(figures), extras, .. } = &reply.event else { panic!("{:?}", reply.event) };
    assert_eq!(extras[..], [Extra::Forces, Extra::Slopes, Extra::Mesh, Extra::Optimum, Extra::Units, Extra::Checkpoint]);
    let numbers = |k: usize| if let Buffer::F32(numbers) = &reply.buffers[k] { numbers } else { panic!("buffer {k} holds numbers") };
    let lengths: Vec<usize> = (0..11).map(|k| numbers(k).len()).collect();
    let hidden = |size: NetworkConfig| size.width * size.depth * UNIT_CELLS * UNIT_CELLS;
    let [of_g, of_d] = [ring().generator, ring().critic].map(hidden);
    assert_eq!(lengths, [100, 100, 961, 100, 961, 2 * mesh * mesh, 961, 961, 961, of_g, of_d]);
    let (p, q, best) = (numbers(6), numbers(7), numbers(8));
    let area = (3.0f32 / 31.0).powi(2);
    assert!((p.iter().sum::<f32>() * area - 1.0).abs() < 0.01, "the view holds the ring");
    // RpGAN: D* is log p/q, and no critic does better than it.
    for ((p, q), best) in p.iter().zip(q).zip(best) {
        assert!((best - (p / q).ln().clamp(-12.0, 12.0)).abs() < 1e-2 || best.is_nan() || *p < 1e-6 || *q < 1e-6, "{p} {q} {best}");
    }
    assert!((0.0..std::f64::consts::LN_2).contains(&figures.loss.expect("RpGAN has D*")));
    // ‖∇D‖ against central differences of the logits a little around.
    for [x, y] in [[0.1f32, 0.2], [-0.8, 0.5], [1.1, -0.9]] {
        let close = View { x_min: x - 0.003, x_max: x + 0.003, y_min: y - 0.003, y_max: y + 0.003 };
        let near = ask(&mut engine, Command::Look { view: close, samples: 1, grid: 3, extras: vec![Extra::Slopes] });
        let [_, _, Buffer::F32(logits), Buffer::F32(slopes)] = &near.buffers[..] else { panic!("{near:?}") };
        let steep = (logits[5] - logits[3]).hypot(logits[7] - logits[1]) / 0.004;
        assert!((slopes[4] - steep).abs() < 0.05 * (steep + 0.01), "{} and {steep}", slopes[4]);
    }
    // The checkpoint is the run, and looking at it gives the same picture.
    let [.., Buffer::Bytes(bytes)] = &reply.buffers[..] else { panic!("a checkpoint comes last") };
    ask(&mut engine, Command::Step { steps: 20, learn: None });
    let before = ask(&mut engine, Command::Save);
    let again = Command::Look { view, samples: 50, grid: 31, extras: vec![Extra::Forces] };
    let past = block_on(engine.handle(again, Some(bytes)));
    assert!(matches!(past.event, Event::Stage { step: 5, .. }), "{:?}", past.event);
    assert_eq!(past.buffers[..], reply.buffers[..4]);
    assert_eq!(ask(&mut engine, Command::Save), before, "the run stays where it is");
}

#[test]
fn what_is_tried_beside_a_run_is_what_the_run_would_do_and_leaves_it_alone() {
    let mut engine = opened();
    ask(&mut engine, Command::Step { steps: 3, learn: None });
    let saved = ask(&mut engine, Command::Save);
    let [Buffer::Bytes(bytes)] = &saved.buffers[..] else { panic!("{saved:?}") };
    let tried = block_on(engine.handle(Command::Try { steps: 2, learn: None }, Some(bytes)));
    let half = block_on(engine.handle(Command::Try { steps: 1, learn: Some(Learners::Critic) }, Some(bytes)));
    assert_eq!(ask(&mut engine, Command::Save), saved);
    let went = ask(&mut engine, Command::Step { steps: 2, learn: None });
    let (Event::Tried { history: tried_history }, Event::Progress { history, .. }) = (&tried.event, &went.event) else { panic!() };
    assert_eq!(tried_history, history);
    assert_eq!(tried.buffers, ask(&mut engine, Command::Save).buffers);
    let critic = |reply: &Reply| match &reply.buffers[..] {
        [Buffer::Bytes(bytes)] => Checkpoint::parse(bytes, "tried").expect("whole").vectors["critic.parameters"].clone(),
        other => panic!("{other:?}"),
    };
    let one = block_on(engine.handle(Command::Try { steps: 1, learn: None }, Some(bytes)));
    assert_eq!(critic(&half), critic(&one), "D's half of a step is that of the whole");
    assert!(failure(ask(&mut engine, Command::Try { steps: 1, learn: None })).1.contains("no bytes"));
}

#[test]
fn on_the_line_a_look_repeats_one_row_and_the_mesh_of_one_latent_is_a_curve() {
    let mut engine = opened();
    let config = set(&set(&ring(), "data=bimodal1d").expect("a setting"), "latent_dim=1").expect("a setting");
    assert!(matches!(ask(&mut engine, Command::Reset { config }).event, Event::Started { .. }));
    let view = View { x_min: -6.0, x_max: 6.0, y_min: -6.0, y_max: 6.0 };
    let reply = ask(&mut engine, Command::Look { view, samples: 9, grid: 8, extras: vec![Extra::Slopes, Extra::Mesh, Extra::Optimum] });
    let lengths: Vec<usize> =
        reply.buffers.iter().map(|buffer| if let Buffer::F32(numbers) = buffer { numbers.len() } else { 0 }).collect();
    let Event::Stage { mesh, .. } = reply.event else { panic!("{:?}", reply.event) };
    assert_eq!(lengths, [9, 9, 64, 64, mesh, 64, 64, 64]);
    for buffer in [&reply.buffers[2], &reply.buffers[3], &reply.buffers[5]] {
        let Buffer::F32(numbers) = buffer else { panic!("numbers") };
        assert!(numbers.chunks_exact(8).all(|row| row == &numbers[..8]));
    }
}

#[test]
fn a_player_that_does_not_learn_stays_while_the_other_and_the_streams_go_on() {
    let plain = [("plain", "batch=16"), ("burn's", "play=simultaneous"), ("other", "optimizer=sgd")];
    for (name, change) in plain {
        let config = set(&ring(), change).expect("a setting");
        let (mut both, mut frozen) = (start(&config), start(&config));
        let first = block_on(both.advance(1)).expect(name);
        let seen = block_on(frozen.advance_with(1, Some(Learners::Critic))).expect(name);
        assert_eq!(first[0].loss_d, seen[0].loss_d, "{name}: D's loss is measured before anybody moves");
        let of = |session: &Session, vector: &str| block_on(session.checkpoint()).expect("finite").vectors[vector].clone();
        let fresh = start(&config);
        for vector in ["generator.parameters", "generator.first", "generator.second", "ema"] {
            assert_eq!(of(&frozen, vector), of(&fresh, vector), "{name}: {vector}");
        }
        assert_eq!(of(&frozen, "critic.parameters"), of(&both, "critic.parameters"), "{name}");
        let critic = of(&frozen, "critic.parameters");
        block_on(frozen.advance_with(2, Some(Learners::Generator))).expect(name);
        assert_eq!(of(&frozen, "critic.parameters"), critic, "{name}");
        assert_ne!(of(&frozen, "generator.parameters"), of(&fresh, "generator.parameters"), "{name}");
        block_on(both.advance(2)).expect(name);
        let places = |session: &Session| {
            let header = block_on(session.checkpoint()).expect("finite").header;
            (header.step, header.images, header.data, header.latent, header.noise)
        };
        assert_eq!(places(&frozen), places(&both), "{name}: the same numbers were drawn");
        assert_eq!(frozen.config().learn, Learners::Both);
    }
}

#[test]
fn exported_weights_load_and_generate_what_the_run_samples() {
    let mut engine = opened();
    ask(&mut engine, Command::Step { steps: 4, learn: None });
    let exported = ask(&mut engine, Command::Export { half: false });
    let [Buffer::Bytes(bytes)] = &exported.buffers[..] else { panic!("{exported:?}") };
    let loaded = block_on(engine.handle(Command::LoadWeights { name: "ring".into() }, Some(bytes)));
    assert!(matches!(loaded.event, Event::Weights { images: 64, ref shape, .. } if shape == &[2]));
    let generated = ask(&mut engine, Command::Generate { latents: Latents::Drawn { seed: 1, count: 9 } });
    let [Buffer::F32(samples), Buffer::F32(z)] = &generated.buffers[..] else { panic!("{generated:?}") };
    assert_eq!((samples.len(), z.len()), (18, 18));
    let view = View { x_min: -1.0, x_max: 1.0, y_min: -1.0, y_max: 1.0 };
    let stage = ask(&mut engine, Command::Look { view, samples: 9, grid: 1, extras: vec![Extra::Forces] });
    assert_eq!(stage.buffers[1], Buffer::F32(samples.clone()), "the stage draws from the same latents of the seed");

    let ends = |t| Latents::Between { from: z[..2].to_vec(), to: z[2..4].to_vec(), t };
    for (t, at) in [(0.0, 0), (1.0, 2)] {
        let one = ask(&mut engine, Command::Generate { latents: ends(t) });
        let Buffer::F32(point) = &one.buffers[0] else { panic!("{one:?}") };
        assert!((point[0] - samples[at]).abs() < 1e-5 && (point[1] - samples[at + 1]).abs() < 1e-5);
    }
    let short = Command::Generate { latents: Latents::Given { z: vec![0.0; 3] } };
    assert!(failure(ask(&mut engine, short)).1.contains("latents"));
    let poisoned = Command::Generate { latents: Latents::Given { z: vec![f32::NAN, 0.0] } };
    assert!(failure(ask(&mut engine, poisoned)).1.contains("not finite"));
}

#[test]
fn games_with_state_of_their_own_resume_bit_for_bit() {
    let games = [
        "generator.norm=batch critic.norm=batch r1=0 r2=0 objective=non_saturating",
        "critic.spectral_norm=true generator.spectral_norm=true instance_noise=0.1",
        "bottleneck=0.2 bottleneck_rate=0.1 gradient_penalty=wgan_gp",
        "generator.norm=virtual_batch optimizer=optimistic_adam play=extragradient",
        "historical_averaging=0.5 optimizer=rmsprop n_critic=2 gradient_penalty=dragan",
        "conditioning=acgan packing=1 optimizer=adamw weight_decay=0.1",
        "conditioning=semi_supervised objective=non_saturating feature_matching=1 optimizer=sgd beta1=-0.5 lr=0.001",
    ];
    for game in games {
        let config = game.split(' ').fold(ring(), |config, change| set(&config, change).expect(change));
        let (mut whole, mut half) = (start(&config), start(&config));
        block_on(whole.advance(6)).expect(game);
        block_on(half.advance(3)).expect(game);
        let checkpoint = Checkpoint::parse(&save(&half), "saved").expect("whole");
        let data = config.dataset().expect("a toy");
        let mut resumed = Session::resume(checkpoint, data, &Device::flex()).expect("whole");
        block_on(resumed.advance(3)).expect(game);
        assert!(save(&resumed) == save(&whole), "{game}");
        let weights = block_on(whole.weights()).expect("it exports");
        assert_eq!(Weights::parse(&weights.to_bytes(false).expect("written"), "export"), Ok(weights), "{game}");
    }
}

#[test]
fn the_fused_loops_train_like_burns_tensors_in_every_game_they_cover() {
    let points = [
        "objective=rpgan",
        "objective=minimax r1=0 r2=0 real_label=0.9",
        "objective=non_saturating r2=0 generator.activation=swish critic.activation=swish",
        "objective=lsgan r1=0 critic.activation=tanh",
        "objective=wgan r1=0 r2=0 gradient_penalty=wgan_gp n_critic=3 batch=33",
        "objective=wgan r1=0 r2=0 gradient_penalty=wgan_gp_one_sided critic.activation=elu",
        // Smooth: units that are active everywhere have a gradient of exactly 0 here, whose rounding Adam would make steps of.
        "objective=wgan r1=0 r2=0 weight_clip=0.1 critic.activation=tanh",
        "objective=hinge gradient_penalty=dragan critic.activation=relu ttur=2",
        "objective=ragan data=grid25 latent=uniform",
        "objective=kl_fgan data=bimodal1d beta1=0.5 ema=1",
        "objective=non_saturating learn=critic",
        "objective=non_saturating learn=generator weight_clip=0.1",
    ];
    let images = [
        "objective=rpgan",
        "objective=hinge r1=0 r2=0 generator.width=16 generator.depth=2 batch=33",
        "objective=wgan r1=0 r2=0 gradient_penalty=wgan_gp n_critic=2 critic.width=16 critic.depth=2",
    ];
    let games = points.map(|game| (ring(), game)).into_iter().chain(images.map(|game| (digits(), game)));
    for (base, game) in games {
        // A low rate: rounding, which Adam's first steps enlarge, then stays far below what a wrong term would do.
        let config = game.split(' ').chain(["lr=0.0003"]).fold(base, |config, change| set(&config, change).expect(change));
        let (mut fused, mut plain) = (start(&config), start(&config));
        plain.train_plainly();
        let steps = [&mut fused, &mut plain].map(|session| block_on(session.advance(5)).expect(game));
        for (a, b) in steps[0].iter().zip(&steps[1]) {
            let near = |a: f32, b: f32| (a - b).abs() <= 2e-4 * (1.0 + b.abs());
            assert!((a.step, a.images) == (b.step, b.images), "{game}");
            assert!(
                near(a.loss_d, b.loss_d) && near(a.loss_g, b.loss_g) && near(a.r1, b.r1) && near(a.r2, b.r2),
                "{game}: {a:?} and {b:?}"
            );
            // Of a critic known up to a constant only the difference means anything: the gradient of its last bias is rounding, which Adam makes a step of.
            assert!(near(a.slope, b.slope) && near(a.d_real - a.d_fake, b.d_real - b.d_fake), "{game}: {a:?} and {b:?}");
            // A logit that lies within rounding of the border may count on either side.
            let border = 1.0 / config.batch as f32;
            assert!(
                (a.accuracy - b.accuracy).abs() <= border && near(a.norm_d, b.norm_d) && near(a.norm_g, b.norm_g),
                "{game}: {a:?} and {b:?}"
            );
        }
        let [a, b] = [&fused, &plain].map(|session| Checkpoint::parse(&save(session), "saved").expect("whole"));
        assert_eq!(a.header, b.header, "{game}");
        for (name, numbers) in &a.vectors {
            let but_last_bias = numbers.len() - usize::from(name.starts_with("critic"));
            let worst = numbers[..but_last_bias].iter().zip(&b.vectors[name]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-3, "{game}: {name} differ by {worst}");
        }
    }
}

/// Images of which one is lost after so many were had.
#[derive(Debug)]
struct Losing(std::sync::atomic::AtomicUsize);

impl Supply for Losing {
    fn expect(&self, next: &[u32]) {
        assert!(next.len() > 4, "no more than a batch is wanted ahead");
    }

    fn pixels(&self, _: usize) -> Vec<u8> {
        self.0.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
        vec![0; 64]
    }

    fn failure(&self) -> Option<Error> {
        (self.0.load(std::sync::atomic::Ordering::Relaxed) < 100).then(|| Error::file("a.png", "is gone"))
    }

    fn lost(&self) -> Option<Error> {
        self.failure()
    }

    fn checksum(&self, _: usize) -> u32 {
        0
    }
}

#[test]
fn a_run_that_loses_an_image_stops_and_reports_nothing_of_what_it_learnt_from_blank_ones() {
    let settings = ["image.resolution=8", "image.channels=1", "generator.width=8", "critic.width=8", "latent_dim=4", "batch=4"];
    let images = ImageSet::supplied([1, 8, 8], 50, std::sync::Arc::new(Losing(120.into())));
    let mut session = Session::new(small("images", &settings), Dataset::images(images), &Device::flex()).expect("a valid config");
    assert!(block_on(session.advance(1)).is_ok_and(|reports| reports.len() == 1));
    let error = block_on(session.advance(5)).expect_err("an image is gone").to_string();
    assert_eq!(error, "a.png: is gone");
}
