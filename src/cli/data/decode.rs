//! From the bytes of an image file to the pixels that a run sees.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::imageops::{self, FilterType};
use image::{
    DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Limits, Pixel, Rgb, RgbImage, Rgba, Rgba32FImage, RgbaImage,
};

use super::listing::{Entry, Reader};
use crate::data::{Colour, Fit, ImageConfig};

/// Longest side of an image.
const MAX_SIDE: u32 = 16_384;
/// Most memory that decoding one image and making it what the settings ask for may take.
const MAX_DECODED: u64 = 512 << 20;

/// Bytes a pixel of the copies that are made of an image: of four channels, and of fewer.
const WITH_ALPHA: u64 = 16;
const PLAIN: u64 = 4;

/// What an image becomes.
#[derive(Debug, Clone, Copy)]
pub enum Form<'a> {
    /// The square that a run sees of it.
    Square(&'a ImageConfig),
    /// RGB of its own size, transparent pixels over a background.
    Whole(Colour),
}

/// An image that was read.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    /// `[channels, height, width]` of its form.
    pub pixels: Vec<u8>,
    /// What it was.
    pub facts: Facts,
}

/// What an image is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facts {
    /// Width and height, upright.
    pub size: [u32; 2],
    /// The format it has, whatever its name says.
    pub format: &'static str,
    /// `grey`, `RGB`, with or without alpha.
    pub colours: &'static str,
}

/// Reads and decodes an image, whatever its file holds: a decoder that panics on it is no reason to end a run of days, or to wait for ever.
pub fn attempt(reader: &mut Reader, entry: &Entry, form: Form) -> Result<Decoded, String> {
    let whole = AssertUnwindSafe(|| reader.read(entry).and_then(|bytes| decode(&bytes, form)));
    catch_unwind(whole).unwrap_or_else(|_| Err("cannot be decoded: the decoder failed on it".into()))
}

/// Decodes an image and gives it its form; an error says what is wrong with it.
fn decode(bytes: &[u8], form: Form) -> Result<Decoded, String> {
    let keeps_alpha = matches!(form, Form::Square(image) if image.channels == 4);
    let (decoded, format) = read(bytes, if keeps_alpha { WITH_ALPHA } else { PLAIN })?;
    let colours = match (decoded.color().has_color(), decoded.color().has_alpha()) {
        (false, false) => "grey",
        (false, true) => "grey with alpha",
        (true, false) => "RGB",
        (true, true) => "RGB with alpha",
    };
    let facts = Facts { size: [decoded.width(), decoded.height()], format, colours };
    let pixels = match form {
        Form::Square(image) => squared(decoded, image),
        Form::Whole(background) => planes(&laid_over(decoded, background)),
    };
    Ok(Decoded { pixels, facts })
}

/// The square that the settings ask for.
fn squared(decoded: DynamicImage, image: &ImageConfig) -> Vec<u8> {
    let side = image.resolution as u32;
    if image.channels == 4 {
        return planes(&with_alpha(&decoded, image.fit, side));
    }
    let flat = square(&laid_over(decoded, image.background), image.fit, side, Rgb(image.background.0));
    if image.channels == 1 { DynamicImage::from(flat).into_luma8().into_raw() } else { planes(&flat) }
}

/// The image upright, as its camera says, and its format; `working` bytes a pixel are needed later.
fn read(bytes: &[u8], working: u64) -> Result<(DynamicImage, &'static str), String> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    let format = match reader.format() {
        Some(ImageFormat::Png) => "PNG",
        Some(ImageFormat::Jpeg) => "JPEG",
        Some(ImageFormat::WebP) => "WebP",
        Some(ImageFormat::Bmp) => "BMP",
        _ => return Err("is no PNG, JPEG, WebP or BMP".into()),
    };
    if format == "JPEG" && is_cut_off(bytes) {
        return Err("cannot be decoded: it ends before its image does".into());
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(MAX_SIDE), Some(MAX_SIDE), Some(MAX_DECODED));
    reader.limits(limits.clone());
    let decoded = reader.into_decoder().and_then(|mut decoder| {
        let (width, height) = decoder.dimensions();
        limits.reserve(decoder.total_bytes().saturating_add(working * u64::from(width) * u64::from(height)))?;
        decoder.set_limits(limits)?;
        let upright = decoder.orientation()?;
        let mut decoded = DynamicImage::from_decoder(decoder)?;
        decoded.apply_orientation(upright);
        Ok(decoded)
    });
    Ok((decoded.map_err(|error| format!("cannot be decoded: {error}"))?, format))
}

/// Whether a JPEG's bytes run out before its end marker, whatever was appended to it: the decoder would fill what is missing with grey. Segments are passed by their lengths,
/// scans by their escapes (00) and restarts (D0 to D7).
fn is_cut_off(jpeg: &[u8]) -> bool {
    let mut at = 2; // after the first marker, D8
    while let Some(&[mark, kind]) = jpeg.get(at..at + 2).and_then(|pair| pair.first_chunk()) {
        at += match (mark, kind) {
            (0xff, 0xd9) => return false,
            (0xff, 0x01..0xd0 | 0xd8..=0xfe) => {
                2 + jpeg.get(at + 2..at + 4).map_or(0, |length| usize::from(length[0]) << 8 | usize::from(length[1]))
            }
            (0xff, 0x00 | 0xd0..0xd8) => 2,
            _ => 1,
        };
    }
    true
}

/// The image without alpha: transparent pixels show the background.
fn laid_over(decoded: DynamicImage, Colour(ground): Colour) -> RgbImage {
    if !decoded.color().has_alpha() {
        return decoded.into_rgb8();
    }
    let image = decoded.into_rgba8();
    let pixel = |&Rgba([r, g, b, a]): &Rgba<u8>| {
        let mix = |over: u8, under: u8| ((u32::from(over) * u32::from(a) + u32::from(under) * (255 - u32::from(a)) + 127) / 255) as u8;
        [mix(r, ground[0]), mix(g, ground[1]), mix(b, ground[2])]
    };
    let bytes = image.pixels().flat_map(pixel).collect();
    RgbImage::from_raw(image.width(), image.height(), bytes).expect("three bytes a pixel")
}

/// The square with its alpha. Colours are weighted by alpha while they are resized: what nobody sees must not bleed into what they see. All is halved meanwhile: the
/// filter overshoots at edges, and is cut off at 1, colours and alpha not alike.
fn with_alpha(decoded: &DynamicImage, fit: Fit, side: u32) -> RgbaImage {
    let mut weighted: Rgba32FImage = decoded.to_rgba32f();
    for Rgba([r, g, b, a]) in weighted.pixels_mut() {
        *a /= 2.0;
        [r, g, b].into_iter().for_each(|colour| *colour *= *a);
    }
    let image = square(&weighted, fit, side, Rgba([0.0; 4]));
    let byte = |x: f32| (255.0 * x.clamp(0.0, 1.0)).round() as u8;
    let pixel = |&Rgba([r, g, b, a]): &Rgba<f32>| {
        let own = |colour: f32| if a > 0.0 { byte(colour / a) } else { 0 };
        [own(r), own(g), own(b), byte(2.0 * a)]
    };
    RgbaImage::from_raw(side, side, image.pixels().flat_map(pixel).collect()).expect("four bytes a pixel")
}

/// An image as a square, by Lanczos' filter, which takes all pixels into account that a smaller one covers.
fn square<P>(image: &ImageBuffer<P, Vec<P::Subpixel>>, fit: Fit, side: u32, ground: P) -> ImageBuffer<P, Vec<P::Subpixel>>
where
    P: Pixel + 'static,
    P::Subpixel: 'static,
{
    let (width, height) = image.dimensions();
    match fit {
        Fit::Crop => {
            let edge = width.min(height);
            let middle = imageops::crop_imm(image, (width - edge) / 2, (height - edge) / 2, edge, edge);
            if edge == side { middle.to_image() } else { imageops::resize(&*middle, side, side, FilterType::Lanczos3) }
        }
        Fit::Letterbox => {
            let edge = width.max(height);
            let scaled = |length: u32| (f64::from(length) * f64::from(side) / f64::from(edge)).round().max(1.0) as u32;
            let (width, height) = (scaled(width), scaled(height));
            let inner = imageops::resize(image, width, height, FilterType::Lanczos3);
            let mut whole = ImageBuffer::from_pixel(side, side, ground);
            imageops::replace(&mut whole, &inner, i64::from((side - width) / 2), i64::from((side - height) / 2));
            whole
        }
    }
}

/// Pixels channel by channel.
fn planes<P: Pixel<Subpixel = u8>>(image: &ImageBuffer<P, Vec<u8>>) -> Vec<u8> {
    let channels = usize::from(P::CHANNEL_COUNT);
    (0..channels).flat_map(|channel| image.as_raw().iter().skip(channel).step_by(channels)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, format).expect("memory does not fail");
        bytes.into_inner()
    }

    fn settings(resolution: usize, channels: usize, fit: Fit) -> ImageConfig {
        ImageConfig { resolution, channels, fit, background: Colour([10, 20, 30]), ..ImageConfig::default() }
    }

    /// 16x8: the left quarter red, the middle half green, the right quarter blue.
    fn stripes() -> RgbImage {
        RgbImage::from_fn(16, 8, |x, _| {
            Rgb(if x < 4 {
                [255, 0, 0]
            } else if x < 12 {
                [0, 255, 0]
            } else {
                [0, 0, 255]
            })
        })
    }

    #[test]
    fn every_format_is_read_by_what_it_is() {
        for (format, name) in
            [(ImageFormat::Png, "PNG"), (ImageFormat::Bmp, "BMP"), (ImageFormat::WebP, "WebP"), (ImageFormat::Jpeg, "JPEG")]
        {
            let Decoded { pixels, facts } = decode(&encoded(stripes(), format), Form::Square(&settings(8, 3, Fit::Crop))).expect(name);
            assert_eq!(facts, Facts { size: [16, 8], format: name, colours: "RGB" });
            // Cropped, the middle is left: green all over, but for what JPEG makes of it.
            assert!(pixels[..64].iter().chain(&pixels[128..]).all(|&byte| byte < 30), "{name}: {pixels:?}");
            assert!(pixels[64..128].iter().all(|&byte| byte > 225), "{name}: {pixels:?}");
        }
    }

    #[test]
    fn a_letterbox_shows_all_of_the_image_on_the_background() {
        let pixels = decode(&encoded(stripes(), ImageFormat::Png), Form::Square(&settings(16, 3, Fit::Letterbox))).expect("whole").pixels;
        let at = |x: usize, y: usize| [0, 1, 2].map(|channel| pixels[channel * 256 + y * 16 + x]);
        assert_eq!([at(0, 0), at(15, 3), at(3, 12), at(8, 15)], [[10, 20, 30]; 4]);
        assert_eq!([at(0, 4), at(8, 8), at(15, 11)], [[255, 0, 0], [0, 255, 0], [0, 0, 255]]);
    }

    #[test]
    fn alpha_is_laid_over_the_background_or_kept_and_hidden_colours_do_not_bleed() {
        let half = RgbaImage::from_fn(16, 16, |x, _| if x < 8 { Rgba([200, 100, 0, 255]) } else { Rgba([255, 255, 255, 0]) });
        let bytes = encoded(half, ImageFormat::Png);
        let flat = decode(&bytes, Form::Square(&settings(16, 3, Fit::Crop))).expect("whole").pixels;
        assert_eq!([flat[0], flat[256], flat[15], flat[256 + 15], flat[512 + 15]], [200, 100, 10, 20, 30]);
        let kept = decode(&bytes, Form::Square(&settings(8, 4, Fit::Crop))).expect("whole").pixels;
        let alpha = &kept[3 * 64..3 * 64 + 8];
        assert!(alpha[0] == 255 && alpha[7] == 0, "{alpha:?}");
        for (x, &a) in alpha.iter().enumerate().filter(|(_, a)| **a > 20) {
            assert!(kept[x].abs_diff(200) <= 2 && kept[64 + x].abs_diff(100) <= 2 && kept[128 + x] <= 2, "column {x}, alpha {a}");
        }
    }

    #[test]
    fn grey_images_keep_their_values_in_one_channel_and_in_three() {
        let grey = image::GrayImage::from_fn(8, 8, |x, y| image::Luma([(x * 8 + y) as u8]));
        let bytes = encoded(grey.clone(), ImageFormat::Png);
        assert_eq!(decode(&bytes, Form::Square(&settings(8, 1, Fit::Crop))).expect("whole").pixels, *grey.as_raw());
        assert_eq!(decode(&bytes, Form::Square(&settings(8, 3, Fit::Crop))).expect("whole").pixels, grey.as_raw().repeat(3));
    }

    #[test]
    fn truncated_foreign_and_oversized_images_are_refused_before_they_take_memory() {
        let whole = encoded(stripes(), ImageFormat::Png);
        let refusal = |bytes: &[u8]| decode(bytes, Form::Square(&settings(8, 3, Fit::Crop))).expect_err("bad bytes");
        assert!(refusal(&whole[..whole.len() / 2]).contains("cannot be decoded"));
        let mut jpeg = encoded(stripes(), ImageFormat::Jpeg);
        assert!(refusal(&jpeg[..jpeg.len() - 20]).contains("ends before its image does"));
        let thumbnail = [&[0xff, 0xe1, 0, 6][..], &[0xff, 0xd9, 0xff, 0xda]].concat();
        jpeg.splice(2..2, thumbnail);
        assert!(refusal(&jpeg[..jpeg.len() - 20]).contains("ends before its image does"), "the end of a thumbnail is not the image's");
        jpeg.extend([0, 1, 0xff, 0xda, 7]);
        decode(&jpeg, Form::Square(&settings(8, 3, Fit::Crop))).expect("what is appended does not matter");
        assert!(refusal(b"hello").contains("is no PNG"));
        assert!(refusal(b"GIF89a\x01\0\x01\0").contains("is no PNG"));
        let mut bomb = whole;
        bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]); // 65535x65535
        let checksum = crc32fast::hash(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&checksum);
        assert!(refusal(&bomb).contains("cannot be decoded"), "{}", refusal(&bomb));
    }
}
