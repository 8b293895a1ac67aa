//! The widest vector instructions the processor has.
//!
//! x86 programs are compiled for the 128-bit registers of 2003, as wasm is; most processors have 256-bit ones, and with them the same loops take half the time. A loop
//! that holds [`NARROW`] sums in 128-bit registers leaves half of the wide ones idle, so there it holds [`WIDE`]. No sum changes its order and nothing is
//! contracted to a fused multiply-add: the bits are those of every other platform.
//!
//! What is compiled for wide registers has to be inlined into the one function that is declared for them. Closures cannot be made to, so the loops are macros and
//! `#[inline(always)]` functions.

/// Features of a layer whose sums are held at a time, in 128-bit registers.
const NARROW: usize = 2;
/// The same in 256-bit registers. With 4 the compiler no longer keeps the sums in registers.
#[cfg(target_arch = "x86_64")]
const WIDE: usize = 3;

/// Loops worth wide registers.
pub trait Loops {
    /// Runs them, holding the sums of `HELD` features at a time. Every implementation is `#[inline(always)]`.
    fn run<const HELD: usize>(self);
}

/// Runs the loops in the widest registers.
pub fn widest(loops: impl Loops) {
    #[cfg(target_arch = "x86_64")]
    if let Some(registers) = pulp::x86::V3::try_new() {
        return registers.vectorize(InWide(loops));
    }
    loops.run::<NARROW>();
}

#[cfg(target_arch = "x86_64")]
struct InWide<L>(L);

#[cfg(target_arch = "x86_64")]
impl<L: Loops> pulp::NullaryFnOnce for InWide<L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.0.run::<WIDE>();
    }
}
