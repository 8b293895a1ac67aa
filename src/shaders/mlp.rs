//! Games of MLPs, as `mlp.wgsl` reads them: a whole network a dispatch, six of them a turn.

use super::passes::{Dispatch, LANES, Layout, Passes, THREADS};
use super::turn::{Side, Turn};
use crate::kernel::Mlp;
use crate::nn::activation::Activation;

/// Levels that a network may have.
const MOST_LEVELS: usize = 18;
/// Weights of a tile's side in the gradient.
const TILE: usize = 16;
/// In the order of a turn.
const ENTRIES: [&str; 6] = ["generate", "judge", "lose", "learn", "differentiate", "move_player"];

/// The passes of two MLPs.
#[derive(Debug)]
pub struct MlpPasses {
    /// The shaders' `Plan`.
    plan: Vec<u32>,
    parameters: [usize; 2],
    tiles: [usize; 2],
}

/// For batches of `blocks` blocks; none where a network is deeper than the shaders allow.
pub fn prepare([generator, critic]: [&Mlp; 2], blocks: usize) -> Option<(Layout, MlpPasses)> {
    let mlps = [generator, critic];
    if mlps.iter().any(|mlp| mlp.sizes().len() > MOST_LEVELS) {
        return None;
    }
    let (parameters, tiles) = (mlps.map(Mlp::parameters), mlps.map(tiles));
    let mut layout = Layout::new(parameters, tiles, [generator.inputs(), critic.inputs()]);
    let mut plan: Vec<u32> = mlps.iter().flat_map(|mlp| [mlp.layers(), code(mlp.activation()), 0, 0]).map(|word| word as u32).collect();
    let mut last = [0; 7];
    for ((mlp, blocks), player) in mlps.iter().zip([blocks, 3 * blocks]).zip(layout.players) {
        let mut words = vec![0; 8 * MOST_LEVELS];
        for (level, (words, size)) in words.chunks_exact_mut(8).zip(mlp.sizes()).enumerate() {
            last = std::array::from_fn(|kind| if kind == 0 { *size } else { layout.take(size * blocks * LANES) });
            for (word, number) in words.iter_mut().zip(last) {
                *word = number as u32;
            }
            words[7] = if level < mlp.layers() { (player.vector + mlp.weight(level).start) as u32 } else { 0 };
        }
        plan.extend(words);
    }
    [_, layout.logits, _, _, _, layout.logit_adjoints, _] = last; // of D's last level
    layout.take_common(blocks);
    Some((layout, MlpPasses { plan, parameters, tiles }))
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

impl Passes for MlpPasses {
    fn source(&self) -> &'static str {
        include_str!("mlp.wgsl")
    }

    fn entries(&self) -> &'static [&'static str] {
        &ENTRIES
    }

    fn table(&self) -> &[u32] {
        &self.plan
    }

    fn seen(&self) -> usize {
        4 * self.plan.len()
    }

    fn dispatches(&self, turn: &Turn) -> Vec<Dispatch> {
        let player = turn.side as usize;
        let learned = if turn.side == Side::Critic { turn.blocks } else { turn.half };
        let groups = [turn.half, turn.judged.len(), 1, learned, self.tiles[player], self.parameters[player].div_ceil(THREADS)];
        groups.into_iter().enumerate().map(|(entry, groups)| Dispatch { entry, groups: [groups, 1], job: 0 }).collect()
    }

    fn most_groups(&self) -> usize {
        self.parameters[0].max(self.parameters[1]).div_ceil(THREADS)
    }
}
