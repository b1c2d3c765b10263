//! Two operators, who move money by the forms of the pages until the entries are sent.

use std::sync::Arc;

use app::query::query_string;
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use uuid::Uuid;

use crate::{
    harness::PASSWORD,
    load::{Answer, CUSTOMERS, ENTRIES, Load},
};

/// An operation that an operator was told of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Done {
    pub(crate) customer_id: String,
    pub(crate) number: i64,
    pub(crate) form_key: String,
}

pub(crate) struct Operator {
    load: Arc<Load>,
    cookie: String,
}

impl Operator {
    pub(crate) async fn sign_in(load: &Arc<Load>, email: &str) -> Self {
        let mut operator = Self { load: Arc::clone(load), cookie: String::new() };
        let answer = operator.send("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        let cookie = answer.headers.get(SET_COOKIE).expect("signing in gives a cookie");
        cookie.to_str().unwrap().split(';').next().unwrap().clone_into(&mut operator.cookie);
        operator
    }

    /// Sends a form, again and again until it is answered.
    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = query_string(fields.iter().map(|(name, value)| (*name, *value)));
        loop {
            let request = self.load.post(path).header(COOKIE, &self.cookie).body(body.clone());
            let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            if let Some(answer) = self.load.answer(request).await {
                return answer;
            }
        }
    }

    /// The number of the operation that the form did; nothing where it was refused.
    async fn act(&self, path: &str, fields: &[(&str, &str)]) -> Option<i64> {
        let answer = self.send(path, fields).await;
        match answer.status {
            StatusCode::SEE_OTHER => {
                let to = answer.headers[LOCATION].to_str().unwrap();
                let number = to.rsplit('/').next().and_then(|number| number.parse().ok());
                Some(number.unwrap_or_else(|| panic!("{path} leads to {to}")))
            }
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT => None,
            status => panic!("{path}: {status}: {}", answer.body),
        }
    }

    async fn perform(&self, customer_id: &str, fields: &[(&str, &str)]) -> Option<Done> {
        let form_key = Uuid::now_v7().to_string();
        let fields = [fields, &[("note", "by a test"), ("form_key", &form_key)]].concat();
        let number = self.act(&format!("/customers/{customer_id}/operations"), &fields).await?;
        Some(Done { customer_id: customer_id.to_owned(), number, form_key })
    }
}

/// Deposits, withdraws (also above the daily limit, which takes the other operator), transfers and reverses
/// until all entries are acknowledged; gives what was performed.
pub(crate) async fn operate(
    load: Arc<Load>,
    [first, second]: [Operator; 2],
    seed: u64,
) -> Vec<Done> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut done = Vec::new();
    for customer_id in &CUSTOMERS[..3] {
        let deposit = [("kind", "deposit"), ("amount", "10000")];
        done.push(first.perform(customer_id, &deposit).await.expect("a deposit is taken"));
    }
    while load.acknowledged() < ENTRIES {
        let two: Vec<_> = CUSTOMERS[..3].sample(&mut rng, 2).collect();
        let amount = format!("{}.{:02}", rng.random_range(0..90), rng.random_range(1..100));
        let earlier = done.choose(&mut rng).expect("there is the first deposit");
        let decided = |what| {
            format!("/customers/{}/operations/{}/{what}", earlier.customer_id, earlier.number)
        };
        match rng.random_range(0..8) {
            0 => done
                .extend(first.perform(two[0], &[("kind", "deposit"), ("amount", &amount)]).await),
            1 => done.extend(
                first.perform(two[0], &[("kind", "withdrawal"), ("amount", &amount)]).await,
            ),
            2 | 3 => {
                let above = format!("1{amount:0>5}");
                done.extend(
                    first.perform(two[0], &[("kind", "withdrawal"), ("amount", &above)]).await,
                );
            }
            4 => {
                let to = [("kind", "transfer"), ("amount", &amount), ("counterparty", two[1])];
                done.extend(first.perform(two[0], &to).await);
            }
            // What is not to be decided on, or not to be undone, is refused.
            5 => drop(second.act(&decided("approve"), &[]).await),
            6 => drop(second.act(&decided("reject"), &[]).await),
            _ => drop(second.act(&decided("reverse"), &[]).await),
        }
    }
    done
}
