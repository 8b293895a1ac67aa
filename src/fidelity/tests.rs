//! The statistics against numpy and scipy (`tests/fixtures/features.json`).

use pollster::block_on;
use serde::Deserialize;

use super::*;
use crate::metrics::neighbours;

#[derive(Deserialize)]
struct Figure {
    mean: f64,
    deviation: f64,
}

#[derive(Deserialize)]
struct Near {
    precision: f64,
    recall: f64,
    density: f64,
    coverage: f64,
}

#[derive(Deserialize)]
struct Fixture {
    width: usize,
    a: Vec<f64>,
    b: Vec<f64>,
    mean_a: Vec<f64>,
    covariance_a: Vec<f64>,
    frechet: f64,
    few: usize,
    frechet_few: f64,
    wide_a: Vec<f64>,
    wide_b: Vec<f64>,
    frechet_wide: f64,
    subsets: Vec<(Vec<u32>, Vec<u32>)>,
    kernel_distance: Figure,
    logits: Vec<f64>,
    inception_score: Figure,
    neighbours: Near,
    directions: Vec<Vec<f64>>,
    sliced: f64,
}

fn fixture() -> (Fixture, Rows, Rows) {
    let text = include_str!("../../tests/fixtures/features.json");
    let fixture: Fixture = serde_json::from_str(text).expect("the fixture has the documented fields");
    let (a, b) = (Rows::new(fixture.a.clone(), fixture.width), Rows::new(fixture.b.clone(), fixture.width));
    (fixture, a, b)
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{what}: {found} instead of {expected}");
}

#[test]
fn mean_covariance_and_frechet_distance_are_those_of_numpy_and_pytorch_fid() {
    let (fixture, a, b) = fixture();
    let (of_a, of_b) = (block_on(Statistics::of(&a)).unwrap(), block_on(Statistics::of(&b)).unwrap());
    of_a.mean.iter().zip(&fixture.mean_a).for_each(|(found, expected)| assert_near(*found, *expected, "mean"));
    for (found, expected) in of_a.covariance.iter().zip(&fixture.covariance_a) {
        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
    }
    assert_near(block_on(of_a.distance(&of_b)).unwrap(), fixture.frechet, "frechet");
    assert_near(block_on(of_b.distance(&of_a)).unwrap(), fixture.frechet, "frechet, the other way round");
    let few = block_on(Statistics::of(&b.first(fixture.few))).unwrap();
    assert_near(block_on(of_a.distance(&few)).unwrap(), fixture.frechet_few, "frechet with fewer rows than columns");
    let [a, b] = [fixture.wide_a, fixture.wide_b].map(|rows| block_on(Statistics::of(&Rows::new(rows, 40))).unwrap());
    assert_near(block_on(a.distance(&b)).unwrap(), fixture.frechet_wide, "frechet between two of fewer rows than columns");
    assert_near(block_on(b.distance(&a)).unwrap(), fixture.frechet_wide, "the same, the other way round");
}

#[test]
fn kernel_distance_and_inception_score_are_those_of_torch_fidelity() {
    let (fixture, a, b) = fixture();
    let found = block_on(kernel::of_subsets(&a, &b, &fixture.subsets)).unwrap();
    assert_near(found.mean, fixture.kernel_distance.mean, "kernel distance");
    assert_near(found.deviation.expect("of many subsets"), fixture.kernel_distance.deviation, "deviation of the kernel distance");
    let found = inception_score(&Rows::new(fixture.logits, 10));
    assert_near(found.mean, fixture.inception_score.mean, "inception score");
    assert_near(found.deviation.expect("of ten parts"), fixture.inception_score.deviation, "deviation of the inception score");
}

#[test]
fn neighbours_are_those_of_prdc() {
    let (fixture, a, b) = fixture();
    let (found, expected) = (block_on(near(&a, &b)).unwrap(), fixture.neighbours);
    assert_eq!(found, neighbours(&a.list(), &b.list()));
    assert_near(found.precision, expected.precision, "precision");
    assert_near(found.recall, expected.recall, "recall");
    assert_near(found.density, expected.density, "density");
    assert_near(found.coverage, expected.coverage, "coverage");
}

#[test]
fn sliced_distance_is_the_mean_of_scipys_along_the_same_directions() {
    let (fixture, a, b) = fixture();
    assert_near(sliced::along(&a.first(b.len()), &b, &fixture.directions), fixture.sliced, "sliced");
}

#[test]
fn subsets_and_directions_repeat_with_their_stream_and_one_set_is_near_itself() {
    let (_, a, b) = fixture();
    let stream = |seed| crate::rng::Stream::new(seed, crate::rng::Purpose::Reference);
    let kernel = |seed| block_on(kernel_distance(&a, &b, &mut stream(seed))).unwrap();
    assert_eq!(kernel(1), kernel(1));
    assert!(sliced_wasserstein(&a, &a, &mut stream(1)) < 1e-12);
    assert_ne!(sliced_wasserstein(&a, &b, &mut stream(1)), sliced_wasserstein(&a, &b, &mut stream(2)));
}

#[derive(Deserialize)]
struct Level {
    size: [usize; 2],
    first_row: Vec<f64>,
    places: Vec<[usize; 2]>,
    directions: Vec<Vec<f64>>,
    distance: f64,
}

#[derive(Deserialize)]
struct PatchFixture {
    shape: [usize; 3],
    a: Vec<u8>,
    b: Vec<u8>,
    levels: Vec<Level>,
}

#[test]
fn patches_of_a_laplacian_pyramid_and_their_distance_are_those_of_numpy_and_scipy() {
    let fixture: PatchFixture = serde_json::from_str(include_str!("../../tests/fixtures/patches.json")).expect("the documented fields");
    let [a, b] = [fixture.a, fixture.b].map(|bytes| {
        let images = Pixels::new(fixture.shape, bytes);
        let places: Vec<Vec<[usize; 2]>> = fixture.levels.iter().map(|level| level.places.clone()).collect();
        let mut collector = Collector::at(fixture.shape, places[0].len() / images.len(), places);
        (0..images.len() as u32).for_each(|image| collector.see(&images.select(&[image])));
        collector.patches()
    });
    let found = PatchDistance::between(&a, &b).levels;
    assert_eq!(found.len(), fixture.levels.len());
    for (place, (level, (size, _))) in fixture.levels.iter().zip(found).enumerate() {
        assert_eq!(size, level.size);
        let [a, b] = [&a, &b].map(|patches| patches.level(place));
        a.list()[0]
            .iter()
            .zip(&level.first_row)
            .for_each(|(found, expected)| assert!((found - expected).abs() < 1e-9, "{found} and {expected}"));
        assert_near(sliced::along(a, b, &level.directions), level.distance, "distance of patches");
    }
}

#[test]
fn the_distance_of_patches_is_told_in_thousandths() {
    let images = |dark: u8| Pixels::new([1, 8, 8], (0..4 * 64).map(|i: u32| if i % 7 < 3 { dark } else { (i * i % 251) as u8 }).collect());
    let [a, b] = [Patches::of(&images(0)), Patches::of(&images(90))];
    let mut stream = crate::rng::Stream::new(0, crate::rng::Purpose::Reference);
    let expected = 1000.0 * sliced_wasserstein(a.level(0), b.level(0), &mut stream);
    assert_near(PatchDistance::between(&a, &b).mean(), expected, "thousandths");
    assert!(expected > 50.0, "{expected}");
}
