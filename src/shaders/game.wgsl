// A step of an MLP game as compute shaders: the passes of `kernel/mlp`, the losses of `kernel/loss.rs`, the penalties of `kernel/penalty.rs`, Adam and the moving
// average. One workgroup takes a block of 32 samples through a whole network: samples are lanes, rows of threads share out a layer's outputs.

const LANES = 32u;
const ROWS = 8u;
const THREADS = 256u;
const MOST_LEVELS = 18u;
const TILE = 16u;
const LEAKY_SLOPE = 0.2;
const UNDER_ROOT = 1e-12;

const GENERATOR = 0u;
const CRITIC = 1u;

// All offsets are in numbers.
struct Net {
  layers: u32, activation: u32, parameters: u32, tiles: u32,
  vector: u32, first: u32, second: u32, gradient: u32,
}

// A level and, in `weight`, the layer above it: W [out, in], then b.
struct Level {
  size: u32, values: u32, slopes: u32, bends: u32,
  tangents: u32, adjoints: u32, tangent_adjoints: u32, weight: u32,
}

struct Plan {
  nets: array<Net, 2>,
  levels: array<Level, 36>,
}

// One player's turn.
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
  penalties: u32, blocks: u32, squares: u32, unused: u32,
}

@group(0) @binding(0) var<uniform> turn: Turn;
@group(0) @binding(1) var<uniform> plan: Plan;
@group(0) @binding(2) var<storage, read_write> numbers: array<f32>;
@group(0) @binding(3) var<storage, read_write> levels: array<f32>;
@group(0) @binding(4) var<storage, read> inputs: array<f32>;
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;

fn level(net: u32, index: u32) -> Level {
  return plan.levels[net * MOST_LEVELS + index];
}

// Activations: y, f'(a), f''(a).

fn sigmoid(t: f32) -> f32 {
  let small = exp(-abs(t));
  return select(1.0, small, t < 0.0) / (1.0 + small);
}

fn tanh_of(a: f32) -> f32 {
  let small = exp(-2.0 * abs(a));
  let far = (1.0 - small) / (1.0 + small);
  let z = a * a;
  let near = a * (1.0 - z * (0.33333333 - z * (0.13333333 - z * 0.05396825)));
  return select(sign(a) * far, near, abs(a) < 0.25);
}

fn activate(activation: u32, a: f32) -> vec3<f32> {
  switch activation {
    case 0u: { let s = select(LEAKY_SLOPE, 1.0, a > 0.0); return vec3(a * s, s, 0.0); }
    case 1u: { let s = select(0.0, 1.0, a > 0.0); return vec3(a * s, s, 0.0); }
    case 2u: {
      let e = exp(min(a, 0.0));
      return select(vec3(e - 1.0, e, e), vec3(a, 1.0, 0.0), a > 0.0);
    }
    case 3u: { let y = tanh_of(a); let s = 1.0 - y * y; return vec3(y, s, -2.0 * y * s); }
    default: {
      let s = sigmoid(a);
      return vec3(a * s, s + a * s * (1.0 - s), s * (1.0 - s) * (2.0 + a * (1.0 - 2.0 * s)));
    }
  }
}

fn is_smooth(net: u32) -> bool {
  return plan.nets[net].activation >= 2u;
}

// Passes of one block through one network; `lane` and `row` are the thread's.

fn forward(net: u32, block: u32, lane: u32, row: u32, bent: bool) {
  let layers = plan.nets[net].layers;
  for (var index = 0u; index < layers; index++) {
    let below = level(net, index);
    let above = level(net, index + 1u);
    let x = below.values + block * below.size * LANES + lane;
    for (var j = row; j < above.size; j += ROWS) {
      let weights = below.weight + j * below.size;
      var a = numbers[below.weight + below.size * above.size + j];
      for (var i = 0u; i < below.size; i++) {
        a += numbers[weights + i] * levels[x + i * LANES];
      }
      let place = (block * above.size + j) * LANES + lane;
      if (index + 1u == layers) {
        levels[above.values + place] = a;
      } else {
        let y = activate(plan.nets[net].activation, a);
        levels[above.values + place] = y.x;
        levels[above.slopes + place] = y.y;
        if (bent) {
          levels[above.bends + place] = y.z;
        }
      }
    }
    storageBarrier();
  }
}

fn forward_tangent(net: u32, block: u32, lane: u32, row: u32) {
  let layers = plan.nets[net].layers;
  let bent = is_smooth(net);
  for (var index = 0u; index < layers; index++) {
    let below = level(net, index);
    let above = level(net, index + 1u);
    let x = below.tangents + block * below.size * LANES + lane;
    for (var j = row; j < above.size; j += ROWS) {
      let weights = below.weight + j * below.size;
      var a = 0.0;
      for (var i = 0u; i < below.size; i++) {
        a += numbers[weights + i] * levels[x + i * LANES];
      }
      let place = (block * above.size + j) * LANES + lane;
      if (index + 1u == layers) {
        levels[above.tangents + place] = a;
      } else {
        levels[above.tangents + place] = a * levels[above.slopes + place];
        if (bent) {
          levels[above.bends + place] *= a;
        }
      }
    }
    storageBarrier();
  }
}

// Of the tangent or of the value; `bent` where there are second derivatives to gather or to add.
fn backward(net: u32, block: u32, lane: u32, row: u32, of_tangent: bool, bent: bool, until: u32) {
  for (var index = plan.nets[net].layers; index > until; index--) {
    let below = level(net, index - 1u);
    let above = level(net, index);
    let delta = select(above.adjoints, above.tangent_adjoints, of_tangent) + block * above.size * LANES + lane;
    let own = select(below.adjoints, below.tangent_adjoints, of_tangent);
    for (var i = row; i < below.size; i += ROWS) {
      var q = 0.0;
      for (var j = 0u; j < above.size; j++) {
        q += numbers[below.weight + j * below.size + i] * levels[delta + j * LANES];
      }
      let place = (block * below.size + i) * LANES + lane;
      if (index == 1u) {
        levels[own + place] = q;
      } else {
        var result = q * levels[below.slopes + place];
        if (bent) {
          if (of_tangent) {
            levels[below.bends + place] *= q;
          } else {
            result += levels[below.bends + place];
          }
        }
        levels[own + place] = result;
      }
    }
    storageBarrier();
  }
}

// G on a block of latents.
@compute @workgroup_size(256)
fn generate(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let lane = thread % LANES;
  let row = thread / LANES;
  let block = group.x;
  let sample = block * LANES + lane;
  let input = level(GENERATOR, 0u);
  for (var i = row; i < input.size; i += ROWS) {
    var z = 0.0;
    if (sample < turn.rows) {
      z = inputs[turn.latents + sample * input.size + i];
    }
    levels[input.values + (block * input.size + i) * LANES + lane] = z;
  }
  storageBarrier();
  forward(GENERATOR, block, lane, row, false);
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

// The penalty of a block's input gradients, and the direction whose tangent carries its gradient.
fn penalise(block: u32, which: u32, lane: u32, row: u32) {
  let input = level(CRITIC, 0u);
  let begin = block * input.size * LANES + lane;
  let rule = turn.rules[which];
  let weight = turn.weights[which];
  let live = (block % turn.half) * LANES + lane < turn.rows;
  var square = 0.0;
  for (var i = 0u; i < input.size; i++) {
    let g = levels[input.tangent_adjoints + begin + i * LANES];
    square += g * g;
  }
  var value = 0.0;
  var factor = 0.0;
  if (live && rule == 1u) {
    value = square * (0.5 * weight);
    factor = weight;
  } else if (live && rule >= 2u) {
    let norm = sqrt(square + UNDER_ROOT);
    var excess = norm - 1.0;
    if (rule == 3u) {
      excess = max(excess, 0.0);
    }
    value = excess * excess * weight;
    factor = 2.0 * weight * excess / norm;
  }
  for (var i = row; i < input.size; i += ROWS) {
    let place = begin + i * LANES;
    levels[input.tangents + place] = levels[input.tangent_adjoints + place] * factor;
  }
  if (row == 0u) {
    levels[turn.penalties + block * LANES + lane] = value;
  }
}

// D on a block of one of its sets; where the set has a penalty, also D's tangents along its direction.
@compute @workgroup_size(256)
fn judge(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let lane = thread % LANES;
  let row = thread / LANES;
  let block = group.x + select(0u, turn.half, turn.player == GENERATOR && turn.compares == 0u);
  let which = block / turn.half;
  let block_of_set = block % turn.half;
  let input = level(CRITIC, 0u);
  let fakes = level(GENERATOR, plan.nets[GENERATOR].layers);
  for (var i = row; i < input.size; i += ROWS) {
    let fake = levels[fakes.values + (block_of_set * input.size + i) * LANES + lane];
    let x = sample_of(which, block_of_set * LANES + lane, fake, i, input.size);
    levels[input.values + (block * input.size + i) * LANES + lane] = x;
  }
  storageBarrier();
  let penalised = turn.player == CRITIC && block >= turn.first_penalised && block < turn.end_penalised;
  let bent = penalised && is_smooth(CRITIC);
  forward(CRITIC, block, lane, row, bent);
  if (penalised) {
    let output = level(CRITIC, plan.nets[CRITIC].layers);
    if (row == 0u) {
      levels[output.tangent_adjoints + block * LANES + lane] = 1.0;
    }
    storageBarrier();
    backward(CRITIC, block, lane, row, true, bent, 0u);
    penalise(block, which, lane, row);
    storageBarrier();
    forward_tangent(CRITIC, block, lane, row);
  }
}

// Losses: a value and its slope. One workgroup; each thread has every 256th sample.

var<workgroup> terms: array<f32, 256>;

fn sum(thread: u32, mine: f32) -> f32 {
  terms[thread] = mine;
  workgroupBarrier();
  for (var width = THREADS / 2u; width > 0u; width /= 2u) {
    if (thread < width) {
      terms[thread] += terms[thread + width];
    }
    workgroupBarrier();
  }
  let total = terms[0];
  workgroupBarrier();
  return total;
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

@compute @workgroup_size(256)
fn lose(@builtin(local_invocation_index) thread: u32) {
  let last = level(CRITIC, plan.nets[CRITIC].layers);
  let fakes = turn.half * LANES;
  let share = 1.0 / f32(turn.rows);
  let reads_reals = turn.player == CRITIC || turn.compares != 0u;
  var mine = vec2(0.0);
  for (var r = thread; r < turn.rows; r += THREADS) {
    mine += vec2(select(0.0, levels[last.values + r], reads_reals), levels[last.values + fakes + r]);
  }
  let mean_real = sum(thread, mine.x) * share;
  let mean_fake = sum(thread, mine.y) * share;
  var loss = 0.0;
  var through = vec2(0.0);
  for (var r = thread; r < fakes; r += THREADS) {
    var slopes = vec2(0.0);
    if (r < turn.rows) {
      let t = pair(select(0.0, levels[last.values + r], reads_reals), levels[last.values + fakes + r], mean_real, mean_fake);
      loss += t.x + t.z;
      slopes = t.yw * share;
    }
    through += slopes;
    if (reads_reals) {
      levels[last.adjoints + r] = slopes.x;
    }
    levels[last.adjoints + fakes + r] = slopes.y;
    if (turn.blocks > 2u * turn.half) {
      levels[last.adjoints + 2u * fakes + r] = 0.0;
    }
  }
  let total = sum(thread, loss) * share;
  if (turn.objective == 6u) {
    // Each sample also moves the mean that the other side is judged against.
    let by_real = sum(thread, through.x) * share;
    let by_fake = sum(thread, through.y) * share;
    for (var r = thread; r < turn.rows; r += THREADS) {
      levels[last.adjoints + r] -= by_fake;
      levels[last.adjoints + fakes + r] -= by_real;
    }
  }
  if (turn.player == GENERATOR) {
    if (thread == 0u) {
      stats[turn.stats + 1u] = total;
    }
    return;
  }
  var right = 0.0;
  for (var r = thread; r < turn.rows; r += THREADS) {
    right += rightness(levels[last.values + r], levels[last.values + fakes + r]);
  }
  let accuracy = sum(thread, right) * share;
  if (thread == 0u) {
    stats[turn.stats] = total;
    stats[turn.stats + 5u] = mean_real;
    stats[turn.stats + 6u] = mean_fake;
    stats[turn.stats + 7u] = accuracy;
  }
  for (var which = 0u; which < 3u; which++) {
    var penalty = 0.0;
    if (which * turn.half >= turn.first_penalised && which * turn.half < turn.end_penalised) {
      for (var r = thread; r < fakes; r += THREADS) {
        penalty += levels[turn.penalties + which * fakes + r];
      }
    }
    let of_set = sum(thread, penalty);
    if (thread == 0u) {
      stats[turn.stats + 2u + which] = of_set;
    }
  }
}

// Adjoints: D's in D's turn; in G's turn through D to the samples, and on through G.
@compute @workgroup_size(256)
fn learn(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let lane = thread % LANES;
  let row = thread / LANES;
  if (turn.player == CRITIC) {
    let penalised = group.x >= turn.first_penalised && group.x < turn.end_penalised;
    backward(CRITIC, group.x, lane, row, false, penalised && is_smooth(CRITIC), 1u);
    return;
  }
  let block = turn.half + group.x;
  backward(CRITIC, block, lane, row, false, false, 0u);
  let input = level(CRITIC, 0u);
  let output = level(GENERATOR, plan.nets[GENERATOR].layers);
  for (var i = row; i < input.size; i += ROWS) {
    levels[output.adjoints + (group.x * input.size + i) * LANES + lane] = levels[input.adjoints + (block * input.size + i) * LANES + lane];
  }
  storageBarrier();
  backward(GENERATOR, group.x, lane, row, false, false, 1u);
}

// The gradient of a tile of 16x16 weights of one layer; the column after the last input is the bias.

var<workgroup> deltas: array<f32, 512>;
var<workgroup> columns: array<f32, 512>;

@compute @workgroup_size(256)
fn differentiate(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let net = turn.player;
  var index = 0u;
  var tile = group.x;
  for (; index + 1u < plan.nets[net].layers; index++) {
    let tiles = tiles_of(net, index);
    if (tile < tiles.x * tiles.y) {
      break;
    }
    tile -= tiles.x * tiles.y;
  }
  let below = level(net, index);
  let above = level(net, index + 1u);
  let across = tiles_of(net, index).y;
  let corner = vec2(tile / across, tile % across) * TILE;
  let own = vec2(thread / TILE, thread % TILE);
  var total = 0.0;
  for (var block = 0u; block < turn.blocks; block++) {
    total += products(above.adjoints, below.values, above.size, below.size, block, corner, own, thread, 1.0);
    if (net == CRITIC && block >= turn.first_penalised && block < turn.end_penalised) {
      total += products(above.tangent_adjoints, below.tangents, above.size, below.size, block, corner, own, thread, 0.0);
    }
  }
  let j = corner.x + own.x;
  let i = corner.y + own.y;
  let start = plan.nets[net].gradient + below.weight - plan.nets[net].vector;
  let inside = j < above.size && i <= below.size;
  if (inside && i < below.size) {
    numbers[start + j * below.size + i] = total;
  } else if (inside) {
    numbers[start + below.size * above.size + j] = total;
  }
  let square = sum(thread, select(0.0, total * total, inside));
  if (thread == 0u) {
    levels[turn.squares + group.x] = square;
  }
}

fn tiles_of(net: u32, index: u32) -> vec2<u32> {
  return vec2((level(net, index + 1u).size + TILE - 1u) / TILE, (level(net, index).size + TILE) / TILE);
}

// Σ δx over a block's samples; `one` is what the bias is multiplied by.
fn products(delta: u32, x: u32, outputs: u32, inputs_: u32, block: u32, corner: vec2<u32>, own: vec2<u32>, thread: u32, one: f32) -> f32 {
  for (var k = thread; k < TILE * LANES; k += THREADS) {
    let feature = k / LANES;
    let lane = k % LANES;
    let j = corner.x + feature;
    let i = corner.y + feature;
    var d = 0.0;
    if (j < outputs) {
      d = levels[delta + (block * outputs + j) * LANES + lane];
    }
    var number = select(0.0, one, i == inputs_);
    if (i < inputs_) {
      number = levels[x + (block * inputs_ + i) * LANES + lane];
    }
    deltas[k] = d;
    columns[k] = number;
  }
  workgroupBarrier();
  var total = 0.0;
  for (var lane = 0u; lane < LANES; lane++) {
    total += deltas[own.x * LANES + lane] * columns[own.y * LANES + lane];
  }
  workgroupBarrier();
  return total;
}

// Adam, then clipping, or the moving average. The first group also reports the gradient's norm.
@compute @workgroup_size(256)
fn move_player(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let net = plan.nets[turn.player];
  if (group.x == 0u) {
    var square = 0.0;
    for (var tile = thread; tile < net.tiles; tile += THREADS) {
      square += levels[turn.squares + tile];
    }
    let total = sum(thread, square);
    if (thread == 0u) {
      stats[turn.stats + select(9u, 8u, turn.player == CRITIC)] = sqrt(total);
    }
  }
  if (id.x >= net.parameters) {
    return;
  }
  let slope = numbers[net.gradient + id.x];
  let first = numbers[net.first + id.x] * turn.keep1 + slope * turn.take1;
  let second = numbers[net.second + id.x] * turn.keep2 + slope * slope * turn.take2;
  numbers[net.first + id.x] = first;
  numbers[net.second + id.x] = second;
  var value = numbers[net.vector + id.x] - first / (sqrt(second) + turn.epsilon) * turn.rate;
  if (turn.player == CRITIC) {
    if (turn.clip > 0.0) {
      value = clamp(value, -turn.clip, turn.clip);
    }
  } else {
    let average = numbers[turn.ema + id.x];
    numbers[turn.ema + id.x] = average * turn.ema_keep + value * (1.0 - turn.ema_keep);
  }
  numbers[net.vector + id.x] = value;
}
