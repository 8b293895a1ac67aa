//! Spectral norm (SNGAN: Miyato 2018): a weight divided by an estimate of its largest singular value.
//!
//! σ̂ = uᵀWv with u and v kept from step to step. One power iteration a training step, v = Wᵀu/‖Wᵀu‖ then u = Wv/‖Wv‖, is enough, because W changes slowly.
//! u and v are constants of the gradient, as in PyTorch.

use burn::tensor::Tensor;

/// Added to norms that divide (PyTorch's value).
const EPSILON: f64 = 1e-12;

/// W / σ̂ for W `[out, in]`, u `[out]`, v `[in]`.
pub fn normalised(weight: Tensor<2>, u: Tensor<1>, v: Tensor<1>) -> Tensor<2> {
    let sigma = weight.clone().matmul(v.unsqueeze_dim(1)) * u.unsqueeze_dim::<2>(1); // [out, 1]
    weight / sigma.sum().unsqueeze_dim::<2>(0)
}

/// The next u and v of a weight `[out, in]`.
pub fn power_iteration(weight: Tensor<2>, u: Tensor<1>) -> [Tensor<1>; 2] {
    let v = unit(weight.clone().transpose().matmul(u.unsqueeze_dim(1)));
    let u = unit(weight.matmul(v.clone()));
    [u.flatten(0, 1), v.flatten(0, 1)]
}

fn unit(column: Tensor<2>) -> Tensor<2> {
    let norm = column.clone().square().sum().sqrt().clamp_min(EPSILON);
    column / norm.unsqueeze_dim::<2>(0)
}
