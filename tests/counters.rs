//! What the toy loop costs and gives, in numbers that do not depend on the machine.

#[path = "shared/golden.rs"]
mod golden;
mod shared;

use golden::{GOLDEN, checksum};
use pollster::block_on;
use shared::{config, start};

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
