//! Every exhibit of the gallery fails as it says, and is healed by what it says; healthy runs are left alone.

use pollster::block_on;

use sparring::config::{TrainConfig, preset};
use sparring::device::cpu_device;
use sparring::doctor::{Exhibit, gallery};
use sparring::error::Error;
use sparring::metrics::Score;
use sparring::protocol::{Ailment, Finding};
use sparring::session::Session;

fn start(config: &TrainConfig) -> Session {
    Session::new(config.clone(), config.dataset().expect("a toy"), &cpu_device()).expect("a valid config")
}

/// Steps between two examinations.
const EVERY: u64 = 200;
/// Sliced W1, in standard deviations of the data, that a healed run stays below.
const NEAR: f64 = 0.4;

/// Trains and examines every 200 steps; what was found each time, of a run that diverged to its end.
fn watched(config: &TrainConfig, steps: u64) -> (Session, Vec<Vec<Finding>>) {
    let mut session = start(config);
    let mut findings = Vec::new();
    while session.step() < steps {
        let done = block_on(session.advance(EVERY.min(steps - session.step())));
        findings.push(block_on(session.examine()).expect("a run on points can be examined"));
        match done {
            Ok(_) => {}
            Err(Error::Diverged { .. }) => break,
            Err(error) => panic!("{error}"),
        }
    }
    (session, findings)
}

fn names(findings: &[Finding]) -> Vec<Ailment> {
    findings.iter().map(|finding| finding.ailment).collect()
}

fn distance(session: &Session) -> f64 {
    let metrics = block_on(session.evaluate(&[Score::SlicedW1])).expect("points are measured");
    metrics.scores[0].value / f64::from(session.data().frame().scale)
}

fn with_seed(config: TrainConfig, seed: u64) -> TrainConfig {
    TrainConfig { seed, ..config }
}

fn fails(exhibit: &Exhibit, seed: u64) -> Result<(), String> {
    let config = with_seed(exhibit.failing().expect("an exhibit is a valid config"), seed);
    let (_, findings) = watched(&config, exhibit.steps.into());
    let last = findings.last().map(|findings| names(findings)).unwrap_or_default();
    let found = findings.iter().flatten().find(|finding| finding.ailment == exhibit.ailment);
    let Some(found) = found else { return Err(format!("{:?}, seed {seed}: not found, but {last:?}", exhibit.ailment)) };
    // The seed of the link shows it at its end, and as what explains the rest.
    if seed == 1 && last.first() != Some(&exhibit.ailment) {
        return Err(format!("{:?}: at the end first of all {last:?}", exhibit.ailment));
    }
    let healed = with_seed(exhibit.healed().expect("a remedy is a valid config"), seed);
    if found.evidence.is_empty() || found.remedy != healed {
        return Err(format!("{:?}, seed {seed}: the doctor prescribes something else than the gallery: {found:?}", exhibit.ailment));
    }
    Ok(())
}

fn is_healed(exhibit: &Exhibit, seed: u64) -> Result<(), String> {
    let config = with_seed(exhibit.healed().expect("a remedy is a valid config"), seed);
    let (session, findings) = watched(&config, exhibit.steps.into());
    let late = findings.iter().flat_map(|findings| names(findings)).collect::<Vec<_>>();
    if !late.is_empty() {
        return Err(format!("{:?} healed, seed {seed}: {late:?}", exhibit.ailment));
    }
    let far = distance(&session);
    if far > NEAR { Err(format!("{:?} healed, seed {seed}: sliced W1 is {far}", exhibit.ailment)) } else { Ok(()) }
}

/// `SPARRING_GALLERY_SEEDS=8 cargo test --release --test gallery` tries more than the seed of the links.
fn seeds() -> std::ops::RangeInclusive<u64> {
    let last = std::env::var("SPARRING_GALLERY_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    1..=last
}

#[test]
fn every_exhibit_fails_as_it_says_and_is_prescribed_what_it_tells() {
    let wrong: Vec<String> =
        seeds().flat_map(|seed| gallery().into_iter().filter_map(move |exhibit| fails(&exhibit, seed).err())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_exhibit_is_healed_by_its_remedy() {
    let wrong: Vec<String> =
        seeds().flat_map(|seed| gallery().into_iter().filter_map(move |exhibit| is_healed(&exhibit, seed).err())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn healthy_runs_are_left_alone() {
    for (name, steps) in [("ring8", 1_200), ("grid25", 800)] {
        let config = preset(name).expect("a preset").config;
        let (_, findings) = watched(&config, steps);
        let after = findings.iter().skip(2).flat_map(|findings| names(findings)).collect::<Vec<_>>();
        assert!(after.is_empty(), "{name}: {after:?}");
    }
}
