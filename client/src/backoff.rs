//! How long to wait between attempts.

use std::time::Duration;

/// Exponential back-off with full jitter: many clients that lost the same server do not all come
/// back to it at the same moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) max: Duration,
}

impl Backoff {
    /// The longest wait after this many failed attempts before it: `first`, doubled each time, at
    /// most `max`.
    pub(crate) fn ceiling(&self, failed: u32) -> Duration {
        self.first.saturating_mul(2_u32.saturating_pow(failed)).min(self.max)
    }

    /// A wait between nothing and the ceiling, each as likely as the next.
    pub(crate) fn delay(&self, failed: u32) -> Duration {
        self.ceiling(failed).mul_f64(fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff =
        Backoff { first: Duration::from_millis(100), max: Duration::from_secs(30) };

    #[test]
    fn the_ceiling_doubles_up_to_the_maximum() {
        let ceilings: Vec<u128> = (0..10).map(|n| BACKOFF.ceiling(n).as_millis()).collect();
        assert_eq!(ceilings, [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000]);
        assert_eq!(BACKOFF.ceiling(u32::MAX), BACKOFF.max);
    }

    #[test]
    fn a_delay_lies_below_its_ceiling_and_differs_from_the_next() {
        for failed in [0, 3, 20, u32::MAX] {
            let delays: Vec<Duration> = (0..1000).map(|_| BACKOFF.delay(failed)).collect();
            let ceiling = BACKOFF.ceiling(failed);
            assert!(delays.iter().all(|delay| *delay <= ceiling));
            assert!(delays.iter().any(|delay| *delay < ceiling / 4));
            assert!(delays.iter().any(|delay| *delay > ceiling / 4 * 3));
        }
    }

    #[test]
    fn a_first_wait_longer_than_the_maximum_is_cut_to_it() {
        let backoff = Backoff { first: Duration::from_secs(5), max: Duration::from_secs(1) };
        assert_eq!(backoff.ceiling(0), Duration::from_secs(1));
    }
}
