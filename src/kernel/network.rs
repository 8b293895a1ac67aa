//! What a game asks of a network in the fused loops, whatever its architecture.

use std::fmt::Debug;
use std::ops::Range;

use super::loops::Lane;
use super::real::Real;

/// Whether a forward pass prepares for a tangent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Values and slopes.
    First,
    /// Also the second derivatives of smooth activations.
    Second,
}

/// The two things that adjoints belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Of the value: an ordinary backward pass.
    Value,
    /// Of the tangent; before that of the value, where both are wanted.
    Tangent,
}

/// How far a backward pass goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// To the first layer, for the gradient in the parameters.
    Parameters,
    /// To the input.
    Input,
}

/// What a pass computes.
#[derive(Debug)]
pub enum Pass<'a, T> {
    /// From the input to the output.
    Forward(Order),
    /// From the input's tangent to the output's, after a forward pass of second order; once after each.
    ForwardTangent,
    /// From the adjoint of the output, or of the output's tangent, which the caller has written, down.
    Backward(Of, Until),
    /// Adds Σ δxᵀ and Σ δ to the flat gradient, after a backward pass of the value.
    Gradient(&'a mut [T]),
    /// Adds Σ δxᵀ + δ̇ẋᵀ and Σ δ, where no backward pass of the value has been made: after the backward pass of the tangent and the tangent's forward pass. Reads the
    /// output's adjoint; overwrites the tangents.
    GradientWithTangent(&'a mut [T]),
}

/// Where the game writes and reads: the first and the last level, `[blocks, features]`.
#[derive(Debug)]
pub struct Ends<'a, T> {
    /// x.
    pub input: &'a mut [Lane<T>],
    /// D(x) or G(z).
    pub output: &'a mut [Lane<T>],
    /// v; empty without room for tangents, as the next two.
    pub input_tangent: &'a mut [Lane<T>],
    /// The loss's derivative in the output.
    pub output_adjoint: &'a mut [Lane<T>],
    /// The loss's derivative in the input.
    pub input_adjoint: &'a mut [Lane<T>],
    /// The derivative of Σ tangents in the output's tangent.
    pub output_tangent_adjoint: &'a mut [Lane<T>],
    /// The same in the input's tangent: ∇ₓD where that of the output is 1.
    pub input_tangent_adjoint: &'a mut [Lane<T>],
}

/// A network with its weights in the order of the loops, and the room of its passes.
pub trait Network<T: Real>: Debug + Send {
    /// Length of the flat vector.
    fn parameters(&self) -> usize;

    /// Features of an input.
    fn inputs(&self) -> usize;

    /// Features of an output.
    fn outputs(&self) -> usize;

    /// Room for `blocks` blocks, and for their tangents; only the first call of a kind allocates.
    fn make_room(&mut self, blocks: usize, tangents: bool);

    /// Takes the weights of the passes that follow.
    fn pack(&mut self, vector: &[T]);

    /// Takes `blocks` through the network.
    fn pass(&mut self, blocks: Range<usize>, pass: Pass<T>);

    /// The first and the last level.
    fn ends(&mut self) -> Ends<'_, T>;
}
