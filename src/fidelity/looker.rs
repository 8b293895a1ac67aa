//! A network that looks at images, and what it saw.

use burn::tensor::{Device, Tensor};

use super::architecture::{Architecture, CLASSES};
use super::inception::{self, Inception};
use super::network::{Network, parse};
use super::pixels::Pixels;
use super::rows::Rows;
use crate::device::{read_all, vector};
use crate::error::{Error, Result};
use crate::nn::params::Numbers;

/// Images looked at together, to bound memory: small ones by the classifiers, those of any size by Inception.
const SMALL_CHUNK: usize = 500;
const CHUNK: usize = 16;

/// What a network saw in images.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// A row an image; by a LeNet of several channels one after another.
    pub features: Rows,
    /// Logits of the classes: a row an image, by a LeNet a row a channel.
    pub logits: Rows,
}

/// A network ready to look.
#[derive(Debug)]
pub struct Looker {
    network: Ready,
    device: Device,
}

#[derive(Debug)]
enum Ready {
    Classifier(Network, Box<dyn Architecture>, Box<Numbers>),
    Inception(Box<Inception>),
}

impl Looker {
    /// Looks with the weights that come with the program.
    pub fn named(network: Network, device: &Device) -> Result<Self> {
        let (_, learnt) = parse(network.file(), network.name())?;
        Ok(Self { network: Ready::Classifier(network, network.architecture(), Box::new(learnt.numbers(device))), device: device.clone() })
    }

    /// Looks with Inception's weights from the bytes of a file, which errors call so.
    pub fn inception(weights: &[u8], file: &str, device: &Device) -> Result<Self> {
        let inception = Inception::parse(weights, file, device)?;
        Ok(Self { network: Ready::Inception(Box::new(inception)), device: device.clone() })
    }

    /// Refuses images that the network cannot look at; `name` is what errors call them.
    pub fn check(&self, [channels, height, width]: [usize; 3], name: &str) -> Result<()> {
        let problem = match &self.network {
            Ready::Classifier(network, architecture, _) if !fits(architecture.shape(), [channels, height, width]) => {
                let ([own, high, wide], name) = (architecture.shape(), network.name());
                let colours = if own == 1 { "each channel of images" } else { "RGB images" };
                let are = match channels {
                    _ if [high, wide] != [height, width] => format!("are {height}x{width}"),
                    1 => "are grey".into(),
                    more => format!("have {more} channels"),
                };
                format!("these images {are}; `{name}` looks at {colours} of {high}x{wide}, `inception` at any size")
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
            Ready::Classifier(_, architecture, _) => {
                let [own, ..] = architecture.shape();
                (SMALL_CHUNK, [architecture.features() * channels / own, CLASSES])
            }
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

    /// `[batch, channels, h, w]` → features and logits, by a LeNet of each channel as a grey image of its own.
    fn forward(&self, images: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        match &self.network {
            Ready::Classifier(_, architecture, numbers) => {
                let ([own, height, width], [count, channels, ..]) = (architecture.shape(), images.dims());
                let images = images.reshape([count * channels / own, own, height, width]);
                architecture.forward(&architecture.layout().evaluating(numbers), images)
            }
            Ready::Inception(inception) => inception.forward(images),
        }
    }
}

/// Whether a network that sees images of one shape can look at those of another: as large, and a grey one at any number of channels.
fn fits([own, high, wide]: [usize; 3], [channels, height, width]: [usize; 3]) -> bool {
    [high, wide] == [height, width] && (own == 1 || own == channels)
}
