//! Changes of a batch of images as maps that are affine in the images, on values and tangents.

use burn::tensor::{DType, Device, Int, Tensor, TensorData};

use crate::nn::dual::Dual;

/// Where the pixels of some images come from: each is the weighted sum of some pixels of the same image, in all channels alike.
#[derive(Debug, Clone, Default)]
pub struct Warps {
    from: Vec<i32>,
    weights: Vec<f64>,
}

impl Warps {
    /// Appends the pixels, with their weights, whose sum the next pixel is: as many for every pixel.
    pub fn extend(&mut self, taps: impl IntoIterator<Item = (usize, f64)>) {
        for (from, weight) in taps {
            self.from.push(from as i32);
            self.weights.push(weight);
        }
    }
}

/// What becomes of the channels of some images: at each pixel M·x + N·x̄ + b, with x̄ the mean of the image over its pixels.
#[derive(Debug, Clone, Default)]
pub struct Colours {
    /// M, `[channels, channels]` of each image.
    pub of_pixel: Vec<f64>,
    /// N, likewise; empty where it is 0.
    pub of_mean: Vec<f64>,
    /// b, `[channels]`.
    pub offset: Vec<f64>,
}

#[derive(Debug, Clone)]
enum Map {
    Warp(Box<Taps>),
    Colour(Box<Mix>),
}

/// [`Warps`] on a device: `[images, 1, pixels * taps]`, a pixel's taps together; `[images, 1, pixels, taps]`.
#[derive(Debug, Clone)]
struct Taps {
    from: Tensor<3, Int>,
    weights: Tensor<4>,
}

/// [`Colours`] on a device: `[images, channels, channels]` twice; `[images, channels, 1]`.
#[derive(Debug, Clone)]
struct Mix {
    of_pixel: Tensor<3>,
    of_mean: Option<Tensor<3>>,
    offset: Tensor<3>,
}

/// What is done to each image of a batch, in order.
#[derive(Debug, Clone)]
pub struct Transforms {
    images: usize,
    shape: [usize; 3],
    device: Device,
    dtype: DType,
    maps: Vec<Map>,
}

impl Transforms {
    /// Nothing yet, for so many images of a shape `[channels, height, width]`.
    pub fn new(images: usize, shape: [usize; 3], device: &Device, dtype: DType) -> Self {
        Self { images, shape, device: device.clone(), dtype, maps: Vec::new() }
    }

    /// Then moves pixels.
    pub fn warp(mut self, Warps { from, weights }: Warps) -> Self {
        let (images, pixels) = (self.images, self.shape[1] * self.shape[2]);
        let taps = from.len() / (images * pixels);
        let from = Tensor::from_data(TensorData::new(from, [images, 1, pixels * taps]), &self.device);
        let weights = self.tensor(weights, [images, 1, pixels, taps]);
        self.maps.push(Map::Warp(Box::new(Taps { from, weights })));
        self
    }

    /// Then changes colours.
    pub fn colour(mut self, Colours { of_pixel, of_mean, offset }: Colours) -> Self {
        let (images, [channels, ..]) = (self.images, self.shape);
        let square = [images, channels, channels];
        let of_mean = (!of_mean.is_empty()).then(|| self.tensor(of_mean, square));
        let (of_pixel, offset) = (self.tensor(of_pixel, square), self.tensor(offset, [images, channels, 1]));
        self.maps.push(Map::Colour(Box::new(Mix { of_pixel, of_mean, offset })));
        self
    }

    fn tensor<const D: usize>(&self, numbers: Vec<f64>, shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(numbers, shape), (&self.device, self.dtype))
    }

    /// Those of several batches as one; none where they have none. All of a step have the same maps.
    pub fn join(parts: &[&Option<Self>]) -> Option<Self> {
        let parts: Vec<&Self> = parts.iter().map(|part| part.as_ref()).collect::<Option<_>>()?;
        let (first, _) = parts.split_first()?;
        let maps = (0..first.maps.len()).map(|i| Map::join(parts.iter().map(|part| part.maps[i].clone()).collect())).collect();
        Some(Self { images: parts.iter().map(|part| part.images).sum(), maps, ..(*first).clone() })
    }

    /// `[rows, features]` → the same shape; a row may hold several images, one after another.
    pub fn apply(&self, x: Dual<2>) -> Dual<2> {
        let [rows, features] = x.value.dims();
        let (images, [channels, height, width]) = (self.images, self.shape);
        let x = x.linear(|x| x.reshape([images, channels, height * width]));
        let x = self.maps.iter().fold(x, |x, map| map.apply(x));
        x.linear(|x| x.reshape([rows, features]))
    }
}

impl Map {
    /// `[images, channels, pixels]` → the same shape; the tangent takes all but the offset.
    fn apply(&self, x: Dual<3>) -> Dual<3> {
        match self {
            Self::Warp(taps) => x.linear(|x| warped(x, &taps.from, &taps.weights)),
            Self::Colour(mix) => {
                let Mix { of_pixel, of_mean, offset } = &**mix;
                let mixed = x.linear(|x| match of_mean {
                    Some(of_mean) => times(of_pixel.clone(), x.clone()) + times(of_mean.clone(), x.mean_dim(2)),
                    None => times(of_pixel.clone(), x),
                });
                mixed.offset(offset.clone())
            }
        }
    }

    fn join(parts: Vec<Self>) -> Self {
        let (mut froms, mut weightses, mut of_pixels, mut of_means, mut offsets) = (vec![], vec![], vec![], vec![], vec![]);
        for part in parts {
            match part {
                Self::Warp(taps) => {
                    froms.push(taps.from);
                    weightses.push(taps.weights);
                }
                Self::Colour(mix) => {
                    of_pixels.push(mix.of_pixel);
                    of_means.extend(mix.of_mean);
                    offsets.push(mix.offset);
                }
            }
        }
        if froms.is_empty() {
            let of_mean = (!of_means.is_empty()).then(|| Tensor::cat(of_means, 0));
            return Self::Colour(Box::new(Mix { of_pixel: Tensor::cat(of_pixels, 0), of_mean, offset: Tensor::cat(offsets, 0) }));
        }
        Self::Warp(Box::new(Taps { from: Tensor::cat(froms, 0), weights: Tensor::cat(weightses, 0) }))
    }
}

/// `[images, channels, pixels]` → the same shape: each pixel the weighted sum of its taps.
fn warped(x: Tensor<3>, from: &Tensor<3, Int>, weights: &Tensor<4>) -> Tensor<3> {
    let [images, channels, pixels] = x.dims();
    let [_, _, _, taps] = weights.dims();
    let gathered = x.gather(2, from.clone().repeat_dim(1, channels)).reshape([images, channels, pixels, taps]);
    let weighed = gathered * weights.clone();
    if taps == 1 { weighed.reshape([images, channels, pixels]) } else { weighed.sum_dim(3).reshape([images, channels, pixels]) }
}

/// A matrix of each image, `[images, c, c]`, times its pixels, `[images, c, pixels]`.
fn times(matrix: Tensor<3>, x: Tensor<3>) -> Tensor<3> {
    let [_, channels, _] = x.dims();
    if channels == 1 { x * matrix } else { matrix.matmul(x) }
}
