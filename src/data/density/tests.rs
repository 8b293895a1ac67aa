//! Every toy: its density integrates to one, its samples follow it, networks see it at unit scale, and its picture holds it.

use super::*;
use crate::data::DataKind;
use crate::rng::Purpose;

fn toys() -> impl Iterator<Item = (DataKind, Density)> {
    DataKind::toys().map(|kind| (kind, kind.density(&[]).expect("a toy")))
}

fn samples(density: &Density, count: usize) -> (Vec<f32>, Vec<u32>) {
    density.sample(count, &mut Stream::new(1, Purpose::Data))
}

/// The midpoint rule over the view, fine enough for the narrowest toy (σ .01 on a view of 3).
fn integral(density: &Density, of: impl Fn([f64; 2]) -> f64) -> f64 {
    let Square { centre, half } = density.view();
    let cells = 1500;
    let step = 2.0 * half / f64::from(cells);
    let at = |axis: usize, i: i32| centre[axis] - half + (f64::from(i) + 0.5) * step;
    if density.dim() == 1 {
        return (0..cells).map(|i| of([at(0, i), 0.0])).sum::<f64>() * step;
    }
    (0..cells).map(|i| (0..cells).map(|j| of([at(0, i), at(1, j)])).sum::<f64>()).sum::<f64>() * step * step
}

#[test]
fn densities_integrate_to_one() {
    // On 2.25 million points; the curves, whose sums are the longest, have their masses checked cell by cell below.
    for (kind, density) in toys().filter(|(_, density)| !matches!(density, Density::Curve(_))) {
        let total = integral(&density, |point| density.density(point));
        // Half a cell along the edges of the squares is all that is missed.
        assert!((total - 1.0).abs() < 2e-3, "{kind:?}: {total}");
    }
}

#[test]
fn the_mass_of_a_rectangle_is_the_integral_of_the_density() {
    for (kind, density) in toys() {
        let Square { centre, half } = density.view();
        let low = centre.map(|x| x - 0.11 * half);
        let high = [centre[0] + 0.43 * half, centre[1] + 0.37 * half];
        let cells = if density.dim() == 1 { [4000, 1] } else { [400, 400] };
        let step = [0, 1].map(|i| (high[i] - low[i]) / cells[i] as f64);
        let at = |axis: usize, i: usize| low[axis] + (i as f64 + 0.5) * step[axis];
        let row = |j: usize| (0..cells[0]).map(|i| density.density([at(0, i), at(1, j)])).sum::<f64>() * step[0];
        let sum = (0..cells[1]).map(row).sum::<f64>() * if density.dim() == 1 { 1.0 } else { step[1] };
        let mass = density.mass([low, high]);
        assert!((sum - mass).abs() < 4e-3, "{kind:?}: {sum} and {mass}");
    }
}

#[test]
fn samples_follow_the_density() {
    for (kind, density) in toys() {
        let (points, _) = samples(&density, 40_000);
        let Square { centre, half } = density.view();
        // Pearson's χ² over 8x8 cells: its mean is the number of cells less one, its deviation the root of twice that.
        let side = 8;
        let edge = |axis: usize, i: usize| centre[axis] + half * (2.0 * i as f64 / side as f64 - 1.0);
        let rows = if density.dim() == 1 { 1 } else { side };
        let inside = |point: &[f32], i: usize, j: usize| {
            let held = |axis: usize, k: usize| (edge(axis, k)..edge(axis, k + 1)).contains(&f64::from(point[axis]));
            held(0, i) && (rows == 1 || held(1, j))
        };
        let mut terms = Vec::new();
        for (i, j) in (0..side).flat_map(|i| (0..rows).map(move |j| (i, j))) {
            let expected = 40_000.0 * density.mass([[edge(0, i), edge(1, j)], [edge(0, i + 1), edge(1, j + 1)]]);
            let found = points.chunks_exact(density.dim()).filter(|point| inside(point, i, j)).count() as f64;
            if expected >= 5.0 {
                terms.push((found - expected).powi(2) / expected);
            } else {
                assert!(found < 25.0, "{kind:?}: {found} where {expected} are expected");
            }
        }
        let (square, freedom) = (terms.iter().sum::<f64>(), terms.len() as f64);
        assert!(square < freedom + 5.0 * (2.0 * freedom).sqrt(), "{kind:?}: χ² {square} over {freedom} cells");
    }
}

#[test]
fn networks_see_mean_zero_and_unit_deviation() {
    for (kind, density) in toys() {
        let (mut points, _) = samples(&density, 40_000);
        let (frame, dim) = (density.frame(), density.dim());
        let before = points.clone();
        frame.to_network(&mut points, dim);
        for axis in 0..dim {
            let mean = points.iter().skip(axis).step_by(dim).sum::<f32>() / 40_000.0;
            assert!(mean.abs() < 0.03, "{kind:?}: mean {mean}");
        }
        let square = points.iter().map(|x| x * x).sum::<f32>() / points.len() as f32;
        assert!((square - 1.0).abs() < 0.03, "{kind:?}: mean square {square}");
        frame.to_data(&mut points, dim);
        let worst = points.iter().zip(&before).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-5, "{kind:?}: there and back {worst}");
    }
}

#[test]
fn classes_are_as_frequent_as_they_should_be() {
    for (kind, density) in toys() {
        let (_, labels) = samples(&density, 40_000);
        let classes = density.classes();
        let share = |class: usize| density.modes().map_or(1.0 / classes as f64, |modes| modes[class].weight);
        for class in 0..classes {
            let found = labels.iter().filter(|&&label| label as usize == class).count() as f64 / 40_000.0;
            assert!((found - share(class)).abs() < 0.012, "{kind:?}, class {class}: {found}");
        }
        assert!(labels.iter().all(|&label| (label as usize) < classes), "{kind:?}");
    }
}

#[test]
fn a_view_holds_the_data_with_room_around() {
    for (kind, density) in toys() {
        let Square { centre, half } = density.view();
        let (points, _) = samples(&density, 10_000);
        let outside =
            points.chunks_exact(density.dim()).filter(|point| point.iter().zip(centre).any(|(&x, c)| (f64::from(x) - c).abs() > half));
        assert_eq!(outside.count(), 0, "{kind:?}");
    }
}

#[test]
fn gan_labs_data_are_those_of_its_source() {
    let moments = |kind: DataKind| {
        let density = kind.density(&[]).expect("a toy");
        let Frame { centre, scale } = density.frame();
        (centre, scale)
    };
    // E and mean variance of (.8 − .75u, .6 + .3u) with noise .01, u uniform: .425, .75; ((.75² + .3²)/12 + 2 · .01²)/2.
    let (centre, scale) = moments(DataKind::Line);
    assert!((centre[0] - 0.425).abs() < 1e-6 && (centre[1] - 0.75).abs() < 1e-6);
    assert!((scale - ((0.75f32.powi(2) + 0.3f32.powi(2)) / 24.0 + 0.0001).sqrt()).abs() < 1e-6);
    // E and mean variance of (.5 + .3 cos, .45 + .25 sin) with noise .025.
    let (centre, scale) = moments(DataKind::Ring);
    assert!((centre[0] - 0.5).abs() < 1e-6 && (centre[1] - 0.45).abs() < 1e-6);
    assert!((scale - ((0.3f32.powi(2) + 0.25f32.powi(2)) / 4.0 + 0.025f32.powi(2)).sqrt()).abs() < 1e-6);
}

#[test]
fn a_persons_points_are_a_mixture_around_them() {
    let density = DataKind::Points.density(&[[0.0, 0.0], [2.0, 0.0]]).expect("points");
    let (points, labels) = samples(&density, 2_000);
    assert!(points.chunks_exact(2).all(|point| (point[0].abs() < 0.2 || (point[0] - 2.0).abs() < 0.2) && point[1].abs() < 0.2));
    assert!(labels.iter().all(|&label| label == 0) && density.modes().is_none());
    // A single point has the width of a unit.
    let spot = DataKind::Points.density(&[[5.0, 5.0]]).expect("points").frame();
    assert!(spot.scale > 0.0 && spot.centre == [5.0, 5.0]);
}
