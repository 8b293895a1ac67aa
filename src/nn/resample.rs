//! Resampling by two with the separable filter [1, 3, 3, 1], edges replicated.
//!
//! Upsampling is U along both axes, with rows U₂ᵢ = ¼xᵢ₋₁ + ¾xᵢ and U₂ᵢ₊₁ = ¾xᵢ + ¼xᵢ₊₁ (PyTorch: bilinear, `align_corners=False`). Downsampling is its
//! adjoint ½Uᵀ along both axes. Both are products with one constant matrix, so every backend differentiates them with plain matmuls; a depthwise
//! convolution would take burn's slowest GPU kernel in its weight gradient.

use burn::tensor::{DType, Device, Tensor, TensorData};

use super::dual::Dual;

/// `[b, c, h, w]` → `[b, c, 2h, 2w]`.
pub fn upsample2(x: Dual<4>) -> Dual<4> {
    x.linear(|x| {
        let [_, _, height, width] = x.dims();
        let (device, dtype) = (x.device().inner(), x.dtype());
        along_both(x, up_matrix(height, &device, dtype), up_matrix(width, &device, dtype))
    })
}

/// `[b, c, 2h, 2w]` → `[b, c, h, w]`.
pub fn downsample2(x: Dual<4>) -> Dual<4> {
    x.linear(|x| {
        let [_, _, height, width] = x.dims();
        let (device, dtype) = (x.device().inner(), x.dtype());
        let down = |size: usize| up_matrix(size / 2, &device, dtype).transpose() * 0.5;
        along_both(x, down(height), down(width))
    })
}

/// Applies `rows` `[h', h]` to the height and `columns` `[w', w]` to the width.
fn along_both(x: Tensor<4>, rows: Tensor<2>, columns: Tensor<2>) -> Tensor<4> {
    let [b, c, h, w] = x.dims();
    let ([new_h, _], [new_w, _]) = (rows.dims(), columns.dims());
    let x = x.reshape([b * c * h, w]).matmul(columns.transpose()).reshape([b, c, h, new_w]).swap_dims(2, 3); // [b, c, w', h]
    let x = x.reshape([b * c * new_w, h]).matmul(rows.transpose());
    x.reshape([b, c, new_w, new_h]).swap_dims(2, 3) // [b, c, h', w']
}

/// U of shape `[2n, n]`.
fn up_matrix(n: usize, device: &Device, dtype: DType) -> Tensor<2> {
    let mut u = vec![0f64; 2 * n * n];
    for i in 0..n {
        let (before, after) = (i.saturating_sub(1), (i + 1).min(n - 1));
        u[2 * i * n + before] += 0.25;
        u[2 * i * n + i] += 0.75;
        u[(2 * i + 1) * n + i] += 0.75;
        u[(2 * i + 1) * n + after] += 0.25;
    }
    Tensor::from_data(TensorData::new(u, [2 * n, n]), (device, dtype))
}
