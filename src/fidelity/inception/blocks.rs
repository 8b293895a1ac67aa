//! Inception v3 (Szegedy 2015) as a table: which convolutions and pools follow each other, where branches part and join.
//!
//! It is the network of 2015-12-05 by which FID was defined, as pytorch-fid has it: average pools do not count what is padded, and the last block pools by the maximum.

use crate::error::Result;

/// A convolution without bias, batch norm and ReLU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// PyTorch name, like `Mixed_5b.branch1x1`.
    pub name: String,
    /// Maps that come out.
    pub outputs: usize,
    /// Height and width.
    pub kernel: [usize; 2],
    /// Along both axes.
    pub stride: usize,
    /// Zeros above and below, left and right.
    pub padding: [usize; 2],
}

/// A pool over 3x3 pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// The largest of every other place, nothing padded.
    Halve,
    /// The mean of those pixels that there are.
    Average,
    /// The largest.
    Largest,
}

/// A part of the network, its convolutions as rows of the table or as layers with numbers.
#[derive(Debug, Clone)]
pub enum Part<C> {
    /// One layer.
    Conv(C),
    /// A pool.
    Pool(Pool),
    /// Chains that all see the same maps; theirs are joined.
    Branches(Vec<Vec<Part<C>>>),
}

use Part::{Branches, Conv};
const HALVE: Part<Row> = Part::Pool(Pool::Halve);
const AVERAGE: Part<Row> = Part::Pool(Pool::Average);

/// Maps of the colours that it sees.
pub const COLOURS: usize = 3;

/// The whole network up to the maps of which its features are the means.
pub fn table() -> Vec<Part<Row>> {
    vec![
        valid("Conv2d_1a_3x3", 32, 2),
        valid("Conv2d_2a_3x3", 32, 1),
        same("Conv2d_2b_3x3", 64, [3, 3]),
        HALVE,
        same("Conv2d_3b_1x1", 80, [1, 1]),
        valid("Conv2d_4a_3x3", 192, 1),
        HALVE,
        a("Mixed_5b", 32),
        a("Mixed_5c", 64),
        a("Mixed_5d", 64),
        b("Mixed_6a"),
        c("Mixed_6b", 128),
        c("Mixed_6c", 160),
        c("Mixed_6d", 160),
        c("Mixed_6e", 192),
        d("Mixed_7a"),
        e("Mixed_7b", Pool::Average),
        e("Mixed_7c", Pool::Largest),
    ]
}

/// A layer that keeps the resolution.
fn same(name: &str, outputs: usize, kernel: [usize; 2]) -> Part<Row> {
    Conv(Row { name: name.into(), outputs, kernel, stride: 1, padding: kernel.map(|side| side / 2) })
}

/// 3x3 without padding.
fn valid(name: &str, outputs: usize, stride: usize) -> Part<Row> {
    Conv(Row { name: name.into(), outputs, kernel: [3, 3], stride, padding: [0, 0] })
}

/// 35x35.
fn a(block: &str, pooled: usize) -> Part<Row> {
    let same = |name: &str, outputs, kernel| same(&format!("{block}.{name}"), outputs, kernel);
    Branches(vec![
        vec![same("branch1x1", 64, [1, 1])],
        vec![same("branch5x5_1", 48, [1, 1]), same("branch5x5_2", 64, [5, 5])],
        vec![same("branch3x3dbl_1", 64, [1, 1]), same("branch3x3dbl_2", 96, [3, 3]), same("branch3x3dbl_3", 96, [3, 3])],
        vec![AVERAGE, same("branch_pool", pooled, [1, 1])],
    ])
}

/// From 35x35 to 17x17.
fn b(block: &str) -> Part<Row> {
    let name = |name: &str| format!("{block}.{name}");
    let (double, again) = (same(&name("branch3x3dbl_1"), 64, [1, 1]), same(&name("branch3x3dbl_2"), 96, [3, 3]));
    Branches(vec![vec![valid(&name("branch3x3"), 384, 2)], vec![double, again, valid(&name("branch3x3dbl_3"), 96, 2)], vec![HALVE]])
}

/// 17x17, with 7x7 taken apart into rows and columns of `width` maps.
fn c(block: &str, width: usize) -> Part<Row> {
    let same = |name: &str, outputs, kernel| same(&format!("{block}.{name}"), outputs, kernel);
    Branches(vec![
        vec![same("branch1x1", 192, [1, 1])],
        vec![same("branch7x7_1", width, [1, 1]), same("branch7x7_2", width, [1, 7]), same("branch7x7_3", 192, [7, 1])],
        vec![
            same("branch7x7dbl_1", width, [1, 1]),
            same("branch7x7dbl_2", width, [7, 1]),
            same("branch7x7dbl_3", width, [1, 7]),
            same("branch7x7dbl_4", width, [7, 1]),
            same("branch7x7dbl_5", 192, [1, 7]),
        ],
        vec![AVERAGE, same("branch_pool", 192, [1, 1])],
    ])
}

/// From 17x17 to 8x8.
fn d(block: &str) -> Part<Row> {
    let name = |name: &str| format!("{block}.{name}");
    Branches(vec![
        vec![same(&name("branch3x3_1"), 192, [1, 1]), valid(&name("branch3x3_2"), 320, 2)],
        vec![
            same(&name("branch7x7x3_1"), 192, [1, 1]),
            same(&name("branch7x7x3_2"), 192, [1, 7]),
            same(&name("branch7x7x3_3"), 192, [7, 1]),
            valid(&name("branch7x7x3_4"), 192, 2),
        ],
        vec![HALVE],
    ])
}

/// 8x8, two of whose branches part again.
fn e(block: &str, pool: Pool) -> Part<Row> {
    let same = |name: &str, outputs, kernel| same(&format!("{block}.{name}"), outputs, kernel);
    let parted = |name: &str| Branches(vec![vec![same(&format!("{name}a"), 384, [1, 3])], vec![same(&format!("{name}b"), 384, [3, 1])]]);
    Branches(vec![
        vec![same("branch1x1", 320, [1, 1])],
        vec![same("branch3x3_1", 384, [1, 1]), parted("branch3x3_2")],
        vec![same("branch3x3dbl_1", 448, [1, 1]), same("branch3x3dbl_2", 384, [3, 3]), parted("branch3x3dbl_3")],
        vec![Part::Pool(pool), same("branch_pool", 192, [1, 1])],
    ])
}

/// Makes something of every convolution of a chain that sees `inputs` maps, in the order of the table; gives the chain of those, and how many maps it ends with.
pub fn build<C>(parts: &[Part<Row>], inputs: usize, make: &mut dyn FnMut(&Row, usize) -> Result<C>) -> Result<(Vec<Part<C>>, usize)> {
    let (mut built, mut maps) = (Vec::with_capacity(parts.len()), inputs);
    for part in parts {
        built.push(match part {
            Conv(row) => {
                let layer = Conv(make(row, maps)?);
                maps = row.outputs;
                layer
            }
            Part::Pool(pool) => Part::Pool(*pool),
            Branches(branches) => {
                let branches: Vec<_> = branches.iter().map(|branch| build(branch, maps, make)).collect::<Result<_>>()?;
                maps = branches.iter().map(|(_, maps)| maps).sum();
                Branches(branches.into_iter().map(|(branch, _)| branch).collect())
            }
        });
    }
    Ok((built, maps))
}
