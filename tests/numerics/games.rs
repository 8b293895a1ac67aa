//! What heads and games add to the losses.

use burn::tensor::Tensor;
use sparring::model::{Conditioning, Critic, CriticPlan, Family, NetworkConfig, Side, cross_entropy};
use sparring::nn::dual::Dual;

use crate::{difference, dot, exact, network, numbers, scattered, slope_along};

fn critic(conditioning: Conditioning, bottleneck: bool) -> Critic {
    let plan = CriticPlan::plain(Family::Mlp, NetworkConfig::plain(6, 1), &[2]);
    Critic::new(CriticPlan { conditioning, classes: 3, bottleneck, ..plan }).expect("a valid plan")
}

fn points() -> Tensor<2> {
    exact(&scattered(10, 2)).reshape([5, 2])
}

#[test]
fn cross_entropy_is_minus_the_log_likelihood_also_at_logits_of_fifty() {
    let logits = [50.0, -50.0, 0.0, 1.0, 2.0, 3.0];
    let one_hot = exact(&[0.0, 1.0, 0.0, 0.0, 0.0, 1.0]).reshape([2, 3]);
    let found = numbers(cross_entropy(exact(&logits).reshape([2, 3]), one_hot));
    let second = (1f64.exp() + 2f64.exp() + 3f64.exp()).ln() - 3.0;
    assert!(difference(&found, &[f64::midpoint(100.0, second)]) < 1e-12, "{found:?}");
}

#[test]
fn the_logit_of_k_plus_one_classes_is_the_log_of_the_summed_exponentials() {
    let critic = critic(Conditioning::SemiSupervised, false);
    for scale in [1.0, 60.0] {
        let theta: Vec<f64> = scattered(critic.layout().len(), 4).iter().map(|w| w * scale).collect();
        let weights = critic.layout().constants(&network(&theta, &[]));
        let judged = critic.judge(&weights, Dual::plain(points()), &Side::default());
        let classes = numbers(judged.classes.expect("it classifies"));
        let log_sum = |l: &[f64]| {
            let largest = l.iter().copied().fold(f64::MIN, f64::max);
            largest + l.iter().map(|x| (x - largest).exp()).sum::<f64>().ln()
        };
        let expected: Vec<f64> = classes.chunks(3).map(log_sum).collect();
        assert!(difference(&numbers(judged.logits.value), &expected) < 1e-12);
    }
}

#[test]
fn tangents_through_heads_with_classes_and_bottlenecks_are_slopes() {
    for (conditioning, bottleneck) in
        [(Conditioning::SemiSupervised, false), (Conditioning::Join, false), (Conditioning::None, true), (Conditioning::Projection, true)]
    {
        let critic = critic(conditioning, bottleneck);
        let theta = scattered(critic.layout().len(), 6);
        let weights = critic.layout().constants(&network(&theta, if bottleneck { &[0.0] } else { &[] }));
        let one_hot = (0..5).flat_map(|i| (0..3).map(move |class| f64::from(u8::from(class == i % 3)))).collect::<Vec<_>>();
        let side = Side {
            classes: conditioning.tells_critic().then(|| exact(&one_hot).reshape([5, 3])),
            noise: critic.noise_width().map(|width| exact(&scattered(5 * width, 8)).reshape([5, width])),
        };
        let direction = scattered(10, 9);
        let along = exact(&direction).reshape([5, 2]);
        let tangent = critic.judge(&weights, Dual::with_tangent(points(), along), &side).logits.tangent.expect("a tangent went in");
        let at = |x: &[f64]| numbers(critic.judge(&weights, Dual::plain(exact(x).reshape([5, 2])), &side).logits.value.sum())[0];
        let slope = slope_along(&scattered(10, 2), &direction, at);
        let found: f64 = numbers(tangent).iter().sum();
        assert!((found - slope).abs() < 1e-6 * slope.abs().max(1.0), "{conditioning:?}: {found} against {slope}");
    }
}

#[test]
fn the_bottlenecks_information_is_the_divergence_from_a_standard_normal_and_its_price_rises_with_the_excess() {
    let critic = critic(Conditioning::None, true);
    let theta = scattered(critic.layout().len(), 11);
    let weights = critic.layout().leaves(&network(&theta, &[2.0]));
    let judged = critic.judge(&weights, Dual::plain(points()), &Side::default());
    let information = judged.information.expect("there is a bottleneck");
    assert!(numbers(information.clone().inner()).iter().all(|&kl| kl > 0.0), "a divergence is positive");

    let excess = information.mean() - 0.5;
    let cost = critic.information_cost(&weights, excess.clone(), 0.25);
    let excess = numbers(excess.inner())[0];
    assert!(difference(&numbers(cost.inner()), &[2.0 * excess]) < 1e-12, "β(KL − I_c)");
    let price = numbers(weights.state().expect("the multiplier is kept"));
    assert!(difference(&price, &[(2.0 + 0.25 * excess).max(0.0)]) < 1e-12);
}

#[test]
fn the_gradient_of_the_information_is_its_slope() {
    let critic = critic(Conditioning::None, true);
    let theta = scattered(critic.layout().len(), 12);
    let information = |theta: &[f64]| {
        let weights = critic.layout().leaves(&network(theta, &[0.0]));
        let total = critic.judge(&weights, Dual::plain(points()), &Side::default()).information.expect("there is a bottleneck").sum();
        let gradient = weights.gradient(&mut total.backward());
        (numbers(total.inner())[0], numbers(gradient))
    };
    let direction = scattered(theta.len(), 13);
    let slope = slope_along(&theta, &direction, |theta| information(theta).0);
    let found = dot(&information(&theta).1, &direction);
    assert!((found - slope).abs() < 1e-6 * slope.abs().max(1.0), "{found} against {slope}");
}
