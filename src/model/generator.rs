//! The generator of each family.

use burn::tensor::Tensor;

use super::{Family, NetworkConfig, dcgan, image_shape, mlp, r3gan};
use crate::error::Result;
use crate::kernel::Plan;
use crate::nn::dual::Dual;
use crate::nn::norm::{Norm, REFERENCE};
use crate::nn::params::{Buffer, Init, Layout, Weights};

/// What a generator is built from.
#[derive(Debug, Clone, Copy)]
pub struct GeneratorPlan<'a> {
    /// Architecture.
    pub family: Family,
    /// Size and layers.
    pub size: NetworkConfig,
    /// Dimensions of z.
    pub latent_dim: usize,
    /// Classes joined to z, one-hot; 0 where G is not told.
    pub classes: usize,
    /// Shape of a sample: `[features]` or `[channels, size, size]`.
    pub shape: &'a [usize],
}

/// The generator G: latents `[batch, latent_dim]`, with classes joined where it is told them, → samples `[batch, features]`.
#[derive(Debug, Clone)]
pub struct Generator {
    layout: Layout,
    body: Body,
    /// The fixed latents of virtual batch normalisation and their width.
    reference: Option<(Buffer, usize)>,
    classes: usize,
}

#[derive(Debug, Clone)]
enum Body {
    Mlp(mlp::Mlp),
    Dcgan(dcgan::Generator),
    R3gan(r3gan::Generator),
}

impl Generator {
    /// The generator of a plan.
    pub fn new(GeneratorPlan { family, size, latent_dim, classes, shape }: GeneratorPlan) -> Result<Self> {
        size.check(family, "generator")?;
        let mut layout = Layout::with_spectral_norm(size.spectral_norm);
        let inputs = latent_dim + classes;
        let body = match family {
            Family::Mlp => Body::Mlp(mlp::Mlp::new(&mut layout, size, inputs, shape.iter().product())),
            Family::Dcgan => Body::Dcgan(dcgan::Generator::new(&mut layout, size, inputs, image_shape(shape)?)),
            Family::R3gan => Body::R3gan(r3gan::Generator::new(&mut layout, size, inputs, image_shape(shape)?)),
        };
        let reference =
            (size.norm == Norm::VirtualBatch).then(|| (layout.buffer("reference", [REFERENCE, inputs], Init::Normal(1.0)), inputs));
        Ok(Self { layout, body, reference, classes })
    }

    /// Its parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Classes it is told; 0 for none.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The same for the fused loops, where they know the family; norms, spectral norms and classes are not theirs.
    pub fn plan(&self) -> Option<Plan> {
        match &self.body {
            Body::Mlp(body) => Some(Plan::Mlp(body.plan())),
            Body::R3gan(body) => Some(Plan::Conv(body.plan(&self.layout))),
            Body::Dcgan(_) => None,
        }
    }

    /// G(z), or G(z, y) with classes one-hot.
    pub fn forward(&self, weights: &Weights, z: Tensor<2>, classes: Option<Tensor<2>>) -> Tensor<2> {
        let input = match classes {
            Some(classes) => Tensor::cat(vec![z, classes], 1),
            None => z,
        };
        let Some((buffer, width)) = self.reference else { return self.body(weights, input) };
        let reference: Tensor<2> = weights.buffer(buffer).reshape([REFERENCE, width]);
        let samples = self.body(weights, Tensor::cat(vec![reference, input], 0));
        let [rows, _] = samples.dims();
        samples.slice(REFERENCE..rows)
    }

    fn body(&self, weights: &Weights, z: Tensor<2>) -> Tensor<2> {
        match &self.body {
            Body::Mlp(body) => body.forward(weights, Dual::plain(z)).value,
            Body::Dcgan(body) => body.forward(weights, z),
            Body::R3gan(body) => body.forward(weights, z),
        }
    }
}
