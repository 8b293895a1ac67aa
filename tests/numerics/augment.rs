//! Augmentation: each change against PyTorch's, and tangents against differences.

use burn::tensor::{DType, Device, Tensor};
use serde::Deserialize;
use sparring::augment::{Augment, AugmentConfig, Augmenter, Transforms, ada, diff_augment};
use sparring::nn::dual::Dual;
use sparring::schedule::Schedule;

use crate::{difference, dot, exact, fixture, numbers, scattered, slope_along};

#[derive(Deserialize)]
struct Case<P> {
    shape: [usize; 3],
    params: Vec<P>,
    x: Vec<f64>,
    y: Vec<f64>,
}

#[derive(Deserialize)]
struct Cases {
    diff_augment: Vec<Case<diff_augment::Params>>,
    ada: Vec<Case<ada::Params>>,
}

type Make<P> = fn(&[P], [usize; 3], &Device, DType) -> Transforms;

fn rows(x: &[f64], images: usize) -> Tensor<2> {
    exact(x).reshape([images, x.len() / images])
}

fn assert_like_pytorch<P>(cases: &[Case<P>], make: Make<P>) {
    assert_eq!(cases.len(), 3);
    for Case { shape, params, x, y } in cases {
        let found = make(params, *shape, &Device::flex(), DType::F64).apply(Dual::plain(rows(x, params.len())));
        let worst = difference(&numbers(found.value), y);
        assert!(worst < 1e-11, "{shape:?}: differs by {worst:e}");
    }
}

#[test]
fn every_change_of_diff_augment_and_of_adas_pipeline_is_pytorchs() {
    let Cases { diff_augment, ada } = fixture("augment.json");
    assert_like_pytorch(&diff_augment, diff_augment::transforms);
    assert_like_pytorch(&ada, ada::transforms);
}

#[test]
fn what_changes_nothing_gives_the_image_itself() {
    let x = scattered(4 * 3 * 64, 1);
    let same = |transforms: Transforms| assert_eq!(numbers(transforms.apply(Dual::plain(rows(&x, 4))).value), x);
    same(diff_augment::transforms(&[diff_augment::Params::default(); 4], [3, 8, 8], &Device::flex(), DType::F64));
    same(ada::transforms(&[ada::Params::default(); 4], [3, 8, 8], &Device::flex(), DType::F64));
}

fn augmenter(method: Augment) -> Augmenter {
    let config = AugmentConfig { method, p: Schedule::constant(1.0), ..AugmentConfig::default() };
    let mut augmenter = Augmenter::new(config, &[3, 8, 8], 1).expect("images are augmented");
    augmenter.begin(0);
    augmenter
}

#[test]
fn the_tangent_is_the_slope_of_the_changed_image_and_the_gradient_goes_back_through_it() {
    for method in [Augment::DiffAugment, Augment::Scheduled] {
        let images = 6;
        let transforms = augmenter(method).draw(images, 0..images, &Device::flex(), DType::F64).expect("p is 1");
        let count = images * 3 * 64;
        let (x, direction, weights) = (scattered(count, 1), scattered(count, 2), scattered(count, 3));
        let along = transforms.apply(Dual::with_tangent(rows(&x, images), rows(&direction, images)));
        let tangent = numbers(along.tangent.expect("a tangent went in"));
        let of = |x: &[f64]| numbers(transforms.apply(Dual::plain(rows(x, images))).value);
        // Affine, so the difference over a whole step is the tangent.
        let moved = of(&x.iter().zip(&direction).map(|(x, d)| x + d).collect::<Vec<_>>());
        let differences: Vec<f64> = moved.iter().zip(of(&x)).map(|(moved, still)| moved - still).collect();
        assert!(difference(&tangent, &differences) < 1e-12, "{method:?}");

        let leaf = rows(&x, images).autodiff().require_grad();
        let cost = (transforms.apply(Dual::plain(leaf.clone())).value * rows(&weights, images)).sum();
        let gradient = numbers(leaf.grad_remove(&mut cost.backward()).expect("the cost depends on the image"));
        let slope = slope_along(&x, &direction, |x| dot(&of(x), &weights));
        assert!((dot(&gradient, &direction) - slope).abs() < 1e-7 * slope.abs().max(1.0), "{method:?}");
    }
}

#[test]
fn joined_changes_are_those_of_each_batch() {
    for method in [Augment::DiffAugment, Augment::Scheduled] {
        let mut augmenter = augmenter(method);
        let parts = [2, 3].map(|images| augmenter.draw(images, 0..images, &Device::flex(), DType::F64));
        let joined = Transforms::join(&[&parts[0], &parts[1]]).expect("both are there");
        let x = scattered(5 * 192, 1);
        let apart: Vec<f64> = [(&parts[0], &x[..2 * 192], 2), (&parts[1], &x[2 * 192..], 3)]
            .into_iter()
            .flat_map(|(part, x, images)| numbers(part.as_ref().expect("there").apply(Dual::plain(rows(x, images))).value))
            .collect();
        assert_eq!(numbers(joined.apply(Dual::plain(rows(&x, 5))).value), apart);
    }
}

#[test]
fn each_change_of_the_pipeline_comes_with_probability_p() {
    let mut stream = sparring::rng::Stream::new(1, sparring::rng::Purpose::Augment);
    let count = 20_000;
    let mut share = |p: f64, of: fn(&ada::Params) -> bool| {
        let drawn = (0..count).map(|_| ada::Params::draw(&mut stream, sparring::augment::Pipeline::Bgc, p, [3, 32, 32]));
        drawn.filter(of).count() as f64 / f64::from(count)
    };
    for p in [0.3, 0.8] {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.015, "{found} instead of {expected}");
        near(share(p, |d| d.flip), p / 2.0);
        near(share(p, |d| d.quarter_turns != 0), p * 0.75);
        near(share(p, |d| d.scale != 1.0), p);
        near(share(p, |d| d.turn_before != 0.0 || d.turn_after != 0.0), p);
        near(share(p, |d| d.luma_flip), p / 2.0);
        near(share(p, |d| d.saturation != 1.0), p);
    }
    assert_eq!(share(0.0, |d| *d != ada::Params::default()), 0.0);
}
