//! A run that several processes train together, see [`crate::team`].

use super::Session;
use crate::config::TrainConfig;
use crate::error::{Error, Result};
use crate::nn::minibatch::MinibatchFeature;
use crate::nn::norm::Norm;
use crate::objective::Objective;
use crate::penalty::GradientPenalty;
use crate::team::Part;

impl Session {
    /// The same run, which learns from a part of every batch. Refused where the gradient of a batch is not the mean of those of its parts.
    pub fn shared(self, part: Part) -> Result<Self> {
        if !part.is_whole() {
            check(&self.config, part.size())?;
        }
        Ok(Self { part, ..self })
    }
}

fn check(config: &TrainConfig, processes: usize) -> Result<()> {
    let shares = processes * config.packing;
    if !config.batch.is_multiple_of(shares) {
        let packed = if config.packing > 1 { format!(" and packing {}", config.packing) } else { String::new() };
        return Err(Error::setting(
            "batch",
            format!("is {}, which is no multiple of {shares}, for {processes} processes{packed}", config.batch),
        ));
    }
    let mixes = |norm: Norm| norm == Norm::Batch;
    let whole = [
        ("generator.norm", mixes(config.generator.norm)),
        ("critic.norm", mixes(config.critic.norm)),
        ("minibatch", config.minibatch != MinibatchFeature::None),
        ("objective", config.objective == Objective::Ragan),
        ("gradient_penalty", config.gradient_penalty == GradientPenalty::Dragan),
        ("feature_matching", config.feature_matching > 0.0),
        ("bottleneck", config.bottleneck > 0.0),
    ];
    match whole.into_iter().find(|(_, mixes)| *mixes) {
        Some((field, _)) => {
            Err(Error::setting(field, "looks at a batch as a whole, which several processes do not have; train with one process"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::checkpoint::Header;
    use crate::config::{preset, preset_names, set};
    use crate::data::{Dataset, ImageSet, Supply};
    use crate::device::cpu_device;
    use crate::optim::Learners;
    use crate::protocol::StepReport;
    use crate::team::WHOLE;
    use crate::team::threads::together;

    /// A small game of a preset on points or, where it is of images, on noise.
    fn small(name: &str) -> Option<(TrainConfig, Dataset)> {
        let config = TrainConfig { batch: 24, labelled: 4, n_critic: 1, ..preset(name).expect("a preset").config };
        if let Some(data) = config.dataset() {
            return Some((config, data));
        }
        let shape: [usize; 3] = config.sample_shape().try_into().ok()?;
        let pixels = (0..48 * shape.iter().product::<usize>()).map(|i| (i * i % 251) as u8).collect();
        let small = ["batch=6", "generator.width=8", "critic.width=8"].into_iter();
        let config = small.fold(config, |config, setting| set(&config, setting).expect("a setting"));
        let labels = (0..48).map(|i| i % config.classes().max(1) as u16).collect();
        let data = Dataset::Images(config.data, ImageSet::new(shape, pixels).labelled(labels));
        Some((config, data))
    }

    /// Reports, streams at the end, and the whole state.
    fn trained(config: &TrainConfig, data: &Dataset, part: Part, steps: u64, plainly: bool) -> Result<(Vec<StepReport>, String, Vec<u8>)> {
        let mut session = Session::new(config.clone(), data.clone(), &cpu_device())?.shared(part)?;
        if plainly {
            session.train_plainly();
        }
        let reports = pollster::block_on(session.advance(steps))?;
        let Header { data, latent, noise, augment, .. } = pollster::block_on(session.checkpoint())?.header;
        Ok((reports, format!("{data:?} {latent:?} {noise:?} {augment:?}"), pollster::block_on(session.save())?))
    }

    /// All that a step measures where D stands still, to rounding. Where it moves, Adam, which divides by the size of each gradient, makes steps of the rounding of those that are
    /// nothing, such as that of a bias which the loss does not see; what is measured before is to rounding then, too.
    fn assert_alike(a: &StepReport, b: &StepReport, moves: bool, whose: &str) {
        let numbers = |report: &StepReport| {
            let StepReport { loss_d, loss_g, r1, r2, slope, d_real, d_fake, accuracy, norm_d, norm_g, .. } = *report;
            let of_critic = vec![loss_d, r1, r2, slope, d_real, d_fake, accuracy, norm_d];
            if moves { of_critic } else { [of_critic, vec![loss_g, norm_g]].concat() }
        };
        let close = numbers(a).iter().zip(numbers(b)).all(|(x, y)| (x - y).abs() <= 1e-4 * (0.1 + x.abs()));
        assert!(close, "{whose}: {a:?} {b:?}");
    }

    /// Asserts that so many processes train a game as one does, step after step while nobody moves D; or gives the setting for which they do not.
    fn compared(name: &str, config: &TrainConfig, data: &Dataset, size: usize) -> Option<String> {
        let (whose, moves) = (format!("{name} by {size}, {:?}", config.learn), config.learn.critic());
        let steps = if config.data.is_images() { 2 } else { 4 };
        let one = trained(config, data, WHOLE.clone(), steps, false).expect("it trains alone");
        let all = together(size, |team| trained(config, data, Part::of(team), steps, false));
        if let Err(Error::Setting { field, .. }) = &all[0] {
            return Some(field.clone());
        }
        let all: Vec<_> = all.into_iter().map(|one| one.expect("it trains together")).collect();
        assert!(all.iter().all(|other| other.2 == all[0].2), "{whose}: the processes hold different players");
        assert_eq!(one.1, all[0].1, "{whose}: the streams");
        assert_alike(&one.0[0], &all[0].0[0], moves, &whose);
        None
    }

    #[test]
    fn several_processes_train_as_one_does_with_the_whole_batch_in_every_preset_or_say_why_not() {
        let mut refused = Vec::new();
        for name in preset_names() {
            let Some((config, data)) = small(name) else { continue };
            for (learn, size) in [(Learners::Both, 2), (Learners::Generator, 3)] {
                let field = compared(name, &TrainConfig { learn, ..config.clone() }, &data, size);
                refused.extend(field.filter(|_| size == 2).map(|field| format!("{name}: {field}")));
            }
        }
        assert_eq!(refused, REFUSED);
    }

    /// The presets whose games look at batches as a whole, with the setting that says so.
    const REFUSED: [&str; 6] = [
        "dcgan: generator.norm",
        "improved-gan: minibatch",
        "improved-gan-labels: feature_matching",
        "dragan: gradient_penalty",
        "ragan: objective",
        "vdb: bottleneck",
    ];

    #[test]
    fn what_presets_do_not_have_is_shared_out_too() {
        let points = ["n_critic=3", "instance_noise=0.1", "play=extragradient", "historical_averaging=0.1", "critic.spectral_norm=true"];
        let games = points.map(|setting| ("ring8", vec![setting]));
        // A power of two: the signs that ADA's controller hears are averaged without rounding, as its state is compared to the bit.
        let of_images =
            [vec!["augment.method=ada", "batch=8"], vec!["augment.method=diff_augment"], vec!["conditioning=acgan", "image.mirror=true"]];
        for (name, settings) in games.into_iter().chain(of_images.map(|settings| ("mnist", settings))) {
            let (config, data) = small(name).expect("a small game");
            let config = settings.iter().fold(config, |config, setting| set(&config, setting).expect("a setting"));
            let config = TrainConfig { learn: Learners::Generator, ..config };
            assert_eq!(compared(&format!("{settings:?}"), &config, &data, 2), None, "{settings:?}");
        }
    }

    #[test]
    fn tensors_and_fused_loops_share_a_batch_alike() {
        let (config, data) = small("wgan-gp").expect("a game on points");
        let config = TrainConfig { learn: Learners::Generator, ..config };
        let [fused, plain] = [false, true].map(|plainly| {
            let all = together(2, |team| trained(&config, &data, Part::of(team), 4, plainly).expect("it trains"));
            assert!(all[0].2 == all[1].2);
            all[0].0[0]
        });
        assert_alike(&fused, &plain, false, "tensors");
    }

    /// Images of which one process loses all.
    #[derive(Debug)]
    struct Lossy(bool);

    impl Supply for Lossy {
        fn expect(&self, _: &[u32]) {}

        fn pixels(&self, index: usize) -> Vec<u8> {
            vec![index as u8; 64]
        }

        fn failure(&self) -> Option<Error> {
            self.0.then(|| Error::file("own.png", "cannot be read any more"))
        }

        fn lost(&self) -> Option<Error> {
            self.failure()
        }

        fn checksum(&self, _: usize) -> u32 {
            0
        }
    }

    #[test]
    fn what_one_process_loses_stops_all_of_them_after_the_same_step() {
        let settings = ["data=images", "image.resolution=8", "image.channels=1", "batch=4", "generator.width=8", "critic.width=8"];
        let config =
            settings.iter().fold(preset("images").expect("a preset").config, |config, setting| set(&config, setting).expect("a setting"));
        let ends = together(2, |team| {
            let images = ImageSet::supplied([1, 8, 8], 16, Arc::new(Lossy(team.rank() == 1)));
            let session =
                Session::new(config.clone(), Dataset::images(images), &cpu_device()).and_then(|session| session.shared(Part::of(team)));
            pollster::block_on(session.expect("a session").advance(3)).expect_err("it stops").to_string()
        });
        assert!(ends[0].contains("another process") && ends[1].contains("own.png"), "{ends:?}");
    }

    #[test]
    fn what_cannot_be_shared_out_is_named() {
        let refused = |setting: &str| {
            let config = set(&TrainConfig::default(), setting).expect("a setting");
            let field = check(&config, 2).expect_err("it is refused").to_string();
            assert!(field.contains(setting.split('=').next().expect("a name")), "{field}");
        };
        ["batch=255", "minibatch=stddev", "gradient_penalty=dragan", "objective=ragan", "feature_matching=1"].into_iter().for_each(refused);
        check(&TrainConfig::default(), 2).expect("the default can");
    }
}
