//! Several processes that train one run (`mpirun -n 2 sparring train …`): the first decides, writes and speaks, the others train what it says.

use std::env;
use std::sync::Arc;

use super::data;
use super::error::{CliError, Result};
use super::train::TrainArgs;
use super::{terminal, wait};
use crate::checkpoint::Checkpoint;
use crate::error::Error;
use crate::mpi;
use crate::session::Session;
use crate::team::{Part, Team};

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
    Begin(Vec<u8>),
    /// Train so many steps.
    Advance(u64),
    /// The run has ended, well or not.
    End,
}

impl Order {
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Begin(checkpoint) => [b"B", &checkpoint[..]].concat(),
            Self::Advance(steps) => [b"A", &steps.to_le_bytes()[..]].concat(),
            Self::End => b"E".to_vec(),
        }
    }

    fn parse(bytes: &[u8]) -> Self {
        match bytes.split_first() {
            Some((b'B', checkpoint)) => Self::Begin(checkpoint.to_vec()),
            Some((b'A', steps)) => Self::Advance(u64::from_le_bytes(steps.try_into().expect("the first sends eight bytes"))),
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
        self.0.clone().map(Part::of).unwrap_or_default()
    }

    /// Has them take up a session as it is.
    pub fn begin(&self, session: &Session) -> Result<()> {
        if self.0.is_some() {
            self.tell(&Order::Begin(wait(session.save())?));
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
        self.tell(&Order::End);
    }
}

/// A follower's whole run. It says nothing unless it fails; then all processes end, as the first would wait for it in vain.
pub fn follow(team: &Arc<dyn Team>, args: &TrainArgs) {
    terminal::hush();
    let done = obey(team, |checkpoint, part| {
        let data = data::load(&checkpoint.header.config, &args.data)?;
        Ok(Session::resume(checkpoint, data, &args.device.open()?.device)?.shared(part)?)
    });
    if let Err(error) = done {
        terminal::speak();
        terminal::note(format!("error: process {} of {}: {error}", team.rank(), team.size()));
        mpi::abort();
    }
}

/// Does what the first says until it has ended.
fn obey(team: &Arc<dyn Team>, mut begin: impl FnMut(Checkpoint, Part) -> Result<Session>) -> Result<()> {
    let mut session: Option<Session> = None;
    loop {
        let mut message = Vec::new();
        team.broadcast(&mut message);
        match (Order::parse(&message), &mut session) {
            (Order::Begin(bytes), session) => {
                let checkpoint = Checkpoint::parse(&bytes, "the first process's state")?;
                *session = Some(match session.take() {
                    Some(running) => running.rewound(checkpoint)?,
                    None => begin(checkpoint, Part::of(Arc::clone(team)))?,
                });
            }
            (Order::Advance(steps), Some(session)) => match wait(session.advance(steps)) {
                // What diverges here diverges in the first, which knows what to do about it.
                Ok(_) | Err(Error::Diverged { .. }) => {}
                Err(error) => return Err(error.into()),
            },
            (Order::Advance(_), None) => return Err(CliError::Failed("was told to train before it was told what".into())),
            (Order::End, _) => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TrainConfig;
    use crate::device::cpu_device;
    use crate::team::threads::together;

    #[test]
    fn orders_are_read_as_they_were_written() {
        for order in [Order::Begin(vec![1, 2, 3]), Order::Advance(1 << 40), Order::End] {
            assert_eq!(Order::parse(&order.to_bytes()), order);
        }
    }

    #[test]
    fn followers_hold_the_same_players_after_all_that_the_first_does_and_end_with_it() {
        let config = TrainConfig { batch: 16, ..TrainConfig::default() };
        let data = || config.dataset().expect("points");
        let new = |part| Session::new(config.clone(), data(), &cpu_device()).and_then(|session| session.shared(part)).expect("a session");
        let saved = |session: &Session| wait(session.save()).expect("a checkpoint");
        let ends = together(2, |team| {
            if team.rank() == 1 {
                let mut begun = 0;
                let resume = |checkpoint, part| {
                    begun += 1;
                    Ok(Session::resume(checkpoint, data(), &cpu_device())?.shared(part)?)
                };
                obey(&team, resume).expect("it follows");
                return (begun, Vec::new());
            }
            let followers = Followers(Some(team));
            let mut first = new(followers.part());
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
            (0, once)
        });
        assert_eq!(ends[1].0, 1, "data are loaded once");
        let alone = {
            let mut alone = new(Part::default());
            wait(alone.advance(8)).expect("it trains");
            saved(&alone)
        };
        assert_eq!(ends[0].1.len(), alone.len());
    }
}
