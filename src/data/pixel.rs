//! Pixels as networks see them, −1..1, and as files hold them, 0 to 255.

/// A byte as networks see it.
pub fn from_byte(byte: u8) -> f32 {
    f32::from(byte) / 127.5 - 1.0
}

/// The nearest byte; of numbers beyond −1..1 the nearer end.
pub fn to_byte(pixel: f32) -> u8 {
    ((pixel + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8
}
