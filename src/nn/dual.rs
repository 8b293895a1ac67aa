//! A value with an optional tangent: how exact gradient penalties come out of first-order autodiff.
//!
//! Pushing (x, v) through a network gives (D(x), ⟨∇ₓD(x), v⟩). A layer is written once over `Dual`; a plain forward is the case without tangent.
//! See `docs/penalties.md` for why this is exact.

use burn::tensor::Tensor;

/// A value and, where one is asked for, its directional derivative of the same shape.
#[derive(Debug, Clone)]
pub struct Dual<const D: usize> {
    /// The ordinary value.
    pub value: Tensor<D>,
    /// Its derivative along the direction that was put in.
    pub tangent: Option<Tensor<D>>,
}

impl<const D: usize> Dual<D> {
    /// A value without tangent.
    pub fn plain(value: Tensor<D>) -> Self {
        Self { value, tangent: None }
    }

    /// A value with the direction in which it moves.
    pub fn with_tangent(value: Tensor<D>, tangent: Tensor<D>) -> Self {
        Self { value, tangent: Some(tangent) }
    }

    /// A linear map: the same on the tangent.
    pub fn linear<const E: usize>(self, map: impl Fn(Tensor<D>) -> Tensor<E>) -> Dual<E> {
        Dual { value: map(self.value), tangent: self.tangent.map(&map) }
    }

    /// An element-wise function: its value, and the tangent times its slope at the value that went in.
    ///
    /// Where the slope varies it must be tracked, for the gradient of a penalty has a term in it.
    pub fn chain(self, value: impl FnOnce(Tensor<D>) -> Tensor<D>, slope: impl FnOnce() -> Tensor<D>) -> Self {
        Self { value: value(self.value), tangent: self.tangent.map(|t| t * slope()) }
    }

    /// Joins along a dimension; a part without tangent does not move.
    pub fn cat(parts: Vec<Self>, dim: usize) -> Self {
        let moves = parts.iter().any(|part| part.tangent.is_some());
        let tangents = |part: &Self| part.tangent.clone().unwrap_or_else(|| part.value.clone().inner().zeros_like());
        let tangent = moves.then(|| Tensor::cat(parts.iter().map(tangents).collect(), dim));
        Self { value: Tensor::cat(parts.into_iter().map(|part| part.value).collect(), dim), tangent }
    }

    /// Adds a constant to the value; the tangent does not move.
    pub fn offset(self, constant: Tensor<D>) -> Self {
        Self { value: self.value + constant, tangent: self.tangent }
    }
}

impl<const D: usize> std::ops::Add for Dual<D> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let tangent = match (self.tangent, other.tangent) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        Self { value: self.value + other.value, tangent }
    }
}
