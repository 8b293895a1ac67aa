//! Processes that `mpirun` started, by the Message Passing Interface.

use std::fmt;
use std::sync::Arc;

use burn::tensor::Tensor;
use mpi::Threading;
use mpi::collective::SystemOperation;
use mpi::environment::{Universe, initialize_with_threading};
use mpi::topology::{Communicator, SimpleCommunicator};
use mpi::traits::Root;

use crate::device::read;
use crate::team::Team;

/// Whether this program can talk to others.
pub const IS_BUILT: bool = true;

/// Bytes that are sent at once: MPI counts in 32 bits.
const AT_ONCE: usize = 1 << 30;

/// This process among those that were started together. MPI ends with it.
struct World {
    _universe: Universe,
    place: usize,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} of {}", self.rank(), self.size())
    }
}

fn world() -> SimpleCommunicator {
    SimpleCommunicator::world()
}

impl Team for World {
    fn rank(&self) -> usize {
        world().rank() as usize
    }

    fn size(&self) -> usize {
        world().size() as usize
    }

    fn place(&self) -> usize {
        self.place
    }

    fn average(&self, numbers: &mut [f32]) {
        // The sum is made by one and sent to all: MPI does not promise that each would make the same bits.
        let (world, own) = (world(), numbers.to_vec());
        let first = world.process_at_rank(0);
        if world.rank() == 0 {
            first.reduce_into_root(&own[..], numbers, SystemOperation::sum());
            numbers.iter_mut().for_each(|x| *x /= world.size() as f32);
        } else {
            first.reduce_into(&own[..], SystemOperation::sum());
        }
        first.broadcast_into(numbers);
    }

    fn broadcast(&self, message: &mut Vec<u8>) {
        let world = world();
        let first = world.process_at_rank(0);
        let mut length = message.len() as u64;
        first.broadcast_into(&mut length);
        message.resize(length as usize, 0);
        message.chunks_mut(AT_ONCE).for_each(|part| first.broadcast_into(part));
    }

    fn read(&self, numbers: Tensor<1>) -> Vec<f32> {
        pollster::block_on(read(numbers)).unwrap_or_else(|error| self.give_up(&error))
    }

    fn give_up(&self, why: &dyn fmt::Display) -> ! {
        // In one piece: the launcher puts its own words about the end between two of them.
        let text = format!("error: {self:?}: {why}\n");
        eprint!("{text}");
        world().abort(1)
    }
}

/// A process that panics must not wait for the others, as MPI's own end would, while they wait for its gradient.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            world().abort(101);
        }
    }
}

/// Joins the processes that were started together; none where MPI does not start.
pub fn join() -> Option<Arc<dyn Team>> {
    // The threads that share out rows of pixels send nothing; one speaks.
    let (universe, _) = initialize_with_threading(Threading::Funneled)?;
    let place = world().split_shared(world().rank()).rank() as usize;
    Some(Arc::new(World { _universe: universe, place }))
}
