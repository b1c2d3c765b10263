//! Who follows the logs in this server, and is told of entries once they are committed.

use super::{counting::Laggards, recorder::Recorded, tail::Tails};

/// All of them. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Followers {
    pub(super) laggards: Laggards,
    pub(super) tails: Tails,
}

impl Followers {
    /// Tells them that these entries are committed.
    pub(super) fn tell(&self, recorded: &[Recorded]) {
        for log in recorded {
            for seq in log.first_seq..log.first_seq + log.entries {
                self.laggards.note(&log.customer_id, seq);
            }
        }
        self.tails.tell(recorded);
    }
}
