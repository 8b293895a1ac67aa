//! What a person's images become: the settings `image.…`.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How an image becomes a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// The largest square in its middle.
    #[schemars(title = "Crop")]
    Crop,
    /// All of it, with the background above and below or at its sides.
    #[schemars(title = "Letterbox")]
    Letterbox,
}

/// A colour, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour(pub [u8; 3]);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, rgb @ ..] = number.ok_or("a colour is written #rrggbb, as in #ffffff")?.to_be_bytes();
        Ok(Self(rgb))
    }
}

impl From<Colour> for String {
    fn from(Colour([r, g, b]): Colour) -> Self {
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

/// What the images of `images`, and the drawings of `shapes`, become; other data are as they are, unless they are mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct ImageConfig {
    /// Pixels along each side of the square, of `images` and `shapes`.
    #[garde(range(min = 8, max = 1024))]
    pub resolution: usize,
    /// Channels of `images`: 1 for grey, 3 for RGB, 4 for RGB with alpha; `shapes` are grey.
    #[garde(range(min = 1, max = 4))]
    pub channels: usize,
    /// How an image becomes a square.
    #[garde(skip)]
    pub fit: Fit,
    /// The colour under transparent images, and around them with `letterbox`: #rrggbb.
    #[garde(skip)]
    #[schemars(with = "String")]
    #[ts(type = "string")]
    pub background: Colour,
    /// Classes of `images`: the folders at the top of --data, which the program counts for a game with classes; 0 where none are told apart.
    #[garde(range(max = MAX_CLASSES))]
    pub classes: usize,
    /// Whether D's reals are flipped left to right with probability ½ (StyleGAN's `mirror`), of all image data: twice the data where left and right mean the same.
    #[garde(skip)]
    pub mirror: bool,
}

/// Most classes that are told apart: their one-hot vectors go through the networks.
pub const MAX_CLASSES: usize = 1000;

impl Default for ImageConfig {
    fn default() -> Self {
        Self { resolution: 32, channels: 3, fit: Fit::Crop, background: Colour([255; 3]), classes: 0, mirror: false }
    }
}

impl ImageConfig {
    /// `[channels, height, width]` of a person's images.
    pub fn shape(&self) -> [usize; 3] {
        [self.channels, self.resolution, self.resolution]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_as_it_is_written_and_anything_else_refused() {
        assert_eq!(Colour::try_from("#ff8001".to_string()), Ok(Colour([255, 128, 1])));
        assert_eq!(String::from(Colour([255, 128, 1])), "#ff8001");
        for text in ["", "#", "ffffff", "#fffff", "#fffffff", "#+fffff", "#ggffff", "white"] {
            assert!(Colour::try_from(text.to_string()).is_err(), "{text}");
        }
    }
}
