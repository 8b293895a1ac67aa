//! What classes say of images: Inception score, and the modes of Stacked MNIST.

use super::Spread;
use super::rows::Rows;

/// Parts of the Inception score, as in its paper and torch-fidelity.
const SPLITS: usize = 10;
/// Digits that a channel of Stacked MNIST can show, and classes of three of them.
const DIGITS: usize = 10;
/// Classes of Stacked MNIST: three digits each.
pub const STACKED_CLASSES: usize = DIGITS * DIGITS * DIGITS;

/// exp(E KL(p(y|x) ‖ p(y))) over each of 10 parts in turn, fewer where they would hold single images, which always score 1; its mean and deviation (Salimans 2016): 1 where all images look alike, the number of classes where each is certain and all are as frequent.
pub fn inception_score(logits: &Rows) -> Spread {
    let count = logits.len();
    let (list, splits) = (logits.list(), SPLITS.min(count / 2).max(1));
    let parts = (0..splits).map(|part| of_part(&list[part * count / splits..(part + 1) * count / splits]));
    Spread::of(&parts.collect::<Vec<_>>())
}

fn of_part(logits: &[&[f64]]) -> f64 {
    let logs: Vec<Vec<f64>> = logits.iter().map(|row| log_softmax(row)).collect();
    let classes = logs.first().map_or(0, Vec::len);
    let mean = |class: usize| logs.iter().map(|row| row[class].exp()).sum::<f64>() / logs.len() as f64;
    let marginal: Vec<f64> = (0..classes).map(|class| mean(class).ln()).collect();
    let term = |(log, marginal): (&f64, &f64)| if log.exp() > 0.0 { log.exp() * (log - marginal) } else { 0.0 };
    let divergence = |row: &Vec<f64>| row.iter().zip(&marginal).map(term).sum::<f64>();
    (logs.iter().map(divergence).sum::<f64>() / logs.len().max(1) as f64).exp()
}

fn log_softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total = logits.iter().map(|logit| (logit - largest).exp()).sum::<f64>().ln() + largest;
    logits.iter().map(|logit| logit - total).collect()
}

/// The class of each image from the logits of its three channels: 100·red + 10·green + blue, of the likeliest digits.
pub fn stacked_classes(logits: &Rows) -> Vec<usize> {
    let likeliest = |row: &&[f64]| row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(digit, _)| digit);
    let digits: Vec<usize> = logits.list().iter().map(likeliest).collect();
    digits.as_chunks::<3>().0.iter().map(|digits| digits.iter().fold(0, |class, digit| class * DIGITS + digit)).collect()
}

/// How many of the classes there are among some images, and KL(their histogram ‖ uniform) in nats (Metz 2017; VEEGAN, PacGAN).
pub fn modes(classes: &[usize], all: usize) -> (usize, f64) {
    let mut counts = vec![0usize; all];
    classes.iter().for_each(|&class| counts[class] += 1);
    let share = |&count: &usize| count as f64 / classes.len().max(1) as f64;
    let shares = counts.iter().map(share).filter(|&share| share > 0.0);
    (counts.iter().filter(|&&count| count > 0).count(), shares.map(|share| share * (share * all as f64).ln()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_and_evenly_spread_classes_score_their_number_and_one_class_scores_one() {
        let certain = |class: usize| (0..10).map(move |other| if other == class { 50.0 } else { 0.0 });
        let all = Rows::new((0..100).flat_map(|image| certain(image % 10)).collect(), 10);
        let same = Rows::new((0..100).flat_map(|_| certain(3)).collect(), 10);
        assert!(
            (inception_score(&all).mean - 10.0).abs() < 1e-9 && inception_score(&all).deviation.is_some_and(|deviation| deviation < 1e-9)
        );
        assert!((inception_score(&same).mean - 1.0).abs() < 1e-12);
        let few = Rows::new((0..4).flat_map(certain).collect(), 10);
        assert!((inception_score(&few).mean - 2.0).abs() < 1e-9, "two parts of two images");
    }

    #[test]
    fn three_channels_are_one_of_a_thousand_classes() {
        let digit = |digit: usize| (0..10).map(move |other| f64::from(u8::from(other == digit)));
        let logits = Rows::new([1, 2, 3, 9, 0, 9].into_iter().flat_map(digit).collect(), 10);
        assert_eq!(stacked_classes(&logits), [123, 909]);
    }

    #[test]
    fn all_modes_alike_have_no_divergence_and_one_alone_has_the_log_of_their_number() {
        let all: Vec<usize> = (0..STACKED_CLASSES).collect();
        let (found, divergence) = modes(&all, STACKED_CLASSES);
        assert!(found == 1000 && divergence.abs() < 1e-12);
        let (found, divergence) = modes(&[7; 50], STACKED_CLASSES);
        assert!(found == 1 && (divergence - 1000f64.ln()).abs() < 1e-12);
        assert_eq!(modes(&[], STACKED_CLASSES), (0, 0.0));
    }
}
