//! The widest vector instructions the processor has.
//!
//! x86 programs are compiled for the 128-bit registers of 2003, as wasm is; most processors have 256-bit ones and many 512-bit ones, and with them the same loops take
//! half the time, and a third. How many sums a loop holds depends on how many registers there are and how wide they are. No sum changes its order and nothing is
//! contracted to a fused multiply-add: the bits are those of every other platform.
//!
//! What is compiled for wide registers has to be inlined into the one function that is declared for them. Closures may not be, nor may
//! `array::map` and `from_fn` over lanes, so the loops are macros and `#[inline(always)]` functions. Sums stay in registers only where every index is a constant
//! (`loops::written_out`) and nobody has a reference to them.
//!
//! | registers | features of a product | samples of each | weights of a gradient (`loops::outer`) |
//! |---|---|---|---|
//! | 16 of 128 bits | 2 | 16 | 2 x 2 |
//! | 16 of 256 bits | 3 | 16 | 2 x 4 |
//! | 32 of 512 bits | 4 | 32 | 4 x 8, two in a register |

/// Loops worth wide registers.
pub trait Loops {
    /// Runs them, holding the sums of `HELD` features at a time, each of `CHUNK` samples. Every implementation is `#[inline(always)]`.
    fn run<const HELD: usize, const CHUNK: usize>(self);
}

/// Runs the loops in the widest registers.
pub fn widest(loops: impl Loops) {
    #[cfg(target_arch = "x86_64")]
    if let Some(registers) = pulp::x86::V4::try_new() {
        return registers.vectorize(In512(loops));
    }
    #[cfg(target_arch = "x86_64")]
    if let Some(registers) = pulp::x86::V3::try_new() {
        return registers.vectorize(In256(loops));
    }
    loops.run::<2, 16>();
}

#[cfg(target_arch = "x86_64")]
struct In256<L>(L);

#[cfg(target_arch = "x86_64")]
impl<L: Loops> pulp::NullaryFnOnce for In256<L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.0.run::<3, 16>();
    }
}

#[cfg(target_arch = "x86_64")]
struct In512<L>(L);

#[cfg(target_arch = "x86_64")]
impl<L: Loops> pulp::NullaryFnOnce for In512<L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.0.run::<4, 32>();
    }
}
