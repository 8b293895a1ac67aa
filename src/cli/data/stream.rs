//! Images of a set larger than memory, decoded as they are needed: threads of their own work ahead of the run, never by more than the run has said.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use super::decode::{Form, attempt};
use super::listing::Listing;
use crate::data::{ImageConfig, Supply};
use crate::error::Error;

/// The images; dropped, its threads end.
#[derive(Debug)]
pub struct Streamed(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    listing: Listing,
    /// Which of them belong to the set.
    good: Vec<u32>,
    /// The checksums of these when the run began.
    checksums: Vec<u32>,
    image: ImageConfig,
    state: Mutex<State>,
    /// Something is wanted, or ready.
    changed: Condvar,
}

/// What is going on. An image is wanted, in work, or ready; or nobody needs it.
#[derive(Debug, Default)]
struct State {
    wanted: VecDeque<u32>,
    working: HashSet<u32>,
    ready: HashMap<u32, Vec<u8>>,
    /// The first image that was lost.
    lost: Option<Error>,
    /// How long images were waited for.
    waited: Duration,
    /// Whether a blank one was given for such an image.
    missed: bool,
    closed: bool,
}

impl Streamed {
    /// The images of a listing whose numbers and checksums are given, with a worker for every core.
    pub fn start(listing: Listing, good: Vec<u32>, checksums: Vec<u32>, image: ImageConfig) -> Self {
        debug_assert_eq!(good.len(), checksums.len());
        let shared = Arc::new(Shared { listing, good, checksums, image, state: Mutex::default(), changed: Condvar::new() });
        let workers = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..workers {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.work());
        }
        Self(shared)
    }
}

impl Drop for Streamed {
    fn drop(&mut self) {
        self.0.state().closed = true;
        self.0.changed.notify_all();
    }
}

impl Supply for Streamed {
    fn expect(&self, next: &[u32]) {
        let mut state = self.0.state();
        let mut needed: HashSet<u32> = next.iter().copied().collect();
        state.ready.retain(|index, _| needed.contains(index));
        let State { wanted, working, ready, .. } = &mut *state;
        // Each once, also where an image ends one epoch and begins the next.
        let missing = |index: &u32| needed.remove(index) && !working.contains(index) && !ready.contains_key(index);
        *wanted = next.iter().copied().filter(missing).collect();
        self.0.changed.notify_all();
    }

    fn pixels(&self, index: usize) -> Vec<u8> {
        let index = index as u32;
        let mut state = self.0.state();
        loop {
            if let Some(pixels) = state.ready.remove(&index) {
                state.missed |= pixels.is_empty();
                return if pixels.is_empty() { vec![0; self.0.image.shape().iter().product()] } else { pixels };
            }
            if !state.working.contains(&index) && state.wanted.front() != Some(&index) {
                state.wanted.retain(|other| *other != index);
                state.wanted.push_front(index);
                self.0.changed.notify_all();
            }
            let begun = Instant::now();
            state = self.0.changed.wait(state).expect(UNHARMED);
            state.waited += begun.elapsed();
        }
    }

    fn failure(&self) -> Option<Error> {
        let state = self.0.state();
        state.lost.clone().filter(|_| state.missed)
    }

    fn lost(&self) -> Option<Error> {
        self.0.state().lost.clone()
    }

    fn waited(&self) -> Duration {
        self.0.state().waited
    }

    fn checksum(&self, index: usize) -> u32 {
        self.0.checksums[index]
    }
}

/// Why the lock is never poisoned.
const UNHARMED: &str = "nobody panics while holding the lock: images are decoded outside of it";

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(UNHARMED)
    }

    /// Decodes what is wanted until nobody wants anything any more.
    fn work(&self) {
        let mut reader = self.listing.reader();
        while let Some(index) = self.next() {
            let entry = &self.listing.images[self.good[index as usize] as usize];
            let decoded = match &mut reader {
                Ok(reader) => attempt(reader, entry, Form::Square(&self.image)).map(|decoded| decoded.pixels),
                Err(error) => Err(error.to_string()),
            };
            let whole = match decoded {
                Ok(pixels) if crc32fast::hash(&pixels) == self.checksums[index as usize] => Ok(pixels),
                Ok(_) => Err("is another image than when the run began".into()),
                Err(problem) => {
                    Err(format!("could be read when the run began, and now {problem}; it is in {}", self.listing.place.display()))
                }
            };
            let mut state = self.state();
            // Nothing at all marks a lost image: a blank one may be somebody's picture.
            let pixels = whole.unwrap_or_else(|problem| {
                state.lost.get_or_insert(Error::file(entry.name.as_str(), problem));
                Vec::new()
            });
            state.working.remove(&index);
            state.ready.insert(index, pixels);
            self.changed.notify_all();
        }
    }

    /// The next image in work; none once the set was dropped.
    fn next(&self) -> Option<u32> {
        let mut state = self.state();
        while !state.closed {
            if let Some(index) = state.wanted.pop_front() {
                state.working.insert(index);
                return Some(index);
            }
            state = self.changed.wait(state).expect(UNHARMED);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Cursor, Dataset, ImageSet};
    use crate::rng::Purpose;
    use std::fs;
    use std::path::Path;

    fn settings() -> ImageConfig {
        ImageConfig { resolution: 8, channels: 1, ..ImageConfig::default() }
    }

    /// 50 grey images, each of its own brightness.
    fn write_images(folder: &Path) {
        for i in 0..50u8 {
            image::GrayImage::from_pixel(9, 9, image::Luma([5 * i])).save(folder.join(format!("{i:02}.png"))).unwrap();
        }
    }

    fn streamed(folder: &Path) -> (Dataset, Arc<Streamed>) {
        let checksums = (0..50u8).map(|i| crc32fast::hash(&[5 * i; 64])).collect();
        let supply = Arc::new(Streamed::start(Listing::of(folder).unwrap(), (0..50).collect(), checksums, settings()));
        (Dataset::images(ImageSet::supplied(settings().shape(), 50, Arc::clone(&supply) as Arc<dyn Supply>)), supply)
    }

    #[test]
    fn images_that_are_streamed_are_those_in_memory_over_epochs_and_after_a_stop() {
        let dir = tempfile::tempdir().unwrap();
        write_images(dir.path());
        let stored = Dataset::images(ImageSet::new([1, 8, 8], (0..50u8).flat_map(|i| [5 * i; 64]).collect()));
        let (streamed, supply) = streamed(dir.path());
        let (mut a, mut b) = (Cursor::new(3, Purpose::Data), Cursor::new(3, Purpose::Data));
        for batch in 0..20 {
            assert_eq!(stored.batch(7, &mut a), streamed.batch(7, &mut b), "batch {batch}");
            if batch % 5 == 0 {
                // A look with another cursor between two batches, and a resumed one.
                assert_eq!(stored.reals(9, 4), streamed.reals(9, 4));
                b = Cursor::at(3, b.state());
            }
        }
        assert!(supply.0.state().ready.len() <= 50 && supply.failure().is_none());
        assert!(supply.waited() > Duration::ZERO, "the first image was there before it was decoded");
    }

    #[test]
    fn an_image_that_is_lost_during_the_run_is_named() {
        let dir = tempfile::tempdir().unwrap();
        write_images(dir.path());
        let (streamed, _) = streamed(dir.path());
        fs::remove_file(dir.path().join("31.png")).unwrap();
        streamed.batch(50, &mut Cursor::new(1, Purpose::Data));
        let error = streamed.failure().expect("it was noticed").to_string();
        assert!(error.starts_with("31.png: could be read when the run began, and now cannot be read"), "{error}");
    }

    #[test]
    fn an_image_that_is_replaced_is_known_before_anybody_learns_from_it() {
        let dir = tempfile::tempdir().unwrap();
        write_images(dir.path());
        let (streamed, supply) = streamed(dir.path());
        image::GrayImage::from_pixel(9, 9, image::Luma([7])).save(dir.path().join("31.png")).unwrap();
        supply.expect(&[30, 31]);
        while streamed.lost().is_none() {
            thread::yield_now();
        }
        let error = streamed.lost().expect("it was noticed").to_string();
        assert!(error.starts_with("31.png: is another image than when the run began"), "{error}");
        assert!(streamed.failure().is_none());
        assert!(supply.pixels(31).iter().all(|&byte| byte == 0) && streamed.failure().is_some());
    }
}
