//! A network that looks at images, and what it saw.

use burn::tensor::{Device, Tensor};

use super::inception::{self, Inception};
use super::lenet::{self, Lenet};
use super::network::{Network, parse};
use super::pixels::Pixels;
use super::rows::Rows;
use crate::device::{read_all, vector};
use crate::error::{Error, Result};
use crate::nn::params::Numbers;

/// Images looked at together, to bound memory: grey ones by LeNet, those of any size by Inception.
const GREY_CHUNK: usize = 500;
const CHUNK: usize = 16;

/// What a network saw in images.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// A row an image; by LeNet of several channels one after another.
    pub features: Rows,
    /// Logits of the classes: a row an image, by LeNet a row a channel.
    pub logits: Rows,
}

/// A network ready to look.
#[derive(Debug, Clone)]
pub struct Looker {
    network: Ready,
    device: Device,
}

#[derive(Debug, Clone)]
enum Ready {
    Lenet(Box<(Lenet, Numbers)>),
    Inception(Box<Inception>),
}

impl Looker {
    /// Looks with the weights that come with the program.
    pub fn named(network: Network, device: &Device) -> Result<Self> {
        let (_, parameters) = parse(network.file(), network.name())?;
        let network = Ready::Lenet(Box::new((Lenet::new(), Numbers::new(parameters, Vec::new(), device))));
        Ok(Self { network, device: device.clone() })
    }

    /// Looks with Inception's weights from the bytes of a file, which errors call so.
    pub fn inception(weights: &[u8], file: &str, device: &Device) -> Result<Self> {
        let inception = Inception::parse(weights, file, device)?;
        Ok(Self { network: Ready::Inception(Box::new(inception)), device: device.clone() })
    }

    /// Refuses images that the network cannot look at; `name` is what errors call them.
    pub fn check(&self, [channels, height, width]: [usize; 3], name: &str) -> Result<()> {
        let problem = match &self.network {
            Ready::Lenet(..) if [height, width] != [lenet::SIDE; 2] => {
                let side = lenet::SIDE;
                format!("these images are {height}x{width}; LeNet's features are of {side}x{side}, `inception` are of any size")
            }
            Ready::Inception(_) if ![1, 3].contains(&channels) => {
                format!("these images have {channels} channels; Inception looks at grey and at RGB images")
            }
            _ => return Ok(()),
        };
        Err(Error::file(name, problem))
    }

    /// Looks at images.
    pub async fn look(&self, images: &Pixels, name: &str) -> Result<Seen> {
        self.look_telling(images, name, |_| ()).await
    }

    /// Looks at images, and tells now and then how many more it has seen.
    pub async fn look_telling(&self, images: &Pixels, name: &str, mut told: impl FnMut(usize)) -> Result<Seen> {
        self.check(images.shape, name)?;
        let [channels, height, width] = images.shape;
        let (chunk, widths) = match &self.network {
            Ready::Lenet(..) => (GREY_CHUNK, [lenet::FEATURES * channels, lenet::CLASSES]),
            Ready::Inception(_) => (CHUNK, [inception::FEATURES, inception::CLASSES]),
        };
        let (mut features, mut logits) = (Vec::new(), Vec::new());
        for pixels in images.chunks(chunk) {
            let count = pixels.len() / (channels * height * width);
            let images = vector(pixels, &self.device).reshape([count, channels, height, width]);
            let (hidden, last) = self.forward(images);
            let [hidden, last]: [Vec<f32>; 2] = read_all(vec![hidden.flatten(0, 1), last.flatten(0, 1)])
                .await?
                .try_into()
                .expect("as many vectors come back as were asked for");
            features.extend(hidden.into_iter().map(f64::from));
            logits.extend(last.into_iter().map(f64::from));
            told(count);
        }
        let [features, logits] = [(features, widths[0]), (logits, widths[1])].map(|(numbers, width)| Rows::new(numbers, width));
        Ok(Seen { features, logits })
    }

    /// `[batch, channels, h, w]` → features and logits, by LeNet of each channel as a grey image of its own.
    fn forward(&self, images: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        match &self.network {
            Ready::Lenet(ready) => {
                let (lenet, numbers) = &**ready;
                let [count, channels, height, width] = images.dims();
                lenet.forward(&lenet.layout().evaluating(numbers), images.reshape([count * channels, 1, height, width]))
            }
            Ready::Inception(inception) => inception.forward(images),
        }
    }
}
