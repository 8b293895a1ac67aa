//! Losses of both players at known logits.

use burn::tensor::Tensor;
use serde::Deserialize;
use sparring::objective::Objective;

use crate::{difference, exact, fixture, numbers};

#[derive(Deserialize)]
struct Objectives {
    real: Vec<f64>,
    fake: Vec<f64>,
    cases: Vec<ObjectiveCase>,
    smoothed: Vec<SmoothedCase>,
}

#[derive(Deserialize)]
struct SmoothedCase {
    objective: Objective,
    real_label: f64,
    critic_loss: f64,
    critic_grad_real: Vec<f64>,
}

#[derive(Deserialize)]
struct ObjectiveCase {
    objective: Objective,
    critic_loss: f64,
    critic_grad_real: Vec<f64>,
    critic_grad_fake: Vec<f64>,
    generator_loss: f64,
    generator_grad_fake: Vec<f64>,
}

#[test]
fn losses_and_their_gradients_are_those_of_pytorch_even_at_logits_of_thirty() {
    let Objectives { real, fake, cases, .. } = fixture("objectives.json");
    assert_eq!(cases.len(), 8, "one for each objective");
    for case in cases {
        let leaf = |x: &[f64]| exact(x).autodiff().require_grad();
        let (x, g) = (leaf(&real), leaf(&fake));
        let loss = case.objective.critic(x.clone(), g.clone(), 1.0);
        let gradients = loss.backward();
        let gradient = |t: &Tensor<1>| numbers(t.grad(&gradients).expect("the loss depends on it"));
        let found = numbers(loss.inner())[0];
        assert!((found / case.critic_loss - 1.0).abs() < 1e-12, "{:?}: {found} instead of {}", case.objective, case.critic_loss);
        assert!(difference(&gradient(&x), &case.critic_grad_real) < 1e-10, "{:?}", case.objective);
        assert!(difference(&gradient(&g), &case.critic_grad_fake) < 1e-10, "{:?}", case.objective);

        let g = leaf(&fake);
        let loss = case.objective.generator(case.objective.generator_needs_reals().then(|| exact(&real)), g.clone());
        let gradients = loss.backward();
        assert!(difference(&numbers(loss.inner()), &[case.generator_loss]) < 1e-12, "{:?}", case.objective);
        assert!(difference(&numbers(g.grad(&gradients).expect("depends on it")), &case.generator_grad_fake) < 1e-10);
    }
}

#[test]
fn one_sided_label_smoothing_is_the_cross_entropy_against_the_smoothed_target() {
    let Objectives { real, fake, smoothed, .. } = fixture("objectives.json");
    assert_eq!(smoothed.len(), 3);
    for case in smoothed {
        assert!(case.objective.smooths_labels());
        let x = exact(&real).autodiff().require_grad();
        let loss = case.objective.critic(x.clone(), exact(&fake), case.real_label);
        let gradients = loss.backward();
        assert!(difference(&numbers(loss.inner()), &[case.critic_loss]) < 1e-12, "{:?}", case.objective);
        assert!(difference(&numbers(x.grad(&gradients).expect("depends on it")), &case.critic_grad_real) < 1e-10, "{:?}", case.objective);
    }
}

#[test]
fn accuracy_counts_what_lies_on_the_right_side_of_the_neutral_logit_or_of_its_pair() {
    let (real, fake) = ([2.0, -1.0, 0.6, 0.0], [0.2, -3.0, 0.6, 1.0]);
    for (objective, expected) in [
        (Objective::NonSaturating, 0.4375), // of the reals 2½ above 0, of the fakes 1 below
        (Objective::Lsgan, 0.5),            // 2 above ½, 2 below
        (Objective::KlFgan, 0.5625),        // 1 above 1, 3½ below
        (Objective::Rpgan, 0.625),          // 2½ of 4 pairs
        (Objective::Wgan, 0.625),
    ] {
        let found = numbers(objective.accuracy(exact(&real), exact(&fake)))[0];
        assert!((found - expected).abs() < 1e-12, "{objective:?}: {found} instead of {expected}");
    }
}
