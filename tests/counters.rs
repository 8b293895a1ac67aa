//! What the toy loop costs and gives, in numbers that do not depend on the machine.

#[path = "shared/golden.rs"]
mod golden;
mod shared;

use golden::{GOLDEN, checksum};
use pollster::block_on;
use shared::{config, start};
use sparring::game::networks;
use sparring::kernel::Settings;
use sparring::optim::Rates;
use sparring::penalty::Rule;
use sparring::shaders::dispatches;

#[test]
fn a_step_on_a_gpu_is_twelve_dispatches_of_mlps_and_one_a_layer_and_pass_of_convolutions() {
    let rates = Rates { lr: 0.001, beta1: 0.0, beta2: 0.9, weight_decay: 0.0 };
    let counted = |preset: &str, rules| {
        let config = config(preset, &[]);
        let (generator, critic) = networks(&config).expect("a valid config");
        let [g, d] = [generator.plan(), critic.plan()].map(|plan| plan.expect("in the fused loops"));
        dispatches([&g, &d], config.batch, &Settings::plain(config.objective, rules, rates))
    };
    let on = Some(Rule::ZeroCentred { gamma: 1.0 });
    assert_eq!(counted("ring8", [on, on, None]), Some([6, 6]));
    assert_eq!(counted("mnist", [on, on, None]), Some([84, 83]));
    assert_eq!(counted("mnist", [None; 3]), Some([66, 83]));
}

#[test]
fn training_gives_the_bytes_that_it_gives_in_the_browser() {
    let found: Vec<(&str, u32)> = GOLDEN.iter().map(|golden| (golden.name, block_on(checksum(golden)))).collect();
    assert_eq!(found, GOLDEN.map(|golden| (golden.name, golden.checksum)));
}

#[test]
fn steps_of_the_fused_loops_allocate_nothing() {
    for settings in [&["batch=64"][..], &["gradient_penalty=wgan_gp", "n_critic=2", "critic.activation=tanh", "batch=64"]] {
        let mut session = start(&config("ring8", settings));
        let mut allocations =
            |steps| allocation_counter::measure(|| drop(block_on(session.advance(steps)).expect("it trains"))).count_total;
        allocations(64); // makes the room
        let (one, many) = (allocations(1), allocations(64));
        // The list of reports grows by doubling.
        assert!(many <= one + 5, "{settings:?}: {one} for a call with one step, {many} for a call with 64");
    }
}
