// MLP games: the passes of `kernel/mlp`. One workgroup takes a block of 32 samples through a whole network: samples are lanes, rows of threads share out a layer's outputs.

const ROWS = 8u;
const MOST_LEVELS = 18u;
const TILE = 16u;

struct Net {
  layers: u32, activation: u32, unused1: u32, unused2: u32,
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

@group(0) @binding(1) var<uniform> plan: Plan;

fn level(net: u32, index: u32) -> Level {
  return plan.levels[net * MOST_LEVELS + index];
}

// Activations: y, f'(a), f''(a).

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

// The penalty of a block's input gradients, and the direction whose tangent carries its gradient.
fn penalise(block: u32, which: u32, lane: u32, row: u32) {
  let input = level(CRITIC, 0u);
  let begin = block * input.size * LANES + lane;
  let live = (block % turn.half) * LANES + lane < turn.rows;
  var square = 0.0;
  for (var i = 0u; i < input.size; i++) {
    let g = levels[input.tangent_adjoints + begin + i * LANES];
    square += g * g;
  }
  let penalty = select(vec2(0.0), penalty_of(which, square), live);
  for (var i = row; i < input.size; i += ROWS) {
    let place = begin + i * LANES;
    levels[input.tangents + place] = levels[input.tangent_adjoints + place] * penalty.y;
  }
  if (row == 0u) {
    levels[turn.penalties + block * LANES + lane] = penalty.x;
  }
}

// D on a block of one of its sets; where the set has a penalty, also D's tangents along its direction.
@compute @workgroup_size(256)
fn judge(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let lane = thread % LANES;
  let row = thread / LANES;
  let block = turn.judged_from + group.x;
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
  let start = turn.gradient + below.weight - turn.vector;
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
