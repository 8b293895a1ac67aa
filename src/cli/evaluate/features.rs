//! `--features`: whose features images are measured by, and where Inception's weights lie.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::error::{CliError, Result};
use crate::cli::{files, wait};
use crate::error::Error;
use crate::fidelity::{Features, Looker, Network, Pixels, Seen};

/// Inception's weights, without the flag.
const VARIABLE: &str = "SPARRING_INCEPTION";
/// More bytes than they have in 32 bits, and all that PyTorch adds.
const MOST: u64 = 1 << 28;

/// Which features.
#[derive(Debug, Args)]
pub struct FeaturesArgs {
    /// Whose features images are measured by: lenet-mnist, lenet-fashion, resnet-cifar, or inception, which needs its weights [default: by the data set].
    #[arg(long, value_name = "NAME", value_parser = named)]
    pub features: Option<Features>,
    /// Inception v3's weights as pytorch-fid has them, made safetensors (else $SPARRING_INCEPTION); docs/metrics.md says where they are had.
    #[arg(long, value_name = "FILE.safetensors")]
    pub inception_weights: Option<PathBuf>,
}

impl FeaturesArgs {
    /// The flag that was given, if one was.
    pub fn flag(&self) -> Option<&'static str> {
        let flags = [("--features", self.features.is_some()), ("--inception-weights", self.inception_weights.is_some())];
        flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
    }

    /// The features that were asked for, or those that suit the data.
    pub fn chosen(&self, suiting: Option<Network>, data: &str) -> Result<Features> {
        let chosen = self.features.or(suiting.map(Features::Classifier));
        let chosen = chosen.ok_or_else(|| CliError::Usage(format!("--features is needed for {data}: {}", names(" or "))))?;
        match (chosen, &self.inception_weights) {
            (Features::Classifier(network), Some(_)) => {
                let name = network.name();
                Err(CliError::Usage(format!("--inception-weights: is for --features inception; these are measured by `{name}`")))
            }
            _ => Ok(chosen),
        }
    }

    /// The network ready to look.
    pub fn open(&self, features: Features, device: &Device) -> Result<Looker> {
        match features {
            Features::Classifier(network) => Ok(Looker::named(network, device)?),
            Features::Inception => {
                let path = self.inception_weights.clone().or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from));
                let path = path.ok_or_else(|| {
                    CliError::Usage(format!(
                        "--inception-weights is needed for --features inception: the weights of pytorch-fid, made a safetensors file (docs/metrics.md says how); ${VARIABLE} names it, too"
                    ))
                })?;
                Ok(Looker::inception(&weights(&path)?, &path.display().to_string(), device)?)
            }
        }
    }
}

/// The bytes of a file that could hold Inception's weights.
fn weights(path: &Path) -> Result<Vec<u8>> {
    let length = std::fs::metadata(path).map_err(|error| CliError::io("read", path, error))?.len();
    if length > MOST {
        return Err(Error::file(path.display().to_string(), format!("has {length} bytes; Inception's weights have 95 million")).into());
    }
    files::read(path)
}

/// Looks at images, with a bar that says how far it is: Inception takes a quarter of a second for each on a core.
pub fn look(looker: &Looker, images: &Pixels, name: &str) -> Result<Seen> {
    let bar = ProgressBar::with_draw_target(Some(images.len() as u64), ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{bar:24} {pos}/{len} images looked at, {eta} left").expect("the template is valid"));
    let seen = wait(looker.look_telling(images, name, |count| bar.inc(count as u64)));
    bar.finish_and_clear();
    Ok(seen?)
}

fn named(text: &str) -> std::result::Result<Features, String> {
    Features::ALL.into_iter().find(|features| features.name() == text).ok_or_else(|| format!("there are: {}", names(", ")))
}

fn names(between: &str) -> String {
    Features::ALL.map(Features::name).join(between)
}
