//! Several processes that train one run (`mpirun -n 2 sparring train …`): the first decides, writes and speaks, the others train what it says.

use std::env;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::data;
use super::error::{CliError, Result};
use super::fingerprint::Fingerprint;
use super::train::TrainArgs;
use super::{terminal, wait};
use crate::checkpoint::Checkpoint;
use crate::device::is_cpu;
use crate::error::Error;
use crate::mpi;
use crate::session::Session;
use crate::team::{Part, Team, WHOLE};

/// Where launchers say how many processes they started: Open MPI, and MPICH with those that come from it.
const SIZES: [&str; 3] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE"];

/// What this process is in its run.
pub enum Role {
    /// The only one, or the one that decides.
    First(Followers),
    /// One of those that train what the first says.
    Follower(Arc<dyn Team>),
}

impl Role {
    /// By what started this process.
    pub fn of_this_process() -> Result<Self> {
        let size = SIZES.iter().find_map(|name| env::var(name).ok()?.parse::<usize>().ok()).unwrap_or(1);
        if size <= 1 {
            return Ok(Self::First(Followers::default()));
        }
        if !mpi::IS_BUILT {
            return Err(CliError::Usage(format!(
                "{size} processes were started together, but this program was built without MPI and cannot share a run: build it with \
                 `cargo build --release --features mpi`, or start it once"
            )));
        }
        let team = mpi::join().ok_or_else(|| CliError::Failed("MPI did not start".into()))?;
        Ok(if team.rank() == 0 { Self::First(Followers(Some(team))) } else { Self::Follower(team) })
    }
}

/// What the first tells the others: a letter, then what belongs to it.
#[derive(Debug, PartialEq)]
enum Order {
    /// Go on from a checkpoint, with the data of the arguments.
    Begin(Terms, Vec<u8>),
    /// Train so many steps.
    Advance(u64),
    /// The run has ended, well or not.
    End,
}

/// What must be the same in all processes beside the checkpoint, or their players would drift apart.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Terms {
    on_cpu: bool,
    data: Option<Fingerprint>,
}

impl Terms {
    fn of(session: &Session) -> Self {
        Self { on_cpu: is_cpu(session.device()), data: Fingerprint::of(session.data()) }
    }

    /// Refuses a follower that is not as the first, in words.
    fn check(&self, own: &Self) -> Result<()> {
        let place = |on_cpu: bool| if on_cpu { "the CPU" } else { "a GPU" };
        if self.on_cpu != own.on_cpu {
            let (first, own) = (place(self.on_cpu), place(own.on_cpu));
            return Err(CliError::Usage(format!("computes on {own}, and the first process on {first}: say --device cpu or --device gpu")));
        }
        let changed = self.data.as_ref().zip(own.data.as_ref()).and_then(|(first, own)| first.changed(own));
        changed.map_or(Ok(()), |what| Err(CliError::Failed(format!("--data is not what the first process has: {what}"))))
    }
}

impl Order {
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Begin(terms, checkpoint) => {
                let terms = serde_json::to_vec(terms).expect("terms are plain data");
                [b"B", &(terms.len() as u64).to_le_bytes()[..], &terms, checkpoint].concat()
            }
            Self::Advance(steps) => [b"A", &steps.to_le_bytes()[..]].concat(),
            Self::End => b"E".to_vec(),
        }
    }

    fn parse(bytes: &[u8]) -> Self {
        let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("the first sends eight bytes"));
        match bytes.split_first() {
            Some((b'B', rest)) => {
                let (length, rest) = rest.split_at(size_of::<u64>());
                let (terms, checkpoint) = rest.split_at(number(length) as usize);
                Self::Begin(serde_json::from_slice(terms).expect("the first sends its terms"), checkpoint.to_vec())
            }
            Some((b'A', steps)) => Self::Advance(number(steps)),
            _ => Self::End,
        }
    }
}

/// The other processes of a run, as the first sees them; they end with it. By default there are none.
#[derive(Debug, Default)]
pub struct Followers(Option<Arc<dyn Team>>);

impl Followers {
    /// What of each batch the first learns from.
    pub fn part(&self) -> Part {
        self.0.clone().map_or_else(|| WHOLE.clone(), Part::of)
    }

    /// Has them take up a session as it is.
    pub fn begin(&self, session: &Session) -> Result<()> {
        if self.0.is_some() {
            self.tell(&Order::Begin(Terms::of(session), wait(session.save())?));
        }
        Ok(())
    }

    /// Has them train so many steps, at the same time as the first.
    pub fn advance(&self, steps: u64) {
        self.tell(&Order::Advance(steps));
    }

    fn tell(&self, order: &Order) {
        if let Some(team) = &self.0 {
            team.broadcast(&mut order.to_bytes());
        }
    }
}

impl Drop for Followers {
    fn drop(&mut self) {
        // Who panics in the middle of a step would be misunderstood; the team ends all then.
        if !std::thread::panicking() {
            self.tell(&Order::End);
        }
    }
}

/// A follower's whole run. It says nothing unless it fails; then all processes end, as the first would wait for it in vain.
pub fn follow(team: &Arc<dyn Team>, args: &TrainArgs) {
    terminal::hush();
    let done = obey(team, |checkpoint, part| {
        let data = data::load(&checkpoint.header.config, &args.data)?;
        Ok(Session::resume(checkpoint, data, &args.device.open_for(&part)?.device)?.shared(part)?)
    });
    if let Err(error) = done {
        team.give_up(&error);
    }
}

/// Does what the first says until it has ended.
fn obey(team: &Arc<dyn Team>, mut begin: impl FnMut(Checkpoint, Part) -> Result<Session>) -> Result<Option<Session>> {
    let mut session: Option<Session> = None;
    loop {
        let mut message = Vec::new();
        team.broadcast(&mut message);
        match (Order::parse(&message), &mut session) {
            (Order::Begin(terms, bytes), session) => {
                let checkpoint = Checkpoint::parse(&bytes, "the first process's state")?;
                let taken = match session.take() {
                    Some(running) => running.rewound(checkpoint)?,
                    None => begin(checkpoint, Part::of(Arc::clone(team)))?,
                };
                terms.check(&Terms::of(&taken))?;
                *session = Some(taken);
            }
            (Order::Advance(steps), Some(session)) => match wait(session.advance(steps)) {
                // All leave the step together, and the first, which knows what to do about it, is heard again.
                Ok(_) | Err(Error::Diverged { .. }) => {}
                Err(error) => {
                    terminal::speak();
                    terminal::note(format!("error: process {} of {}: {error}", team.rank(), team.size()));
                }
            },
            (Order::Advance(_), None) => return Err(CliError::Failed("was told to train before it was told what".into())),
            (Order::End, session) => return Ok(session.take()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TrainConfig;
    use crate::data::{Dataset, ImageSet};
    use crate::device::cpu_device;
    use crate::team::threads::together;

    #[test]
    fn orders_are_read_as_they_were_written() {
        let terms = || Terms { on_cpu: true, data: Fingerprint::of(&Dataset::images(ImageSet::new([1, 1, 2], vec![1, 2]))) };
        for order in [Order::Begin(terms(), vec![1, 2, 3]), Order::Advance(1 << 40), Order::End] {
            assert_eq!(Order::parse(&order.to_bytes()), order);
        }
    }

    #[test]
    fn a_follower_with_another_device_or_other_data_is_refused_in_words() {
        let terms =
            |on_cpu, pixels: &[u8]| Terms { on_cpu, data: Fingerprint::of(&Dataset::images(ImageSet::new([1, 1, 2], pixels.to_vec()))) };
        let refused = |own: Terms| terms(true, &[1, 2]).check(&own).expect_err("it is refused").to_string();
        assert!(refused(terms(false, &[1, 2])).contains("computes on a GPU, and the first process on the CPU"));
        assert!(refused(terms(true, &[1, 3])).contains("checksum") && refused(terms(true, &[1, 2, 3, 4])).contains("1 images then, 2 now"));
        terms(true, &[1, 2]).check(&terms(true, &[1, 2])).expect("the same");
    }

    #[test]
    fn followers_hold_the_same_players_after_all_that_the_first_does_and_end_with_it() {
        let config = TrainConfig { batch: 16, ..TrainConfig::default() };
        let data = || config.dataset().expect("points");
        let saved = |session: &Session| wait(session.save()).expect("a checkpoint");
        let ends = together(2, |team| {
            if team.rank() == 1 {
                let mut begun = 0;
                let resume = |checkpoint, part| {
                    begun += 1;
                    Ok(Session::resume(checkpoint, data(), &cpu_device())?.shared(part)?)
                };
                let end = obey(&team, resume).expect("it follows").expect("it trained");
                assert_eq!(begun, 1, "data are loaded once");
                return saved(&end);
            }
            let followers = Followers(Some(team));
            let new = Session::new(config.clone(), data(), &cpu_device());
            let mut first = new.and_then(|session| session.shared(followers.part())).expect("a session");
            let beginning = saved(&first);
            followers.begin(&first).expect("it is sent");
            for steps in [3, 5] {
                followers.advance(steps);
                wait(first.advance(steps)).expect("it trains");
            }
            let once = saved(&first);
            // Back to the beginning, as after a divergence, and the same way again.
            first = first.rewound(Checkpoint::parse(&beginning, "the beginning").expect("whole")).expect("it resumes");
            followers.begin(&first).expect("it is sent");
            followers.advance(8);
            wait(first.advance(8)).expect("it trains");
            assert!(saved(&first) == once, "another way the second time");
            once
        });
        assert!(ends[0] == ends[1], "the processes hold different players");
    }
}
