//! Chance that can be repeated: SplitMix64, which is small, fast and good enough for stories.

/// A stream of random numbers. Two streams with the same seed and path are the same.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A stream from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own for a part of the work, so that adding a throw here moves nothing there.
    #[must_use]
    pub fn fork(&self, label: &str, number: usize) -> Self {
        let start = self.0 ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hash = label
            .bytes()
            .fold(start ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
            });
        let mut fork = Self(hash);
        fork.next();
        fork
    }

    /// 64 random bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            0
        } else {
            (self.next() % end as u64) as usize
        }
    }

    /// A number from `first` to `last`, both included.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let width = last.saturating_sub(first).max(0).unsigned_abs() + 1;
        first + (self.next() % width) as i64
    }

    /// A number from 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Roughly normal, mean 0 and deviation 1, never beyond ±3.5.
    pub fn bell(&mut self) -> f64 {
        let sum: f64 = (0..12).map(|_| self.share()).sum();
        (sum - 6.0).clamp(-3.5, 3.5)
    }

    /// One of them.
    #[expect(clippy::indexing_slicing, reason = "tables of stories are never empty")]
    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// One of them, earlier ones more often: the ranks of names follow such a curve.
    #[expect(clippy::indexing_slicing, reason = "tables of stories are never empty")]
    pub fn pick_early<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        let share = self.share();
        &of[((share * share) * of.len() as f64) as usize % of.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throw = |seed| {
            let mut dice = Dice::new(seed).fork("person", 7);
            (0..5).map(|_| dice.below(100)).collect::<Vec<_>>()
        };
        assert_eq!(throw(1), throw(1));
        assert_ne!(throw(1), throw(2));
    }

    #[test]
    fn throws_stay_in_range() {
        let mut dice = Dice::new(3);
        for _ in 0..1000 {
            assert!((-2..=2).contains(&dice.between(-2, 2)));
            assert!(dice.below(3) < 3);
            assert!(dice.bell().abs() <= 3.5);
        }
    }
}
