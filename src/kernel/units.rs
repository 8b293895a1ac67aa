//! What the hidden units of an MLP answer, for those who look at a game.

use super::forward::forward;
use super::mlp::Mlp;
use super::plan::Plan;

/// Every hidden unit's activation for `inputs` `[rows, inputs]`: layer after layer, unit after unit, one number a row.
///
/// # Panics
/// As [`forward`].
pub fn units(mlp: &Mlp, vector: &[f32], inputs: &[f32]) -> Vec<f32> {
    let rows = inputs.len() / mlp.inputs();
    let (mut all, mut answers) = (Vec::new(), inputs.to_vec());
    for layer in 0..mlp.layers() - 1 {
        let (before, width) = (mlp.sizes()[layer], mlp.sizes()[layer + 1]);
        // This layer, and one that changes nothing: the last of a network has no activation.
        let part = Mlp::new(&[before, width, width], mlp.activation()).expect("a part of a network has its sizes");
        let own = &vector[mlp.weight(layer).start..mlp.bias(layer).end];
        let identity = (0..width * width).map(|i| f32::from(u8::from(i % (width + 1) == 0)));
        let weights: Vec<f32> = own.iter().copied().chain(identity).chain(vec![0.0; width]).collect();
        answers = forward(&Plan::Mlp(part), &weights, &answers);
        all.extend((0..width).flat_map(|unit| (0..rows).map(move |row| (row, unit))).map(|(row, unit)| answers[row * width + unit]));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::activation::Activation;

    #[test]
    fn units_are_the_activations_of_each_layer() {
        let mlp = Mlp::new(&[1, 2, 2, 1], Activation::Relu).expect("sizes");
        // h₁ = relu(x), relu(−x + 1); h₂ = relu(h₁₀ + h₁₁), relu(2 h₁₁ − 1); y = 5 h₂₀.
        let vector = [1.0, -1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 2.0, 0.0, -1.0, 5.0, 0.0, 0.0];
        let found = units(&mlp, &vector, &[-1.0, 0.0, 3.0]);
        assert_eq!(found, [0.0, 0.0, 3.0, 2.0, 1.0, 0.0, 2.0, 1.0, 3.0, 3.0, 1.0, 0.0]);
        assert_eq!(forward(&Plan::Mlp(mlp), &vector, &[3.0]), [15.0]);
    }
}
