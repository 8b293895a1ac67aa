//! A team of threads in one process, for tests: the arithmetic of several processes without a launcher.

use std::fmt::Display;
use std::sync::{Arc, Barrier, Mutex};

use burn::tensor::Tensor;

use super::Team;
use crate::device::read;

/// What all threads share.
#[derive(Debug)]
struct Table {
    barrier: Barrier,
    sums: Mutex<Vec<f32>>,
    message: Mutex<Vec<u8>>,
}

/// One of the threads.
#[derive(Debug)]
struct Member {
    rank: usize,
    size: usize,
    table: Arc<Table>,
}

impl Team for Member {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.size
    }

    fn place(&self) -> usize {
        self.rank
    }

    fn average(&self, numbers: &mut [f32]) {
        let lock = || self.table.sums.lock().expect("no thread has panicked");
        for turn in 0..self.size {
            if turn == self.rank {
                let mut sums = lock();
                sums.resize(numbers.len(), 0.0);
                sums.iter_mut().zip(&*numbers).for_each(|(sum, x)| *sum += x);
            }
            self.table.barrier.wait(); // in order, so that the sum has the same bits in every run
        }
        numbers.iter_mut().zip(&*lock()).for_each(|(x, sum)| *x = sum / self.size as f32);
        self.table.barrier.wait();
        if self.rank == 0 {
            lock().clear();
        }
        self.table.barrier.wait();
    }

    fn broadcast(&self, message: &mut Vec<u8>) {
        let lock = || self.table.message.lock().expect("no thread has panicked");
        if self.rank == 0 {
            lock().clone_from(message);
        }
        self.table.barrier.wait();
        message.clone_from(&lock());
        self.table.barrier.wait();
    }

    fn read(&self, numbers: Tensor<1>) -> Vec<f32> {
        pollster::block_on(read(numbers)).expect("the CPU is read without error")
    }

    fn give_up(&self, why: &dyn Display) -> ! {
        panic!("process {}: {why}", self.rank)
    }
}

/// What each of `size` threads makes of its place, in order.
pub fn together<T: Send>(size: usize, work: impl Fn(Arc<dyn Team>) -> T + Sync) -> Vec<T> {
    let table = Arc::new(Table { barrier: Barrier::new(size), sums: Mutex::default(), message: Mutex::default() });
    std::thread::scope(|scope| {
        let start = |rank| {
            let (table, work) = (Arc::clone(&table), &work);
            scope.spawn(move || work(Arc::new(Member { rank, size, table })))
        };
        let threads: Vec<_> = (0..size).map(start).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread ends well")).collect()
    })
}
