//! Where everything lies in the buffers of the shaders, as `game.wgsl` reads it.

use crate::kernel::Mlp;
use crate::nn::activation::Activation;

/// Samples of a block.
pub const LANES: usize = 32;
/// Levels that a network may have.
const MOST_LEVELS: usize = 18;
/// Weights of a tile's side in the gradient.
const TILE: usize = 16;

/// One network's places in `numbers`.
#[derive(Debug, Clone, Copy)]
pub struct NetPlace {
    /// The flat vector's length.
    pub parameters: usize,
    /// Where it begins; Adam's two moments and the gradient follow it, each as long.
    pub vector: usize,
    /// Workgroups of the gradient.
    pub tiles: usize,
}

/// Offsets and lengths, in numbers.
#[derive(Debug, Clone)]
pub struct Layout {
    /// G's and D's.
    pub nets: [NetPlace; 2],
    /// G's moving average in `numbers`.
    pub ema: usize,
    /// Length of `numbers`.
    pub numbers: usize,
    /// A number for each sample of D's sets, in `levels`.
    pub penalties: usize,
    /// A number for each tile of a gradient, in `levels`.
    pub squares: usize,
    /// Length of `levels`.
    pub levels: usize,
    /// The shaders' `Plan`.
    pub plan: Vec<u32>,
}

impl Layout {
    /// For batches of `blocks` blocks; none where a network is deeper than the shaders allow.
    pub fn new(generator: &Mlp, critic: &Mlp, blocks: usize) -> Option<Self> {
        let mlps = [generator, critic];
        if mlps.iter().any(|mlp| mlp.sizes().len() > MOST_LEVELS) {
            return None;
        }
        let mut numbers = 0;
        let nets = mlps.map(|mlp| {
            let place = NetPlace { parameters: mlp.parameters(), vector: numbers, tiles: tiles(mlp) };
            numbers += 4 * mlp.parameters();
            place
        });
        let ema = numbers;
        numbers += generator.parameters();

        let mut plan: Vec<u32> = mlps.iter().zip(&nets).flat_map(|(mlp, place)| net(mlp, *place)).map(|word| word as u32).collect();
        let mut levels = 0;
        for ((mlp, place), blocks) in mlps.iter().zip(&nets).zip([blocks, 3 * blocks]) {
            let mut words = vec![0; 8 * MOST_LEVELS];
            for (level, (words, size)) in words.chunks_exact_mut(8).zip(mlp.sizes()).enumerate() {
                words[0] = *size as u32;
                for word in &mut words[1..7] {
                    *word = levels as u32;
                    levels += size * blocks * LANES;
                }
                words[7] = if level < mlp.layers() { (place.vector + mlp.weight(level).start) as u32 } else { 0 };
            }
            plan.extend(words);
        }
        let penalties = levels;
        let squares = penalties + 3 * blocks * LANES;
        levels = squares + nets[0].tiles.max(nets[1].tiles);
        Some(Self { nets, ema, numbers, penalties, squares, levels, plan })
    }
}

fn net(mlp: &Mlp, place: NetPlace) -> [usize; 8] {
    let NetPlace { parameters, vector, tiles } = place;
    let [first, second, gradient] = [1, 2, 3].map(|part| vector + part * parameters);
    [mlp.layers(), code(mlp.activation()), parameters, tiles, vector, first, second, gradient]
}

fn tiles(mlp: &Mlp) -> usize {
    mlp.sizes().windows(2).map(|pair| pair[1].div_ceil(TILE) * (pair[0] + 1).div_ceil(TILE)).sum()
}

/// As the shader's `activate` counts them; the smooth ones come last.
fn code(activation: Activation) -> usize {
    match activation {
        Activation::LeakyRelu => 0,
        Activation::Relu => 1,
        Activation::Elu => 2,
        Activation::Tanh => 3,
        Activation::Swish => 4,
    }
}
