//! Everything that a run leaves to chance, drawn from its seed and from nothing else.

use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cloud::Entropy;
use fastrand::Rng;

/// A seeded generator; clones draw from the same.
#[derive(Clone, Debug)]
pub struct Chance(Arc<Mutex<Rng>>);

impl Chance {
    pub fn of(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Rng::with_seed(seed))))
    }

    /// Another generator that follows from this one.
    pub fn branch(&self) -> Self {
        Self(Arc::new(Mutex::new(self.draw(Rng::fork))))
    }

    /// Whether something happens that does so in this part of all cases.
    pub fn once_in(&self, part: f64) -> bool {
        part > 0.0 && self.draw(Rng::f64) < part
    }

    pub fn below(&self, bound: usize) -> usize {
        self.draw(|rng| rng.usize(0..bound))
    }

    pub fn number(&self, range: Range<u64>) -> u64 {
        self.draw(|rng| rng.u64(range))
    }

    pub fn of_these<'a, T>(&self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    pub fn shuffle<T>(&self, things: &mut [T]) {
        self.draw(|rng| rng.shuffle(things));
    }

    pub fn millis(&self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.number(range))
    }

    /// What the functions draw their salts, references and ids from.
    pub fn entropy(&self) -> Entropy {
        let source = self.branch();
        Entropy::new(Arc::new(move |bytes| {
            source.draw(|rng| rng.fill(bytes));
            Ok(())
        }))
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut Rng) -> T) -> T {
        draw(&mut self.0.lock().unwrap())
    }
}
