//! Layers over [`Dual`](dual::Dual): value and optional tangent, parameters cut from one flat vector.

pub mod activation;
pub mod conv;
pub mod dual;
pub mod linear;
pub mod minibatch;
pub mod norm;
pub mod params;
pub mod resample;
pub mod spectral;
