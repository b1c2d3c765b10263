//! Data as a bank's back office has it: many customers of very different size, people and programs that
//! act on them, operations that touch several tables each, two years of working hours. The same shape
//! gives the same data.

mod calendar;
mod names;
mod scenes;
mod sizes;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use app::customer::CustomerType;
use indicatif::{ProgressBar, ProgressStyle};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{
    config::Shape,
    store::{
        Store, StoreError,
        customers::NewCustomer,
        recorder::{NewEntry, RecordError, Recorder},
    },
};
use calendar::Calendar;
use scenes::Log;

/// How many entries are recorded together.
const BATCH: usize = 2_000;
/// After how many batches the log's milestones are brought up to date.
const COUNTED_TOGETHER: u32 = 16;
/// How many customers are filled at once.
const AT_ONCE: usize = 2;

/// Why the data is not there, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// No data has this shape.
    #[error("{0}")]
    Shape(&'static str),
    /// A customer could not be added.
    #[error(
        "adding customer {id}: {error}. Another --first-id keeps out of the way of what is there"
    )]
    Customer {
        /// Whom.
        id: String,
        /// Why not.
        error: StoreError,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Entries could not be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A part of the work broke off.
    #[error("a part of the work broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// Adds customers and entries of `shape`, in constant memory, and shows how far it is.
///
/// # Errors
/// [`GenerateError`]; some of the data may be there then.
pub async fn fill(store: &Store, shape: &Shape) -> Result<(), GenerateError> {
    let sizes = sizes::sizes(shape.customers, shape.entries, shape.largest)
        .map_err(GenerateError::Shape)?;
    store.make_months(Calendar::new(shape.until).first_day(), shape.until).await?;
    let style = ProgressStyle::with_template(
        "{bar:32} {human_pos} of {human_len} entries, {per_sec}, {eta} to go",
    )
    .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(shape.entries).with_style(style);

    let queue: VecDeque<(u64, u64)> = (0..).zip(sizes).collect();
    let queue = Arc::new(Mutex::new(queue));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (store, shape, queue, bar) =
            (store.clone(), shape.clone(), Arc::clone(&queue), bar.clone());
        workers.spawn(async move {
            loop {
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some((index, entries)) = next else { return Ok(()) };
                fill_customer(&store, &shape, index, entries, &bar).await?;
            }
        });
    }
    while let Some(ended) = workers.join_next().await {
        ended.map_err(GenerateError::from).flatten()?;
    }
    bar.finish();
    Ok(())
}

/// The first of the customers that is a person.
pub fn first_person(shape: &Shape) -> NewCustomer {
    (0..)
        .map(|index| customer(shape, index))
        .find(|customer| customer.customer_type == CustomerType::Person)
        .unwrap_or_else(|| customer(shape, 0))
}

fn customer(shape: &Shape, index: u64) -> NewCustomer {
    let mut rng = rng(shape, index, 0);
    names::customer(&mut rng, shape, index)
}

/// The numbers of one customer, independent of all others'. `stream` keeps the uses apart.
fn rng(shape: &Shape, index: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(shape.seed ^ index.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    rng.set_stream(stream);
    rng
}

async fn fill_customer(
    store: &Store,
    shape: &Shape,
    index: u64,
    entries: u64,
    bar: &ProgressBar,
) -> Result<(), GenerateError> {
    let customer = customer(shape, index);
    let mut transaction = store.begin().await?;
    Store::add_customer(&mut transaction, &customer)
        .await
        .map_err(|error| GenerateError::Customer { id: customer.customer_id.to_string(), error })?;
    transaction.commit().await.map_err(StoreError::from)?;

    let calendar = Calendar::new(shape.until);
    let mut log = Log::new(rng(shape, index, 1), &customer, calendar, entries);
    for number in 1.. {
        let batch: Vec<(_, NewEntry)> = log.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let mut transaction = store.begin().await?;
        Recorder::new(&mut transaction).load(&batch).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        bar.inc(batch.len() as u64);
        if number % COUNTED_TOGETHER == 0 {
            store.count_on(&customer.customer_id).await?;
        }
    }
    Ok(store.count_on(&customer.customer_id).await?)
}
