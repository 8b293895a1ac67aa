//! Optimisers step by step.

use serde::Deserialize;
use sparring::optim::{Adam, Optimizer, OptimizerKind, Rates};

use crate::{difference, exact, fixture, numbers};

#[derive(Deserialize)]
struct AdamFixture {
    lr: f64,
    start: Vec<f64>,
    gradients: Vec<Vec<f64>>,
    cases: Vec<AdamCase>,
}

#[derive(Deserialize)]
struct AdamCase {
    source: String,
    beta1: f64,
    beta2: Vec<f64>,
    positions: Vec<Vec<f64>>,
}

#[test]
fn adam_walks_where_pytorchs_adam_walks() {
    let AdamFixture { lr, start, gradients, cases } = fixture("adam.json");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let mut position = exact(&start);
        let mut adam = Adam::new(&position);
        for ((gradient, &beta2), expected) in gradients.iter().zip(&case.beta2).zip(&case.positions) {
            position = position - adam.step(exact(gradient), Rates { lr, beta1: case.beta1, beta2, weight_decay: 0.0 });
            let worst = difference(&numbers(position.clone()), expected);
            assert!(worst < 1e-12, "{}: {worst:e}", case.source);
        }
    }
}

#[derive(Deserialize)]
struct OptimizerFixture {
    lr: f64,
    start: Vec<f64>,
    gradients: Vec<Vec<f64>>,
    cases: Vec<OptimizerCase>,
}

#[derive(Deserialize)]
struct OptimizerCase {
    optimizer: OptimizerKind,
    beta1: f64,
    beta2: f64,
    weight_decay: f64,
    positions: Vec<Vec<f64>>,
}

#[test]
fn every_optimiser_walks_where_its_reference_walks() {
    let OptimizerFixture { lr, start, gradients, cases } = fixture("optimizers.json");
    assert_eq!(cases.len(), 7);
    for OptimizerCase { optimizer, beta1, beta2, weight_decay, positions } in cases {
        let mut position = exact(&start);
        let mut state = Optimizer::new(optimizer, &position);
        for (gradient, expected) in gradients.iter().zip(&positions) {
            position = state.step(position, exact(gradient), Rates { lr, beta1, beta2, weight_decay });
            let worst = difference(&numbers(position.clone()), expected);
            assert!(worst < 1e-12, "{optimizer:?}, beta1 {beta1}: {worst:e}");
        }
    }
}
