//! Group commit: what many requests bring at the same time is recorded in one transaction, and each is
//! answered when that is durable. While one group is being written the next one gathers, so there is no
//! waiting for company: a lone request is written at once.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::store::{
    Store, StoreError,
    receive::{Receipt, Received},
    recorder::RecordError,
};

/// How many items may wait, over all requests. Above that, senders are told to come back.
const WAITING: usize = 20_000;
/// How many items are recorded together, at most (but a request is never split).
const TOGETHER: usize = 2_000;
/// How many groups are written at once. More would split what arrives into smaller groups, and those of one
/// customer wait for each other anyway.
const AT_ONCE: usize = 2;

/// A group that is not recorded in this time is given up: longer than any statement may take.
const PATIENCE: Duration = Duration::from_secs(32);

/// Why items were not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// There is more to do than is taken on.
    #[error("more is waiting than is taken on")]
    Busy,
    /// The database does not answer. Whether they were recorded is not known: what has an id can be sent again.
    #[error("the database does not answer")]
    Unavailable,
    /// The database failed.
    #[error("the database failed")]
    Failed,
}

impl From<&StoreError> for QueueError {
    fn from(error: &StoreError) -> Self {
        if matches!(error, StoreError::Unavailable(_)) { Self::Unavailable } else { Self::Failed }
    }
}

type Answer = Result<Vec<Receipt>, QueueError>;

/// One request's items, waiting to be recorded.
struct Waiting {
    items: Vec<Received>,
    answer: oneshot::Sender<Answer>,
    _room: OwnedSemaphorePermit,
}

/// The way to be recorded together with others. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue {
    sender: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
}

impl Queue {
    /// A queue over `store`, with its writers. They end when the last clone is gone.
    pub fn start(store: &Store) -> Self {
        // Bounded by the room, which counts items: requests are of very different size.
        let (sender, receiver) = mpsc::unbounded_channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..AT_ONCE {
            tokio::spawn(write(store.clone(), Arc::clone(&receiver)));
        }
        Self { sender, room: Arc::new(Semaphore::new(WAITING)) }
    }

    /// Records `items`, and answers when that is durable.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn record(&self, items: Vec<Received>) -> Answer {
        let room = Arc::clone(&self.room).try_acquire_many_owned(size(&items));
        self.record_in(room.map_err(|_| QueueError::Busy)?, items).await
    }

    /// The same, but waits for room: for senders who wait for their answers before they send on.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn record_in_turn(&self, items: Vec<Received>) -> Answer {
        let room = Arc::clone(&self.room).acquire_many_owned(size(&items)).await;
        self.record_in(room.map_err(|_| QueueError::Failed)?, items).await
    }

    async fn record_in(&self, room: OwnedSemaphorePermit, items: Vec<Received>) -> Answer {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { items, answer, _room: room };
        self.sender.send(waiting).map_err(|_| QueueError::Failed)?;
        answered.await.map_err(|_| QueueError::Failed)?
    }
}

fn size(items: &[Received]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

/// Writes group after group.
async fn write(store: Store, receiver: Arc<Mutex<mpsc::UnboundedReceiver<Waiting>>>) {
    loop {
        let mut group = Vec::new();
        {
            let mut receiver = receiver.lock().await;
            let Some(first) = receiver.recv().await else { return };
            let mut items = first.items.len();
            group.push(first);
            while items < TOGETHER {
                let Ok(next) = receiver.try_recv() else { break };
                items += next.items.len();
                group.push(next);
            }
        }
        let (items, answers): (Vec<Vec<Received>>, Vec<_>) = group
            .into_iter()
            .map(|waiting| (waiting.items, (waiting.answer, waiting._room)))
            .unzip();
        let answered = together(&store, items).await;
        for ((answer, _), result) in answers.into_iter().zip(answered) {
            // Who asked may have left.
            let _told = answer.send(result);
        }
    }
}

/// Records a group; where the database refuses it, each request by itself, so that one cannot spoil others'.
async fn together(store: &Store, group: Vec<Vec<Received>>) -> Vec<Answer> {
    let sizes: Vec<usize> = group.iter().map(Vec::len).collect();
    let all: Vec<Received> = group.into_iter().flatten().collect();
    match in_one_transaction(store, &all).await {
        Ok(receipts) => {
            let mut receipts = receipts.into_iter();
            sizes.into_iter().map(|size| Ok(receipts.by_ref().take(size).collect())).collect()
        }
        Err(error) if sizes.len() == 1 || error == QueueError::Unavailable => {
            vec![Err(error); sizes.len()]
        }
        Err(_) => {
            let mut answers = Vec::with_capacity(sizes.len());
            let mut rest = all.as_slice();
            for size in sizes {
                let (items, others) = rest.split_at(size);
                answers.push(in_one_transaction(store, items).await);
                rest = others;
            }
            answers
        }
    }
}

async fn in_one_transaction(store: &Store, items: &[Received]) -> Answer {
    // A database that says nothing at all would hold the writer, and all who wait for it, for ever.
    let Ok(outcome) = tokio::time::timeout(PATIENCE, store.receive(items)).await else {
        tracing::error!("the database did not say anything while a group was being recorded");
        return Err(QueueError::Unavailable);
    };
    outcome.map_err(|error| match error {
        RecordError::Store(error) => {
            crate::telemetry::store_failed(&error);
            QueueError::from(&error)
        }
        other => {
            tracing::error!(%other, "a group could not be recorded");
            QueueError::Failed
        }
    })
}
