//! The answer to a look: samples, D over a rectangle, and what else was asked for.

use super::{Buffer, Reply};
use crate::data::Grid;
use crate::error::{Error, Result};
use crate::nn::minibatch::MinibatchFeature;
use crate::protocol::{Event, Extra, OptimumFigures, UNIT_CELLS, View};
use crate::session::Session;

/// Largest numbers of samples and grid cells a look may ask for.
const MAX_SAMPLES: usize = 10_000;
const MAX_GRID: usize = 512;
/// The same where D compares each with others, which costs a hundred times as much.
const MAX_COMPARED: usize = 48;
/// Nodes of the mesh of latents along each of them.
const MESH: usize = 41;

/// What is asked.
pub struct Ask {
    /// The rectangle.
    pub view: View,
    /// Samples of each kind.
    pub samples: usize,
    /// Cells along each axis.
    pub grid: usize,
    /// What else.
    pub extras: Vec<Extra>,
}

/// Looks at a run on points.
pub async fn look(session: &Session, Ask { view, samples, grid, mut extras }: Ask) -> Result<Reply> {
    let line = session.data().shape() == [1];
    if session.data().shape().len() != 1 {
        return Err(Error::Unready("the stage shows runs on points; this one makes images".into()));
    }
    if !(view.x_max > view.x_min
        && view.y_max > view.y_min
        && [view.x_min, view.x_max, view.y_min, view.y_max].iter().all(|x| x.is_finite()))
    {
        return Err(Error::setting("view", "must have x_max > x_min and y_max > y_min, all finite"));
    }
    extras.sort_unstable();
    extras.dedup();
    let config = session.config();
    let most = if config.minibatch == MinibatchFeature::Discrimination { MAX_COMPARED } else { MAX_GRID };
    let (samples, grid) = (samples.clamp(1, MAX_SAMPLES), grid.clamp(1, most));
    let cells = Cells::of(view, grid, line);
    let reals = session.data().reals(samples, config.seed);
    let fakes = session.sampler().generate(&config.latent.draw(config.seed, samples, config.latent_dim)).await?;
    let logits = cells.whole(session.judge(&cells.centres()).await?);
    let (mut more, mut optimum) = (Vec::new(), None);
    for extra in &extras {
        match extra {
            Extra::Forces => more.push(Buffer::F32(session.forces(&fakes, &reals).await?)),
            Extra::Slopes => more.push(Buffer::F32(cells.whole(session.slopes(&cells.centres()).await?))),
            Extra::Mesh => more.push(Buffer::F32(session.mesh(MESH).await?)),
            Extra::Optimum => {
                if let Some((found, smoothing)) = session.optimum(&cells.grid).await? {
                    optimum = Some(OptimumFigures { smoothing, loss: found.loss });
                    more.extend([found.p, found.q, found.critic].map(|numbers| Buffer::F32(cells.whole(numbers))));
                }
            }
            Extra::Units => {
                let points = Cells::of(view, UNIT_CELLS, line).centres();
                more.extend(session.units(&points, UNIT_CELLS).await?.map(Buffer::F32));
            }
            Extra::Checkpoint => more.push(Buffer::Bytes(session.save().await?)),
        }
    }
    let event = Event::Stage { view, samples, grid, step: session.step(), images: session.images(), extras, mesh: MESH, optimum };
    let buffers = [reals, fakes, logits].map(Buffer::F32).into_iter().chain(more).collect();
    Ok(Reply { event, buffers })
}

/// The cells of a view; for data on the line those of one row, which stands for all.
struct Cells {
    grid: Grid,
    line: bool,
}

impl Cells {
    fn of(View { x_min, x_max, y_min, y_max }: View, cells: usize, line: bool) -> Self {
        let side = |low: f32, high: f32, count: usize| (f64::from(high) - f64::from(low)) / count as f64;
        let rows = if line { 1 } else { cells };
        let cell = [side(x_min, x_max, cells), side(y_min, y_max, rows)];
        Self { grid: Grid { low: [x_min.into(), y_min.into()], cell, counts: [cells, rows] }, line }
    }

    /// Row by row from `y_min`; on the line one number each.
    fn centres(&self) -> Vec<f32> {
        let Grid { low, cell, counts } = self.grid;
        let at = |axis: usize, i: usize| (low[axis] + (i as f64 + 0.5) * cell[axis]) as f32;
        let row = |j: usize| (0..counts[0]).flat_map(move |i| [at(0, i), at(1, j)]);
        if self.line { (0..counts[0]).map(|i| at(0, i)).collect() } else { (0..counts[1]).flat_map(row).collect() }
    }

    /// Numbers of all rows, from those of one on the line.
    fn whole(&self, numbers: Vec<f32>) -> Vec<f32> {
        if self.line { numbers.repeat(self.grid.counts[0]) } else { numbers }
    }
}
