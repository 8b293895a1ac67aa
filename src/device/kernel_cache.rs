//! Burn's kernels as they are compiled, kept on disk from one run to the next: SPIR-V for Vulkan and PTX for CUDA, and with autotune what was found fastest.

use burn::cubecl::config::cache::CacheConfig;
use burn::cubecl::config::{CubeClRuntimeConfig, RuntimeConfig};

/// Has burn keep them, if it has not opened a device yet: in the user's cache folder, unless a `cubecl.toml` or `burn.toml` names another.
pub fn keep() {
    let mut config = CubeClRuntimeConfig::from_current_dir().override_from_env();
    config.compilation.cache = true;
    if matches!(config.environment.path, CacheConfig::Target) {
        config.environment.path = CacheConfig::Global; // burn's default, beside the Cargo.toml of wherever one stands
    }
    CubeClRuntimeConfig::try_set(config);
}
