//! What happens on an account: operations, each with entries on several tables, by people and programs.

use std::collections::VecDeque;

use app::log::entry::{Source, UserKind};
use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::{
    calendar::Calendar,
    names::{CLIENTS, OPERATORS, pick},
};
use crate::store::{customers::NewCustomer, recorder::NewEntry};

const WEB: [&str; 5] = ["web-7f9c", "web-51ae", "web-1c88", "web-a04d", "web-e3b0"];
const API: [&str; 3] = ["api-2b41", "api-9d10", "api-6f77"];
const JOBS: [&str; 2] = ["jobs-c03d", "jobs-0e77"];

/// A step takes less than this on average, in seconds.
const LONGEST_MEAN_STEP: f64 = 20.0;

/// Who does something.
#[derive(Debug, Clone)]
struct Actor {
    name: String,
    kind: UserKind,
    source: Source,
    instance: &'static str,
}

/// A customer's log, entry by entry, in the order of time.
pub(super) struct Log<'c> {
    rng: ChaCha8Rng,
    customer: &'c NewCustomer,
    calendar: Calendar,
    entries: u64,
    made: u64,
    waiting: VecDeque<(TimeDelta, NewEntry)>,
    now: DateTime<Utc>,
    operation: u64,
    /// How much of the time that a step takes by itself it takes here, so that a busy log ends in time.
    pace: f64,
}

impl<'c> Log<'c> {
    /// A log of `entries` entries.
    pub(super) fn new(
        mut rng: ChaCha8Rng,
        customer: &'c NewCustomer,
        calendar: Calendar,
        entries: u64,
    ) -> Self {
        let operation = rng.random_range(1_000..900_000);
        let now = calendar.at(0.0);
        let all = calendar.at(1.0) - now;
        let pace = all.as_seconds_f64() / (entries.max(1) as f64 * LONGEST_MEAN_STEP);
        let pace = pace.min(1.0);
        let waiting = VecDeque::new();
        Self { rng, customer, calendar, entries, made: 0, waiting, now, operation, pace }
    }
}

impl Iterator for Log<'_> {
    type Item = (DateTime<Utc>, NewEntry);

    fn next(&mut self) -> Option<Self::Item> {
        if self.made == self.entries {
            return None;
        }
        if self.waiting.is_empty() {
            // The next operation begins where so many entries lie in the two years.
            let share = (self.made as f64 + self.rng.random::<f64>()) / (self.entries as f64 + 1.0);
            self.now = self.now.max(self.calendar.at(share));
            self.operation += self.rng.random_range(1..40);
            let mut scene = Scene { log: self, steps: VecDeque::new() };
            scene.play();
            let steps = scene.steps;
            self.waiting = steps;
        }
        let (later, entry) = self.waiting.pop_front()?;
        self.now += if self.pace < 1.0 {
            TimeDelta::microseconds((later.as_seconds_f64() * self.pace * 1e6) as i64)
        } else {
            later
        };
        self.made += 1;
        Some((self.now, entry))
    }
}

/// One operation being played.
struct Scene<'l, 'c> {
    log: &'l mut Log<'c>,
    steps: VecDeque<(TimeDelta, NewEntry)>,
}

impl Scene<'_, '_> {
    fn customer(&mut self) -> Actor {
        let instance = pick(&mut self.log.rng, &WEB);
        Actor {
            name: self.log.customer.name.clone(),
            kind: UserKind::Customer,
            source: Source::Ui,
            instance,
        }
    }

    fn operator(&mut self) -> Actor {
        // Each customer is mostly looked after by the same few people.
        let usual = self.log.operation as usize % 3 + self.log.customer.name.len();
        let name = if self.log.rng.random_bool(0.7) {
            OPERATORS[usual % OPERATORS.len()]
        } else {
            pick(&mut self.log.rng, &OPERATORS)
        };
        let instance = pick(&mut self.log.rng, &WEB);
        Actor { name: name.into(), kind: UserKind::Operator, source: Source::Ui, instance }
    }

    fn client(&mut self) -> Actor {
        let (name, instance) = (pick(&mut self.log.rng, &CLIENTS), pick(&mut self.log.rng, &API));
        Actor { name: name.into(), kind: UserKind::Client, source: Source::Api, instance }
    }

    fn system(&mut self, name: &str) -> Actor {
        let instance = pick(&mut self.log.rng, &JOBS);
        Actor { name: name.into(), kind: UserKind::System, source: Source::System, instance }
    }

    /// One entry; `path` is empty where no request was behind it.
    fn step(&mut self, actor: &Actor, action: &str, table: &str, operation: &str, path: &str) {
        // The entries of one request come within milliseconds, those of people within minutes.
        let later = if actor.kind == UserKind::System || self.steps.is_empty() {
            TimeDelta::microseconds(self.log.rng.random_range(400..60_000))
        } else {
            TimeDelta::microseconds(self.log.rng.random_range(2_000..40_000_000))
        };
        self.steps.push_back((
            later,
            NewEntry {
                customer_id: self.log.customer.customer_id.clone(),
                user: actor.name.clone(),
                user_id: None,
                user_kind: actor.kind,
                action: action.into(),
                related_operation: (!operation.is_empty()).then(|| operation.into()),
                impacted_table: table.into(),
                source: actor.source,
                app_instance: actor.instance.into(),
                request_path: path.into(),
                occurred_at: None,
                api_key_id: None,
                detail: None,
            },
        ));
    }

    /// What the last step changed.
    fn changed(&mut self, before: Value, after: Value) {
        if let Some((_, entry)) = self.steps.back_mut() {
            entry.detail = Some(json!({ "before": before, "after": after }));
        }
    }

    fn play(&mut self) {
        let id = self.log.customer.customer_id.clone();
        let n = self.log.operation;
        match self.log.rng.random_range(0..100) {
            0..18 => {
                let who = self.customer();
                self.step(&who, "Signed in", "sessions", "", "POST /account/sign-in");
                if self.log.rng.random_bool(0.4) {
                    let path = format!("POST /account/challenges/{n:x}/confirm");
                    self.step(&who, "Confirmed one-time code", "auth_challenges", "", &path);
                }
            }
            18..34 => self.withdrawal(&id.to_string(), n),
            34..46 => {
                let who = self.client();
                let operation = format!("Payout batch {n}");
                self.step(
                    &who,
                    "Created payout batch",
                    "payout_batches",
                    &operation,
                    "POST /v1/payout-batches",
                );
                self.step(
                    &who,
                    "Reserved funds for payout",
                    "balances",
                    &operation,
                    "POST /v1/payout-batches",
                );
                for payout in 0..self.log.rng.random_range(1..5) {
                    let path = format!("POST /v1/payout-batches/{n}/payouts/{payout}");
                    self.step(&who, "Added payout", "payouts", &operation, &path);
                }
            }
            46..58 => {
                let job = self.system("Settlement");
                let operation = format!("Settlement {n}");
                self.step(&job, "Settled card receivables", "settlements", &operation, "");
                self.step(&job, "Credited available balance", "balances", &operation, "");
                self.step(&job, "Posted ledger lines", "ledger_entries", &operation, "");
            }
            58..66 => {
                let who = self.client();
                let operation = format!("Beneficiary {n}");
                let path = format!("PATCH /v1/customers/{id}/beneficiaries/{n}/bank-details");
                self.step(
                    &who,
                    "Created beneficiary",
                    "beneficiaries",
                    &operation,
                    &format!("POST /v1/customers/{id}/beneficiaries"),
                );
                self.step(
                    &who,
                    "Updated beneficiary bank details",
                    "beneficiaries",
                    &operation,
                    &path,
                );
            }
            66..73 => self.limit_review(&id.to_string(), n),
            73..79 => self.identity_review(&id.to_string(), n),
            79..84 => {
                let who = self.customer();
                let operation = format!("PIX key {n}");
                let path = format!("PUT /account/pix-keys/{n}");
                self.step(&who, "Updated PIX key", "pix_keys", &operation, &path);
                let check = format!("POST /account/challenges/{n:x}/confirm");
                self.step(&who, "Confirmed one-time code", "auth_challenges", &operation, &check);
            }
            84..90 => {
                let who = self.operator();
                self.step(
                    &who,
                    "Added compliance note",
                    "customer_notes",
                    "",
                    &format!("POST /customers/{id}/notes"),
                );
            }
            90..94 => {
                let job = self.system("Interest engine");
                let operation = format!("Interest {n}");
                self.step(&job, "Credited interest", "balances", &operation, "");
                self.step(&job, "Posted ledger lines", "ledger_entries", &operation, "");
            }
            94..97 => {
                let who = self.client();
                self.step(
                    &who,
                    "Registered webhook endpoint",
                    "webhook_endpoints",
                    "",
                    "POST /v1/webhook-endpoints",
                );
                if self.log.rng.random_bool(0.3) {
                    self.step(
                        &who,
                        "Removed webhook endpoint",
                        "webhook_endpoints",
                        "",
                        &format!("DELETE /v1/webhook-endpoints/{n}"),
                    );
                }
            }
            _ => {
                let who = self.operator();
                let operation = format!("Statement {n}");
                let path = format!(
                    "GET /customers/{id}/statements/{n}/download?format=pdf&locale=pt-BR&columns=date,description,counterparty,amount,balance&from=2025-01-01&to=2025-12-31&signature={n:032x}"
                );
                self.step(&who, "Downloaded statement", "statements", &operation, &path);
            }
        }
    }

    fn withdrawal(&mut self, id: &str, n: u64) {
        let operation = format!("Withdrawal {n}");
        let (who, job) = (self.customer(), self.system("Settlement"));
        self.step(
            &who,
            "Requested withdrawal",
            "withdrawals",
            &operation,
            "POST /account/withdrawals",
        );
        self.step(&who, "Reserved funds", "balances", &operation, "POST /account/withdrawals");
        if self.log.rng.random_bool(0.35) {
            let staff = self.operator();
            let path = format!("/customers/{id}/withdrawals/{n}");
            self.step(
                &staff,
                "Viewed withdrawal",
                "withdrawals",
                &operation,
                &format!("GET {path}"),
            );
            if self.log.rng.random_bool(0.1) {
                self.step(
                    &staff,
                    "Rejected withdrawal",
                    "withdrawals",
                    &operation,
                    &format!("POST {path}/reject"),
                );
                self.step(&job, "Released reserved funds", "balances", &operation, "");
                return;
            }
            self.step(
                &staff,
                "Approved withdrawal",
                "withdrawals",
                &operation,
                &format!("POST {path}/approve"),
            );
        }
        self.step(&job, "Debited available balance", "balances", &operation, "");
        self.step(&job, "Posted ledger lines", "ledger_entries", &operation, "");
    }

    fn limit_review(&mut self, id: &str, n: u64) {
        let operation = format!("Limit review {n}");
        let (who, job, staff) = (self.customer(), self.system("Limits engine"), self.operator());
        self.step(
            &who,
            "Requested limit increase",
            "limit_reviews",
            &operation,
            "POST /account/limits/reviews",
        );
        self.step(&job, "Scored limit request", "limit_reviews", &operation, "");
        let path = format!("PATCH /customers/{id}/limits/daily-transfer");
        self.step(&staff, "Changed daily transfer limit", "customer_limits", &operation, &path);
        let before = self.log.rng.random_range(1..40) * 5_000;
        let after = before + self.log.rng.random_range(1..20) * 2_500;
        self.changed(
            json!({ "daily_transfer": before, "currency": "BRL", "approved_by": null }),
            json!({ "daily_transfer": after, "currency": "BRL", "approved_by": staff.name }),
        );
    }

    fn identity_review(&mut self, id: &str, n: u64) {
        let operation = format!("KYC review {n}");
        let (who, staff) = (self.customer(), self.operator());
        self.step(
            &who,
            "Uploaded identity document",
            "kyc_documents",
            &operation,
            &format!("POST /account/kyc/{n}/documents"),
        );
        self.step(
            &staff,
            "Approved identity document",
            "kyc_documents",
            &operation,
            &format!("POST /customers/{id}/kyc/{n}/documents/{n:x}/approve"),
        );
        self.step(
            &staff,
            "Closed review",
            "kyc_reviews",
            &operation,
            &format!("PATCH /customers/{id}/kyc/{n}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::{customer, rng};
    use super::*;
    use crate::config::Shape;

    fn shape(seed: u64) -> Shape {
        Shape {
            customers: 1,
            entries: 1_000,
            largest: 1_000,
            seed,
            first_id: 1,
            until: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(),
        }
    }

    fn entries(seed: u64) -> Vec<(DateTime<Utc>, NewEntry)> {
        let shape = shape(seed);
        let customer = customer(&shape, 0);
        Log::new(rng(&shape, 0, 1), &customer, Calendar::new(shape.until), 1_000).collect()
    }

    #[test]
    fn a_seed_gives_the_same_log_always() {
        assert_eq!(entries(7), entries(7));
        assert_ne!(entries(7), entries(8));
    }

    #[test]
    fn a_log_too_busy_for_its_steps_ends_in_time_all_the_same() {
        let shape = shape(7);
        let customer = customer(&shape, 0);
        // As busy as one with ten million entries in two years.
        let calendar = Calendar::new(shape.until);
        let mut log = Log::new(rng(&shape, 0, 1), &customer, calendar.clone(), 10_000_000);
        let (at, _) = log.nth(100_000).unwrap();
        assert!(at <= calendar.at(0.0101), "{at}");
    }

    #[test]
    fn a_log_has_the_entries_asked_for_in_the_order_of_time() {
        let entries = entries(7);
        assert_eq!(entries.len(), 1_000);
        assert!(entries.is_sorted_by_key(|(at, _)| *at));
        assert!(entries.iter().any(|(_, entry)| entry.related_operation.is_none()));
        assert!(entries.iter().any(|(_, entry)| entry.request_path.len() > 150));
        for kind in &UserKind::ALL[..4] {
            assert!(entries.iter().any(|(_, entry)| entry.user_kind == *kind), "{kind:?}");
        }
    }
}
