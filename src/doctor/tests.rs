//! Each rule fires on what it is for, and holds its tongue a little before.

use super::*;
use crate::config::preset;
use crate::protocol::Measure;

fn report(step: u64, d_real: f32, d_fake: f32) -> StepReport {
    StepReport {
        step,
        images: step,
        loss_d: 0.0,
        loss_g: 0.0,
        r1: 0.0,
        r2: 0.0,
        slope: 0.0,
        d_real,
        d_fake,
        accuracy: 0.5,
        norm_d: 0.0,
        norm_g: 0.0,
        augment_p: None,
    }
}

fn signs(step: u64) -> Signs {
    Signs { step, shares: vec![0.125; 8], truth: vec![0.125; 8], sliced_w1: 0.1, auc: 0.6, saturated: 0.0, dead: None }
}

/// Two modes, the first of which is number `top`.
fn on_few(step: u64, top: usize) -> Signs {
    let mut shares = vec![0.0; 8];
    (shares[top], shares[(top + 1) % 8]) = (0.7, 0.3);
    Signs { shares, ..signs(step) }
}

fn found(doctor: &Doctor) -> Vec<Ailment> {
    doctor.findings(&preset("ring8").expect("a preset").config).into_iter().map(|finding| finding.ailment).collect()
}

fn seen(looks: impl IntoIterator<Item = Signs>) -> Vec<Ailment> {
    let mut doctor = Doctor::default();
    looks.into_iter().for_each(|signs| doctor.see(signs));
    found(&doctor)
}

fn heard(gap: impl Fn(u64) -> f32, steps: u64) -> Vec<Ailment> {
    let mut doctor = Doctor::default();
    (1..=steps).for_each(|step| doctor.hear(report(step, gap(step), 0.0)));
    found(&doctor)
}

#[test]
fn a_run_without_signs_is_healthy() {
    assert_eq!(found(&Doctor::default()), []);
    assert_eq!(seen((0..9).map(|i| signs(200 * i))), []);
    assert_eq!(heard(|_| 0.1, 500), []);
}

#[test]
fn looks_closer_than_200_steps_count_once() {
    assert_eq!(seen((0..9).map(|i| on_few(10 * i, 3))), []);
    assert_eq!(seen((0..3).map(|i| on_few(200 * i, 3))), [Ailment::ModeCollapse]);
}

#[test]
fn few_modes_are_a_collapse_where_they_stay_and_hopping_where_they_change() {
    assert_eq!(seen((0..5).map(|i| on_few(200 * i, 3))), [Ailment::ModeCollapse]);
    assert_eq!(seen((0..5).map(|i| on_few(200 * i, (3 * i % 8) as usize))), [Ailment::ModeHopping]);
    let on_five = |step| Signs { shares: vec![0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0, 0.0], ..signs(step) };
    assert_eq!(seen((0..5).map(|i| on_five(200 * i))), []);
}

#[test]
fn a_sure_critic_is_told_by_whether_it_still_pulls() {
    let sure = |step| Signs { auc: 0.99, sliced_w1: 0.8, ..signs(step) };
    assert_eq!(seen([sure(0), sure(200)]), [Ailment::DisjointSupports]);
    assert_eq!(seen([sure(0), Signs { saturated: 0.9, ..sure(200) }]), []);
    assert_eq!(seen([Signs { saturated: 0.9, ..sure(0) }, Signs { saturated: 0.9, ..sure(200) }]), [Ailment::VanishingGradient]);
    assert_eq!(seen([Signs { auc: 0.0, saturated: 0.9, ..signs(0) }, Signs { auc: 0.0, saturated: 0.9, ..signs(200) }]), []);
    assert_eq!(seen([Signs { dead: Some(0.6), ..signs(0) }]), [Ailment::DeadUnits]);
    assert_eq!(seen([Signs { dead: Some(0.4), ..signs(0) }]), []);
}

#[test]
fn the_gap_tells_of_a_weak_critic_of_swings_and_of_flight() {
    assert_eq!(heard(|_| -0.2, 200), [Ailment::WeakCritic]);
    assert_eq!(heard(|_| -0.2, 199), []);
    assert_eq!(heard(|_| -0.05, 300), []);
    let swing = |step: u64| if (step / 20).is_multiple_of(2) { 1.0 } else { -1.0 };
    assert_eq!(heard(swing, 400), [Ailment::Oscillation]);
    assert_eq!(heard(swing, 250), []);
    assert_eq!(heard(|step| 0.2 * swing(step), 400), []);
    assert_eq!(heard(|step| if step < 10 { 0.0 } else { 1e5 }, 10), [Ailment::Divergence]);
    let mut doctor = Doctor::default();
    doctor.hear_of_divergence();
    let findings = doctor.findings(&preset("ring8").expect("a preset").config);
    assert_eq!((findings[0].ailment, findings[0].evidence[0].measure), (Ailment::Divergence, Measure::Logits));
}

#[test]
fn every_remedy_is_a_valid_change() {
    for name in crate::config::preset_names() {
        let config = preset(name).expect("a preset").config;
        for ailment in gallery().into_iter().map(|exhibit| exhibit.ailment) {
            let (remedy, _) = remedy::of(ailment, &config);
            assert!(remedy != config, "{name}, {ailment:?}");
            remedy.validate().unwrap_or_else(|error| panic!("{name}, {ailment:?}: {error}"));
        }
    }
}
