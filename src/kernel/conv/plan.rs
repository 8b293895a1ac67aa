//! A convolutional network as a description: levels, the linear maps between them, and where their parameters lie in one flat vector.

use std::ops::Range;

/// Channels that lie side by side where a level has a multiple of them: those of one group of a grouped convolution.
const SIDE_BY_SIDE: usize = 16;

/// The shape of a level: square planes of `side` pixels, channels in `groups` of `each`. Numbers lie as `[blocks, groups, side, side, each]`, so that a product over
/// a group and a row of pixels reads them one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Pixels of a side.
    pub side: usize,
    /// Groups of channels.
    pub groups: usize,
    /// Channels of a group.
    pub each: usize,
}

impl Shape {
    /// An image as data sets have it: channel after channel.
    pub const fn image([channels, side]: [usize; 2]) -> Self {
        Self { side, groups: channels, each: 1 }
    }

    /// Hidden channels.
    pub const fn hidden(channels: usize, side: usize) -> Self {
        let each = if channels.is_multiple_of(SIDE_BY_SIDE) { SIDE_BY_SIDE } else { channels };
        Self { side, groups: channels / each, each }
    }

    /// Features of a point.
    pub const fn point(features: usize) -> Self {
        Self { side: 1, groups: 1, each: features }
    }

    /// Channels of all groups.
    pub const fn channels(&self) -> usize {
        self.groups * self.each
    }

    /// Pixels of a plane.
    pub const fn pixels(&self) -> usize {
        self.side * self.side
    }

    /// Numbers of a sample.
    pub const fn features(&self) -> usize {
        self.channels() * self.pixels()
    }
}

/// A linear map from a level to the next.
#[derive(Debug, Clone, PartialEq)]
pub enum Map {
    /// A 1x1 convolution from all groups to all, weight `[out, in, 1, 1]`.
    Pointwise(Range<usize>),
    /// A 3x3 convolution within each group, weight `[out, each, 3, 3]`.
    Grouped(Range<usize>),
    /// Twice the side, by [1, 3, 3, 1] (`nn::resample`).
    Up,
    /// Half the side, by the same filter.
    Down,
    /// hₚ꜀ = B꜀ₚm꜀ from one pixel to many; B is `[channels, side, side]`.
    Spread(Range<usize>),
    /// h꜀ = Σₚ B꜀ₚxₚ꜀ from many pixels to one.
    Gather(Range<usize>),
}

/// y = f(Wx + b) + an earlier level; f, b and the sum where there are some.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// W.
    pub map: Map,
    /// b, one for each channel, followed by a leaky ReLU.
    pub bias: Option<Range<usize>>,
    /// The level that is added.
    pub plus: Option<usize>,
}

/// A chain of layers; level i goes through layer i to level i + 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvPlan {
    pub(super) shapes: Vec<Shape>,
    pub(super) layers: Vec<Layer>,
    parameters: usize,
}

/// The places of a residual block's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// C1, 1x1.
    pub conv1: Range<usize>,
    /// After C1.
    pub bias1: Range<usize>,
    /// C2, 3x3 in groups.
    pub conv2: Range<usize>,
    /// After C2.
    pub bias2: Range<usize>,
    /// C3, 1x1.
    pub conv3: Range<usize>,
}

impl ConvPlan {
    /// No layer yet; `parameters` is the length of the vector.
    pub fn new(input: Shape, parameters: usize) -> Self {
        Self { shapes: vec![input], layers: Vec::new(), parameters }
    }

    /// Length of the vector.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// The last level so far.
    pub fn output(&self) -> Shape {
        *self.shapes.last().expect("there is an input")
    }

    /// All levels, the input among them.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// All layers.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The first level.
    pub fn input(&self) -> Shape {
        self.shapes[0]
    }

    /// Whether a level is the result of an activation.
    pub fn is_activated(&self, level: usize) -> bool {
        level > 0 && self.layers[level - 1].bias.is_some()
    }

    /// A 1x1 convolution to `shape`, which keeps the side.
    pub fn pointwise(&mut self, weight: Range<usize>, shape: Shape) {
        assert_eq!((shape.side, weight.len()), (self.output().side, shape.channels() * self.output().channels()), "of a 1x1 convolution");
        self.add(Map::Pointwise(weight), shape);
    }

    /// x + C3(act(C2(act(C1 x)))), act(x) = leaky ReLU(x + bias).
    pub fn block(&mut self, block: Block) {
        let (outer, begin) = (self.output(), self.layers.len());
        assert!(begin > 0 && !self.is_activated(begin), "a block begins at a level that is neither the input nor activated");
        let inner = Shape::hidden(block.bias1.len(), outer.side);
        assert_eq!((inner.each, block.conv2.len()), (SIDE_BY_SIDE, inner.channels() * SIDE_BY_SIDE * 9), "groups of {SIDE_BY_SIDE}");
        self.pointwise(block.conv1, inner);
        self.last().bias = Some(block.bias1);
        self.add(Map::Grouped(block.conv2), inner);
        self.last().bias = Some(block.bias2);
        self.pointwise(block.conv3, outer);
        self.last().plus = Some(begin);
    }

    /// Twice the side.
    pub fn up(&mut self) {
        let shape = self.output();
        self.add(Map::Up, Shape { side: 2 * shape.side, ..shape });
    }

    /// Half the side.
    pub fn down(&mut self) {
        let shape = self.output();
        self.add(Map::Down, Shape { side: shape.side / 2, ..shape });
    }

    /// From one pixel to planes of `side`, each channel times its plane of the basis.
    pub fn spread(&mut self, basis: Range<usize>, side: usize) {
        let shape = Shape { side, ..self.output() };
        assert_eq!(basis.len(), shape.features(), "a plane for each channel");
        self.add(Map::Spread(basis), shape);
    }

    /// From planes to one pixel, each channel summed with its plane of the basis.
    pub fn gather(&mut self, basis: Range<usize>) {
        assert_eq!(basis.len(), self.output().features(), "a plane for each channel");
        self.add(Map::Gather(basis), Shape { side: 1, ..self.output() });
    }

    fn add(&mut self, map: Map, shape: Shape) {
        self.layers.push(Layer { map, bias: None, plus: None });
        self.shapes.push(shape);
    }

    fn last(&mut self) -> &mut Layer {
        self.layers.last_mut().expect("one has been added")
    }
}
