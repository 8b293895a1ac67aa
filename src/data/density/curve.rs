//! Gaussian noise around curves.

use super::{bounds_of, normal_mass};
use crate::rng::Stream;

/// Nodes and weights of Gauss–Legendre quadrature with 5 points on −1..1.
const NODES: [(f64, f64); 5] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    (-0.538_469_310_105_683, 0.478_628_670_499_366_5),
    (0.0, 0.568_888_888_888_888_9),
    (0.538_469_310_105_683, 0.478_628_670_499_366_5),
    (0.906_179_845_938_664, 0.236_926_885_056_189_1),
];

/// A curve u ∈ [0, 1] → the plane.
pub type Path = fn(f64) -> [f64; 2];

/// c(u) + σn with u uniform on [0, 1] and one of several curves, all equally likely: p(x) = mean over curves of ∫ N(x; c(u), σ²I) du.
///
/// The integral is taken by 5-point Gauss–Legendre quadrature on pieces no longer than σ, which leaves an error below 1e-8 of the peak.
#[derive(Debug, Clone)]
pub struct Curve {
    /// The curves; each is a class.
    pub paths: Vec<Path>,
    sigma: f64,
    /// Points and weights of the quadrature, over all curves.
    nodes: Vec<([f64; 2], f64)>,
}

impl Curve {
    /// Noise of standard deviation `sigma` around `paths`.
    pub fn new(paths: &[Path], sigma: f64) -> Self {
        let nodes = paths.iter().flat_map(|&path| quadrature(path, sigma, paths.len())).collect();
        Self { paths: paths.to_vec(), sigma, nodes }
    }

    /// Points and weights of the quadrature, over all curves.
    pub(super) fn nodes(&self) -> impl Iterator<Item = ([f64; 2], f64)> {
        self.nodes.iter().copied()
    }

    /// The noise's standard deviation.
    pub(super) fn sigma(&self) -> f64 {
        self.sigma
    }

    pub(super) fn draw(&self, stream: &mut Stream) -> ([f64; 2], usize) {
        let path = if self.paths.len() > 1 { stream.below(self.paths.len()) } else { 0 };
        let [x, y] = self.paths[path](stream.uniform());
        let a = stream.normal();
        let b = stream.normal();
        ([x + self.sigma * a, y + self.sigma * b], path)
    }

    pub(super) fn density(&self, [x, y]: [f64; 2]) -> f64 {
        let variance = self.sigma * self.sigma;
        let of_node = |([a, b], weight): &([f64; 2], f64)| {
            let distance = ((x - a) * (x - a) + (y - b) * (y - b)) / (2.0 * variance);
            // Beyond 12 σ a node adds less than 1e-31 of its peak.
            if distance > 72.0 { 0.0 } else { weight * libm::exp(-distance) }
        };
        self.nodes.iter().map(of_node).sum::<f64>() / (std::f64::consts::TAU * variance)
    }

    pub(super) fn mass(&self, [low, high]: [[f64; 2]; 2]) -> f64 {
        let reach = 9.0 * self.sigma;
        let near = |centre: &[f64; 2]| (0..2).all(|i| centre[i] > low[i] - reach && centre[i] < high[i] + reach);
        let along = |centre: &[f64; 2], i: usize| normal_mass(centre[i], self.sigma, low[i], high[i]);
        self.nodes.iter().filter(|(centre, _)| near(centre)).map(|(centre, weight)| weight * along(centre, 0) * along(centre, 1)).sum()
    }

    pub(super) fn moments(&self) -> ([f64; 2], f64) {
        let mean = [0, 1].map(|i| self.nodes.iter().map(|(c, weight)| weight * c[i]).sum());
        let square: f64 = self.nodes.iter().map(|([x, y], weight)| weight * (x * x + y * y)).sum();
        (mean, square + 2.0 * self.sigma * self.sigma)
    }

    pub(super) fn bounds(&self) -> [[f64; 2]; 2] {
        bounds_of(self.nodes.iter().map(|&(point, _)| (point, [4.0 * self.sigma; 2])))
    }
}

/// Points of the quadrature along one of `curves` paths, on pieces no longer than σ.
fn quadrature(path: Path, sigma: f64, curves: usize) -> Vec<([f64; 2], f64)> {
    const PROBES: usize = 1_000;
    let at = |i: usize| path(i as f64 / PROBES as f64);
    let longest = (0..PROBES).map(|i| (at(i + 1)[0] - at(i)[0]).hypot(at(i + 1)[1] - at(i)[1])).fold(0.0, f64::max);
    let pieces = (longest * PROBES as f64 / sigma).ceil().max(1.0) as usize;
    let half = 0.5 / pieces as f64;
    let piece = |i: usize| {
        let middle = (i as f64 + 0.5) / pieces as f64;
        NODES.map(|(node, weight)| (path(middle + half * node), weight * half / curves as f64))
    };
    (0..pieces).flat_map(piece).collect()
}
