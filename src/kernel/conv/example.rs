//! Two small networks with everything in them that there is, on which passes are tried.

use std::ops::Range;

use super::plan::{Block, ConvPlan, Shape};

/// A plan whose parameters follow one another.
pub(super) struct Builder {
    pub plan: ConvPlan,
    end: usize,
}

impl Builder {
    pub fn new(input: Shape) -> Self {
        Self { plan: ConvPlan::new(input, 0), end: 0 }
    }

    pub fn next(&mut self, len: usize) -> Range<usize> {
        self.end += len;
        self.end - len..self.end
    }

    pub fn pointwise(&mut self, shape: Shape) {
        let weight = self.next(self.plan.output().channels() * shape.channels());
        self.plan.pointwise(weight, shape);
    }

    pub fn block(&mut self) {
        let channels = self.plan.output().channels();
        let inner = 2 * channels;
        let [conv1, bias1, conv2, bias2, conv3] =
            [channels * inner, inner, inner * 16 * 9, inner, channels * inner].map(|len| self.next(len));
        self.plan.block(Block { conv1, bias1, conv2, bias2, conv3 });
    }

    pub fn finish(self) -> ConvPlan {
        let mut plan = ConvPlan::new(self.plan.input(), self.end);
        (plan.shapes, plan.layers) = (self.plan.shapes, self.plan.layers);
        plan
    }
}

/// G: z of 3 → 16 channels at 2x2 → block → 8 channels → 4x4 → block → 2 channels.
pub fn generator() -> ConvPlan {
    let mut net = Builder::new(Shape::point(3));
    net.pointwise(Shape::hidden(16, 1));
    let basis = net.next(16 * 4);
    net.plan.spread(basis, 2);
    net.block();
    net.pointwise(Shape::hidden(8, 2));
    net.plan.up();
    net.block();
    net.pointwise(Shape::image([2, 4]));
    net.finish()
}

/// D: 2 channels at 4x4 → 8 channels → block → 2x2 → 16 channels → block → one logit.
pub fn critic() -> ConvPlan {
    let mut net = Builder::new(Shape::image([2, 4]));
    net.pointwise(Shape::hidden(8, 4));
    net.block();
    net.plan.down();
    net.pointwise(Shape::hidden(16, 2));
    net.block();
    let basis = net.next(16 * 4);
    net.plan.gather(basis);
    net.pointwise(Shape::point(1));
    net.finish()
}
