// Games of convolutional networks that are linear in pieces: the passes of `kernel/conv`, one dispatch a layer, as jobs.
//
// A level is a matrix `[channels, samples * pixels]`: a 1x1 convolution is a product with it, a 3x3 one nine of them, each from the columns of a neighbouring pixel.

const TILE = 16u;
const COLUMNS = 64u;
const CHUNKS = 16u;
const TAPS = 9u;
const CENTRE = 4u;
const NONE = 0xffffffffu;

// One pass through one layer.
struct Job {
  source: u32, goal: u32, other: u32, after: u32,
  weight: u32, transposed: u32, taps: u32, span: u32,
  from_channels: u32, to_channels: u32, from_side: u32, to_side: u32,
  samples: u32, other_samples: u32, bias: u32, factor: f32,
  delta: u32, mixed_delta: u32, mixed_source: u32, partials: u32,
}

@group(0) @binding(1) var<uniform> job: Job;

// The first sample of a job, and how many there are.
fn span() -> vec2<u32> {
  let per_set = turn.half * LANES;
  switch job.span {
    case 0u: { return vec2(0u, per_set); } // G's
    case 1u: { return vec2(turn.judged_from, turn.judged) * LANES; }
    case 2u: { return vec2(turn.first_penalised, turn.end_penalised - turn.first_penalised) * LANES; }
    case 3u: { return vec2(turn.first_other, turn.end_other - turn.first_other) * LANES; }
    case 4u: { return vec2(per_set, per_set); } // D's fakes
    default: { return vec2(0u, turn.blocks * LANES); }
  }
}

fn place_of(level: u32, samples: u32, pixels: u32, channel: u32, sample: u32, pixel: u32) -> u32 {
  return level + (channel * samples + sample) * pixels + pixel;
}

fn slope(a: f32) -> f32 {
  return select(LEAKY_SLOPE, 1.0, a > 0.0);
}

// What becomes of a result: an activation with a bias, the slope of one, or a sum with an earlier level.
fn finish(a: f32, channel: u32, place: u32) {
  let beside = job.other + place - job.goal;
  var result = a;
  switch job.after {
    case 1u: {
      let b = a + numbers[job.other + channel];
      result = b * slope(b);
    }
    case 2u: { result = a * slope(levels[beside]); }
    case 3u: { result = a + levels[beside]; }
    default: {}
  }
  levels[place] = result;
}

// The place in a plane of a tap's pixel, or NONE beyond its edges.
fn neighbour(pixel: u32, side: u32, tap: u32) -> u32 {
  let y = i32(pixel / side) + i32(tap / 3u) - 1;
  let x = i32(pixel % side) + i32(tap % 3u) - 1;
  let inside = y >= 0 && x >= 0 && y < i32(side) && x < i32(side);
  return select(NONE, u32(y * i32(side) + x), inside);
}

// Samples of a column among those of a job.
struct Column {
  sample: u32,
  pixel: u32,
}

fn column_of(first: u32, column: u32, pixels: u32) -> Column {
  return Column(first + column / pixels, column % pixels);
}

// G's latents, as its lowest level.
@compute @workgroup_size(256)
fn begin(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= turn.half * LANES) {
    return;
  }
  var z = 0.0;
  if (id.x < turn.rows) {
    z = inputs[turn.latents + id.x * job.to_channels + id.y];
  }
  levels[place_of(job.goal, job.samples, 1u, id.y, id.x, 0u)] = z;
}

// D's samples, as its lowest level.
@compute @workgroup_size(256)
fn present(@builtin(global_invocation_id) id: vec3<u32>) {
  let those = span();
  let pixels = job.to_side * job.to_side;
  if (id.x >= those.y * pixels) {
    return;
  }
  let column = column_of(those.x, id.x, pixels);
  let per_set = turn.half * LANES;
  let of_set = column.sample % per_set;
  let fake = levels[place_of(job.source, job.other_samples, pixels, id.y, of_set, column.pixel)];
  let x = sample_of(column.sample / per_set, of_set, fake, id.y * pixels + column.pixel, job.to_channels * pixels);
  levels[place_of(job.goal, job.samples, pixels, id.y, column.sample, column.pixel)] = x;
}

var<workgroup> weights: array<f32, 256>;

// The weight from source channel `i` to goal channel `o` at a tap; of a grouped convolution both count within the group of 16 that begins at `base`.
fn weight_at(base: u32, o: u32, i: u32, tap: u32) -> f32 {
  if (job.taps == 1u) {
    let at = select(o * job.from_channels + i, i * job.to_channels + o, job.transposed == 1u);
    return numbers[job.weight + at];
  }
  let at = select(((base + o) * TILE + i) * TAPS + tap, ((base + i) * TILE + o) * TAPS + TAPS - 1u - tap, job.transposed == 1u);
  return numbers[job.weight + at];
}

// A convolution or its adjoint: a workgroup has 16 goal channels of 64 columns, a thread 4 channels of one.
@compute @workgroup_size(64, 4)
fn product(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let those = span();
  let pixels = job.to_side * job.to_side;
  let index = group.x * COLUMNS + local.x;
  let live = index < those.y * pixels;
  let column = column_of(those.x, index, pixels);
  let first = group.y * TILE;
  let grouped = job.taps != 1u;
  let pieces = select((job.from_channels + TILE - 1u) / TILE, TAPS, grouped);
  var sums = vec4(0.0);
  for (var piece = 0u; piece < pieces; piece++) {
    let base = select(piece * TILE, first, grouped);
    let tap = select(CENTRE, piece, grouped);
    let mine = vec2(thread / TILE, thread % TILE);
    var weight = 0.0;
    if (grouped) {
      weight = weight_at(first, mine.x, mine.y, tap);
    } else if (first + mine.x < job.to_channels && base + mine.y < job.from_channels) {
      weight = weight_at(0u, first + mine.x, base + mine.y, tap);
    }
    weights[thread] = weight;
    workgroupBarrier();
    let pixel = neighbour(column.pixel, job.to_side, tap);
    if (live && pixel != NONE) {
      let reach = min(TILE, job.from_channels - base);
      var place = place_of(job.source, job.samples, pixels, base, column.sample, pixel);
      for (var i = 0u; i < reach; i++) {
        let x = levels[place];
        let row = local.y * 4u * TILE + i;
        place += job.samples * pixels;
        sums += x * vec4(weights[row], weights[row + TILE], weights[row + 2u * TILE], weights[row + 3u * TILE]);
      }
    }
    workgroupBarrier();
  }
  for (var j = 0u; j < 4u; j++) {
    let channel = first + local.y * 4u + j;
    if (live && channel < job.to_channels) {
      finish(sums[j], channel, place_of(job.goal, job.samples, pixels, channel, column.sample, column.pixel));
    }
  }
}

// Tap `k` of U (two of them) or of its adjoint (four), as `kernel/conv/resample.rs`: a place and its weight, 0 where there is none.
fn tap_of(down: bool, i: u32, k: u32, coarse: u32) -> vec2<f32> {
  if (!down) {
    let here = i / 2u;
    let other = select(min(here + 1u, coarse - 1u), max(here, 1u) - 1u, i % 2u == 0u);
    return select(vec2(f32(other), select(0.0, 0.25, k == 1u)), vec2(f32(here), 0.75), k == 0u);
  }
  let last = i + 1u == coarse;
  switch k {
    case 0u: { return select(vec2(f32(2u * i) - 1.0, 0.25), vec2(0.0), i == 0u); }
    case 1u: { return vec2(f32(2u * i), select(0.75, 1.0, i == 0u)); }
    case 2u: { return vec2(f32(2u * i + 1u), select(0.75, 1.0, last)); }
    default: { return select(vec2(f32(2u * i + 2u), 0.25), vec2(0.0), last); }
  }
}

@compute @workgroup_size(256)
fn resample(@builtin(global_invocation_id) id: vec3<u32>) {
  let those = span();
  let pixels = job.to_side * job.to_side;
  if (id.x >= those.y * pixels) {
    return;
  }
  let column = column_of(those.x, id.x, pixels);
  let down = job.to_side < job.from_side;
  let coarse = min(job.to_side, job.from_side);
  let count = select(2u, 4u, down);
  var total = 0.0;
  for (var k = 0u; k < count; k++) {
    let y = tap_of(down, column.pixel / job.to_side, k, coarse);
    for (var l = 0u; l < count; l++) {
      let x = tap_of(down, column.pixel % job.to_side, l, coarse);
      let pixel = u32(y.x) * job.from_side + u32(x.x);
      total += y.y * x.y * levels[place_of(job.source, job.samples, job.from_side * job.from_side, id.y, column.sample, pixel)];
    }
  }
  finish(total * job.factor, id.y, place_of(job.goal, job.samples, pixels, id.y, column.sample, column.pixel));
}

// From one pixel to many, each channel times its plane of the basis.
@compute @workgroup_size(256)
fn spread(@builtin(global_invocation_id) id: vec3<u32>) {
  let those = span();
  let pixels = job.to_side * job.to_side;
  if (id.x >= those.y * pixels) {
    return;
  }
  let column = column_of(those.x, id.x, pixels);
  let x = levels[place_of(job.source, job.samples, 1u, id.y, column.sample, 0u)];
  let basis = numbers[job.weight + id.y * pixels + column.pixel];
  finish(x * basis, id.y, place_of(job.goal, job.samples, pixels, id.y, column.sample, column.pixel));
}

// From many pixels to one, each channel summed with its plane of the basis.
@compute @workgroup_size(256)
fn gather(@builtin(global_invocation_id) id: vec3<u32>) {
  let those = span();
  if (id.x >= those.y) {
    return;
  }
  let sample = those.x + id.x;
  let pixels = job.from_side * job.from_side;
  let begin = place_of(job.source, job.samples, pixels, id.y, sample, 0u);
  var total = 0.0;
  for (var pixel = 0u; pixel < pixels; pixel++) {
    total += levels[begin + pixel] * numbers[job.weight + id.y * pixels + pixel];
  }
  finish(total, id.y, place_of(job.goal, job.samples, 1u, id.y, sample, 0u));
}

// A sample's penalty, and its slope times what makes it the direction of the tangent.
@compute @workgroup_size(256)
fn penalise(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let sample = span().x + group.x;
  let per_set = turn.half * LANES;
  let pixels = job.to_side * job.to_side;
  let features = job.to_channels * pixels;
  var mine = 0.0;
  for (var k = thread; k < features; k += THREADS) {
    let g = levels[place_of(job.source, job.samples, pixels, k / pixels, sample, k % pixels)];
    mine += g * g;
  }
  let square = sum(thread, mine);
  let live = sample % per_set < turn.rows;
  let penalty = select(vec2(0.0), penalty_of(sample / per_set, square), live);
  for (var k = thread; k < features; k += THREADS) {
    let g = levels[place_of(job.source, job.samples, pixels, k / pixels, sample, k % pixels)];
    levels[place_of(job.goal, job.samples, pixels, k / pixels, sample, k % pixels)] = g * penalty.y;
  }
  if (thread == 0u) {
    levels[turn.penalties + sample] = penalty.x;
  }
}

// The adjoint of D's fakes becomes that of G's output.
@compute @workgroup_size(256)
fn pass_back(@builtin(global_invocation_id) id: vec3<u32>) {
  let pixels = job.to_side * job.to_side;
  let per_set = turn.half * LANES;
  if (id.x >= per_set * pixels) {
    return;
  }
  let column = column_of(0u, id.x, pixels);
  let delta = levels[place_of(job.source, job.other_samples, pixels, id.y, per_set + column.sample, column.pixel)];
  levels[place_of(job.goal, job.samples, pixels, id.y, column.sample, column.pixel)] = delta;
}

// Whether a sample's gradient goes through its tangent: then δ is the tangent's adjoint, and x is ẋ + e·x with e the adjoint of its logit.
fn is_mixed(sample: u32) -> bool {
  return turn.player == CRITIC && sample >= turn.first_penalised * LANES && sample < turn.end_penalised * LANES;
}

fn error_of(sample: u32) -> f32 {
  return levels[turn.logit_adjoints + sample];
}

fn delta_at(sample: u32, channel: u32, pixel: u32) -> f32 {
  let level = select(job.delta, job.mixed_delta, is_mixed(sample));
  return levels[place_of(level, job.samples, job.to_side * job.to_side, channel, sample, pixel)];
}

fn x_at(sample: u32, channel: u32, pixel: u32) -> f32 {
  let pixels = job.from_side * job.from_side;
  let x = levels[place_of(job.source, job.samples, pixels, channel, sample, pixel)];
  if (!is_mixed(sample)) {
    return x;
  }
  return levels[place_of(job.mixed_source, job.samples, pixels, channel, sample, pixel)] + error_of(sample) * x;
}

fn put_partial(chunk: u32, index: u32, value: f32) {
  levels[job.partials + chunk * turn.parameters + index - turn.vector] = value;
}

var<workgroup> deltas: array<f32, 1024>;
var<workgroup> sources: array<f32, 1024>;
var<workgroup> ones: array<f32, 64>;

// Σ δxᵀ of a tile of 16x16 weights over a chunk of the columns; with the first source also Σ δ for the bias.
@compute @workgroup_size(256)
fn differentiate(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let those = span();
  let pixels = job.to_side * job.to_side;
  let grouped = job.taps != 1u;
  let across = select((job.from_channels + TILE - 1u) / TILE, TAPS, grouped);
  let out = group.x / across * TILE;
  let base = select(group.x % across * TILE, out, grouped);
  let tap = select(CENTRE, group.x % across, grouped);
  let count = those.y * pixels;
  let each = ((count + CHUNKS - 1u) / CHUNKS + COLUMNS - 1u) / COLUMNS * COLUMNS;
  let end = min(count, (group.y + 1u) * each);
  let own = vec2(thread / TILE, thread % TILE);
  var total = 0.0;
  var bias = 0.0;
  for (var start = group.y * each; start < end; start += COLUMNS) {
    for (var k = thread; k < TILE * COLUMNS; k += THREADS) {
      let row = k / COLUMNS;
      let column = column_of(those.x, start + k % COLUMNS, pixels);
      let inside = start + k % COLUMNS < end;
      let pixel = neighbour(column.pixel, job.to_side, tap);
      deltas[k] = 0.0;
      sources[k] = 0.0;
      if (inside && out + row < job.to_channels) {
        deltas[k] = delta_at(column.sample, out + row, column.pixel);
      }
      if (inside && pixel != NONE && base + row < job.from_channels) {
        sources[k] = x_at(column.sample, base + row, pixel);
      }
      if (row == 0u) {
        ones[k] = select(1.0, error_of(column.sample), inside && is_mixed(column.sample));
      }
    }
    workgroupBarrier();
    for (var c = 0u; c < COLUMNS; c++) {
      total += deltas[own.x * COLUMNS + c] * sources[own.y * COLUMNS + c];
    }
    if (own.y == 0u) {
      for (var c = 0u; c < COLUMNS; c++) {
        bias += deltas[own.x * COLUMNS + c] * ones[c];
      }
    }
    workgroupBarrier();
  }
  let o = out + own.x;
  if (o >= job.to_channels) {
    return;
  }
  if (grouped) {
    put_partial(group.y, job.weight + (o * TILE + own.y) * TAPS + tap, total);
  } else if (base + own.y < job.from_channels) {
    put_partial(group.y, job.weight + o * job.from_channels + base + own.y, total);
  }
  if (job.bias != NONE && own.y == 0u && group.x % across == 0u) {
    put_partial(group.y, job.bias + o, bias);
  }
}

// The same for a basis: a number for each channel and pixel, summed over a chunk of the samples.
@compute @workgroup_size(256)
fn differentiate_basis(@builtin(global_invocation_id) id: vec3<u32>) {
  let those = span();
  let pixels = max(job.from_side * job.from_side, job.to_side * job.to_side);
  if (id.x >= job.to_channels * pixels) {
    return;
  }
  let channel = id.x / pixels;
  let pixel = id.x % pixels;
  let above = select(pixel, 0u, job.to_side == 1u);
  let below = select(pixel, 0u, job.from_side == 1u);
  let each = (those.y + CHUNKS - 1u) / CHUNKS;
  let end = min(those.y, (id.y + 1u) * each);
  var total = 0.0;
  for (var k = id.y * each; k < end; k++) {
    total += delta_at(those.x + k, channel, above) * x_at(those.x + k, channel, below);
  }
  put_partial(id.y, job.weight + id.x, total);
}

// The gradient from its chunks, and the sums of its squares.
@compute @workgroup_size(256)
fn reduce(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let index = group.x * THREADS + thread;
  var total = 0.0;
  if (index < turn.parameters) {
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
      total += levels[job.partials + chunk * turn.parameters + index];
    }
    numbers[turn.gradient + index] = total;
  }
  let square = sum(thread, total * total);
  if (thread == 0u) {
    levels[turn.squares + group.x] = square;
  }
}
