//! The toys: what each data set is, as formula.

use std::f64::consts::{PI, TAU};

use super::density::{Curve, Density, GaussianMixture, Mode, Path, Pinwheel, Squares};

/// 8 Gaussians on the unit circle, σ .01 (VEEGAN 2017, PacGAN 2018).
pub fn ring8() -> Density {
    let at = |k: usize| {
        let turn = TAU * k as f64 / 8.0;
        [libm::cos(turn), libm::sin(turn)]
    };
    Density::Mixture(GaussianMixture::equal((0..8).map(at), 0.01))
}

/// 25 Gaussians on {−4, −2, 0, 2, 4}², σ .05 (VEEGAN 2017, PacGAN 2018).
pub fn grid25() -> Density {
    let at = |k: i32| [f64::from(k % 5 - 2) * 2.0, f64::from(k / 5 - 2) * 2.0];
    Density::Mixture(GaussianMixture::equal((0..25).map(at), 0.05))
}

/// GAN Lab's line: (.8 − .75u, .6 + .3u), σ .01.
pub fn line() -> Density {
    Density::Curve(Curve::new(&[|u| [0.8 - 0.75 * u, 0.6 + 0.3 * u]], 0.01))
}

/// GAN Lab's two Gaussians: ½N((.3, .7), .1²I) + ½N((.7, .4), diag(.05², .2²)).
pub fn two_gaussians() -> Density {
    let wide = Mode::round([0.3, 0.7], 0.1, 0.5);
    let tall = Mode { centre: [0.7, 0.4], sigma: [0.05, 0.2], weight: 0.5 };
    Density::Mixture(GaussianMixture { modes: vec![wide, tall] })
}

/// GAN Lab's ring: (.5 + .3 cos 2πu, .45 + .25 sin 2πu), σ .025.
pub fn ring() -> Density {
    Density::Curve(Curve::new(&[|u| [0.5 + 0.3 * libm::cos(TAU * u), 0.45 + 0.25 * libm::sin(TAU * u)]], 0.025))
}

/// GAN Lab's disjoint blobs: σ .025 at (.35, .75), (.75, .6), (.45, .35).
pub fn disjoint() -> Density {
    Density::Mixture(GaussianMixture::equal([[0.35, 0.75], [0.75, 0.6], [0.45, 0.35]].into_iter(), 0.025))
}

/// Two half circles that reach into each other, as in scikit-learn: (cos πu, sin πu) and (1 − cos πu, ½ − sin πu), σ .05.
pub fn moons() -> Density {
    let upper: Path = |u| [libm::cos(PI * u), libm::sin(PI * u)];
    let lower: Path = |u| [1.0 - libm::cos(PI * u), 0.5 - libm::sin(PI * u)];
    Density::Curve(Curve::new(&[upper, lower], 0.05))
}

/// Two arms ±(t cos t, t sin t)/3π with t from ½π to 3π, σ .02.
pub fn spiral() -> Density {
    fn arm(u: f64) -> [f64; 2] {
        let t = PI * (0.5 + 2.5 * u);
        [t * libm::cos(t) / (3.0 * PI), t * libm::sin(t) / (3.0 * PI)]
    }
    let other: Path = |u| arm(u).map(|x| -x);
    Density::Curve(Curve::new(&[arm, other], 0.02))
}

/// The section of scikit-learn's swiss roll: (t cos t, t sin t)/10 with t from 1½π to 4½π, σ .05.
pub fn swiss_roll() -> Density {
    let roll: Path = |u| {
        let t = PI * (1.5 + 3.0 * u);
        [t * libm::cos(t) / 10.0, t * libm::sin(t) / 10.0]
    };
    Density::Curve(Curve::new(&[roll], 0.05))
}

/// The 8 dark squares, of side 1, of a 4x4 board on [−2, 2]².
pub fn checkerboard() -> Density {
    let dark = (0..16).map(|k| (k % 4, k / 4)).filter(|(i, j)| (i + j) % 2 == 0);
    let corners = dark.map(|(i, j)| [f64::from(i) - 2.0, f64::from(j) - 2.0]).collect();
    Density::Squares(Squares { corners, side: 1.0 })
}

/// Five arms, .3 long and .1 wide, twisted by ¼exp(radius).
pub fn pinwheel() -> Density {
    Density::Pinwheel(Pinwheel { arms: 5, radial: 0.3, across: 0.1, twist: 0.25 })
}

/// Half the samples wide, half narrow: ½N((−1, 0), .5²I) + ½N((1.2, 0), .05²I).
pub fn two_scale() -> Density {
    let modes = vec![Mode::round([-1.0, 0.0], 0.5, 0.5), Mode::round([1.2, 0.0], 0.05, 0.5)];
    Density::Mixture(GaussianMixture { modes })
}

/// N(2, .5²) on the line.
pub fn gaussian_1d() -> Density {
    Density::Line(GaussianMixture { modes: vec![Mode::on_line(2.0, 0.5, 1.0)] })
}

/// .3N(−1, .2²) + .7N(1, .4²) on the line.
pub fn bimodal_1d() -> Density {
    Density::Line(GaussianMixture { modes: vec![Mode::on_line(-1.0, 0.2, 0.3), Mode::on_line(1.0, 0.4, 0.7)] })
}

/// How wide each of a person's own points is, as a share of their spread (the root mean square deviation of a coordinate).
const POINT_WIDTH: f64 = 0.03;

/// A person's own points, all equally likely, each N(point, (.03 · spread)²I).
pub fn points(points: &[[f32; 2]]) -> Density {
    let centres = points.iter().map(|point| point.map(f64::from));
    let count = points.len().max(1) as f64;
    let mean = [0, 1].map(|i| centres.clone().map(|c| c[i]).sum::<f64>() / count);
    let square = centres.clone().map(|c| (c[0] - mean[0]).powi(2) + (c[1] - mean[1]).powi(2)).sum::<f64>() / count;
    let spread = (square / 2.0).sqrt();
    // Points on one spot have no spread of their own: the width is then that of a unit.
    let sigma = POINT_WIDTH * if spread > 0.0 { spread } else { 1.0 };
    Density::Points(GaussianMixture::equal(centres, sigma))
}
