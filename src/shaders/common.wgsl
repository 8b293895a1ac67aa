// What every game in shaders has in common, whatever its networks: the losses of `kernel/loss.rs`, the penalties of `kernel/penalty.rs`, Adam and the moving average.
// Samples are counted through D's sets: those of the second begin at `half` blocks of 32, those of the third at twice as many.

const LANES = 32u;
const THREADS = 256u;
const LEAKY_SLOPE = 0.2;
const UNDER_ROOT = 1e-12;

const GENERATOR = 0u;
const CRITIC = 1u;

// One player's turn. All offsets are in numbers.
struct Turn {
  player: u32, rows: u32, half: u32, compares: u32,
  first_penalised: u32, end_penalised: u32, objective: u32, real_label: f32,
  reals: u32, latents: u32, each: u32, shares: u32,
  place: u32, half_deviation: f32, stats: u32, ema: u32,
  // Of the three sets; the last are whether D is judged by pairs, and the logit at which it is undecided where it is not.
  rules: vec4<u32>,
  weights: vec4<f32>,
  rate: f32, epsilon: f32, keep1: f32, keep2: f32,
  take1: f32, take2: f32, clip: f32, ema_keep: f32,
  penalties: u32, blocks: u32, squares: u32, parts: u32,
  // Of the player: its numbers, and how many parts of its gradient have a sum of squares.
  parameters: u32, vector: u32, first: u32, second: u32,
  gradient: u32, logits: u32, logit_adjoints: u32, judged_from: u32,
  judged: u32, first_other: u32, end_other: u32, unused: u32,
}

@group(0) @binding(0) var<uniform> turn: Turn;
@group(0) @binding(2) var<storage, read_write> numbers: array<f32>;
@group(0) @binding(3) var<storage, read_write> levels: array<f32>;
@group(0) @binding(4) var<storage, read> inputs: array<f32>;
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;

fn sigmoid(t: f32) -> f32 {
  let small = exp(-abs(t));
  return select(1.0, small, t < 0.0) / (1.0 + small);
}

fn real(sample: u32, feature: u32, features: u32) -> f32 {
  if (sample >= turn.rows) {
    return 0.0;
  }
  return inputs[turn.reals + sample * features + feature];
}

// A sample of D's: 0 reals, 1 fakes, 2 beside the data.
fn sample_of(which: u32, sample: u32, fake: f32, feature: u32, features: u32) -> f32 {
  if (which == 1u || sample >= turn.rows) {
    return fake;
  }
  let x = real(sample, feature, features);
  if (which == 0u) {
    return x;
  }
  let share = inputs[turn.shares + sample];
  if (turn.place == 1u) {
    return fake + (x - fake) * share;
  }
  return x + inputs[turn.each + sample * features + feature] * turn.half_deviation * share;
}

// The penalty of a set at a squared norm of D's slope, and what the slope is multiplied by to give the direction whose tangent carries its gradient.
fn penalty_of(which: u32, square: f32) -> vec2<f32> {
  let rule = turn.rules[which];
  let weight = turn.weights[which];
  if (rule == 1u) {
    return vec2(square * (0.5 * weight), weight);
  }
  if (rule >= 2u) {
    let norm = sqrt(square + UNDER_ROOT);
    var excess = norm - 1.0;
    if (rule == 3u) {
      excess = max(excess, 0.0);
    }
    return vec2(excess * excess * weight, 2.0 * weight * excess / norm);
  }
  return vec2(0.0);
}

// Losses: a value and its slope. One workgroup; each thread has every 256th sample.

const SUMS = 16u;
var<workgroup> terms: array<vec4<f32>, 256>;
var<workgroup> partial: array<vec4<f32>, 16>;

// Four sums over a workgroup in two rounds of sixteen: a barrier costs more than the few additions that a tree of eight rounds would save.
fn sums(thread: u32, mine: vec4<f32>) -> vec4<f32> {
  terms[thread] = mine;
  workgroupBarrier();
  if (thread < SUMS) {
    var own = terms[thread];
    for (var k = thread + SUMS; k < THREADS; k += SUMS) {
      own += terms[k];
    }
    partial[thread] = own;
  }
  workgroupBarrier();
  var total = partial[0];
  for (var k = 1u; k < SUMS; k++) {
    total += partial[k];
  }
  return total;
}

fn sum(thread: u32, mine: f32) -> f32 {
  return sums(thread, vec4(mine, 0.0, 0.0, 0.0)).x;
}

fn above(t: f32) -> vec2<f32> {
  return vec2(max(t, 0.0) + log(1.0 + exp(-abs(t))), sigmoid(t));
}

fn below(t: f32) -> vec2<f32> {
  return above(-t) * vec2(1.0, -1.0);
}

fn towards(t: f32, label: f32) -> vec2<f32> {
  return below(t) + (1.0 - label) * vec2(t, 1.0);
}

fn ramp(t: f32) -> vec2<f32> {
  return select(vec2(0.0), vec2(t, 1.0), t > 0.0);
}

// The terms of a pair: D's or G's loss on the real and on the fake side, each with its slope. `a` and `b` are the means of the sides.
fn pair(real_logit: f32, fake_logit: f32, a: f32, b: f32) -> vec4<f32> {
  let none = vec2(0.0);
  let label = turn.real_label;
  let of_critic = turn.player == CRITIC;
  switch turn.objective {
    case 0u, 1u: { // minimax, non-saturating
      if (of_critic) { return vec4(towards(real_logit, label), above(fake_logit)); }
      if (turn.objective == 0u) { return vec4(none, -above(fake_logit)); }
      return vec4(none, below(fake_logit));
    }
    case 2u: { // least squares
      let r = real_logit - label;
      if (of_critic) { return vec4(0.5 * r * r, r, 0.5 * fake_logit * fake_logit, fake_logit); }
      let f = fake_logit - 1.0;
      return vec4(none, 0.5 * f * f, f);
    }
    case 3u: { // Wasserstein
      if (of_critic) { return vec4(-real_logit, -1.0, fake_logit, 1.0); }
      return vec4(none, -fake_logit, -1.0);
    }
    case 4u: { // hinge
      if (of_critic) { return vec4(ramp(1.0 - real_logit) * vec2(1.0, -1.0), ramp(1.0 + fake_logit)); }
      return vec4(none, -fake_logit, -1.0);
    }
    case 5u: { // relativistic pairing
      if (of_critic) {
        let t = above(fake_logit - real_logit);
        return vec4(0.0, -t.y, t);
      }
      return vec4(none, below(fake_logit - real_logit));
    }
    case 6u: { // relativistic average
      if (of_critic) { return vec4(below(real_logit - b), above(fake_logit - a)); }
      return vec4(above(real_logit - b), below(fake_logit - a));
    }
    default: { // KL
      let e = exp(fake_logit - 1.0);
      if (of_critic) { return vec4(-real_logit, -1.0, e, e); }
      return vec4(none, -e, -e);
    }
  }
}

// How right D is about a pair, from 0 to 1.
fn rightness(real_logit: f32, fake_logit: f32) -> f32 {
  if (turn.rules.w == 1u) {
    return 0.5 + 0.5 * sign(real_logit - fake_logit);
  }
  return 0.5 + 0.25 * (sign(real_logit - turn.weights.w) + sign(turn.weights.w - fake_logit));
}

// The penalties of a thread's samples of a set.
fn penalty_sum(which: u32, thread: u32) -> f32 {
  var penalty = 0.0;
  if (which * turn.half >= turn.first_penalised && which * turn.half < turn.end_penalised) {
    let samples = turn.half * LANES;
    for (var r = thread; r < samples; r += THREADS) {
      penalty += levels[turn.penalties + which * samples + r];
    }
  }
  return penalty;
}

@compute @workgroup_size(256)
fn lose(@builtin(local_invocation_index) thread: u32) {
  let fakes = turn.half * LANES;
  let share = 1.0 / f32(turn.rows);
  let reads_reals = turn.player == CRITIC || turn.compares != 0u;
  // Over the thread's samples: both logits, and how right D is.
  var met = vec4(0.0);
  for (var r = thread; r < turn.rows; r += THREADS) {
    let real_logit = select(0.0, levels[turn.logits + r], reads_reals);
    let fake_logit = levels[turn.logits + fakes + r];
    met += vec4(real_logit, fake_logit, rightness(real_logit, fake_logit), 0.0);
  }
  met = sums(thread, met) * share;
  var loss = 0.0;
  var through = vec2(0.0);
  for (var r = thread; r < fakes; r += THREADS) {
    var slopes = vec2(0.0);
    if (r < turn.rows) {
      let t = pair(select(0.0, levels[turn.logits + r], reads_reals), levels[turn.logits + fakes + r], met.x, met.y);
      loss += t.x + t.z;
      slopes = t.yw * share;
    }
    through += slopes;
    if (reads_reals) {
      levels[turn.logit_adjoints + r] = slopes.x;
    }
    levels[turn.logit_adjoints + fakes + r] = slopes.y;
    if (turn.blocks > 2u * turn.half) {
      levels[turn.logit_adjoints + 2u * fakes + r] = 0.0;
    }
  }
  let gone = sums(thread, vec4(loss, through, 0.0)) * share;
  if (turn.objective == 6u) {
    // Each sample also moves the mean that the other side is judged against.
    for (var r = thread; r < turn.rows; r += THREADS) {
      levels[turn.logit_adjoints + r] -= gone.z;
      levels[turn.logit_adjoints + fakes + r] -= gone.y;
    }
  }
  if (turn.player == GENERATOR) {
    if (thread == 0u) {
      stats[turn.stats + 1u] = gone.x;
    }
    return;
  }
  let penalties = sums(thread, vec4(penalty_sum(0u, thread), penalty_sum(1u, thread), penalty_sum(2u, thread), 0.0));
  if (thread == 0u) {
    stats[turn.stats] = gone.x;
    stats[turn.stats + 2u] = penalties.x;
    stats[turn.stats + 3u] = penalties.y;
    stats[turn.stats + 4u] = penalties.z;
    stats[turn.stats + 5u] = met.x;
    stats[turn.stats + 6u] = met.y;
    stats[turn.stats + 7u] = met.z;
  }
}

// Adam, then clipping, or the moving average. The first group also reports the gradient's norm.
@compute @workgroup_size(256)
fn move_player(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  if (group.x == 0u) {
    var square = 0.0;
    for (var part = thread; part < turn.parts; part += THREADS) {
      square += levels[turn.squares + part];
    }
    let total = sum(thread, square);
    if (thread == 0u) {
      stats[turn.stats + select(9u, 8u, turn.player == CRITIC)] = sqrt(total);
    }
  }
  if (id.x >= turn.parameters) {
    return;
  }
  let slope = numbers[turn.gradient + id.x];
  let first = numbers[turn.first + id.x] * turn.keep1 + slope * turn.take1;
  let second = numbers[turn.second + id.x] * turn.keep2 + slope * slope * turn.take2;
  numbers[turn.first + id.x] = first;
  numbers[turn.second + id.x] = second;
  var value = numbers[turn.vector + id.x] - first / (sqrt(second) + turn.epsilon) * turn.rate;
  if (turn.player == CRITIC) {
    if (turn.clip > 0.0) {
      value = clamp(value, -turn.clip, turn.clip);
    }
  } else {
    let average = numbers[turn.ema + id.x];
    numbers[turn.ema + id.x] = average * turn.ema_keep + value * (1.0 - turn.ema_keep);
  }
  numbers[turn.vector + id.x] = value;
}
