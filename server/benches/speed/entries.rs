//! What is recorded: entries as a back office sends them, of some 800 bytes, each with an id, a user who is
//! one of 40, one of 24 actions on as many tables, and a detail of some 400 bytes.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use server::{ingest::item, store::receive::Received};
use uuid::Uuid;

const FIRST: [&str; 8] = ["Helena", "Jonas", "Priya", "Otávio", "Søren", "Zoë", "Łukasz", "美咲"];
const LAST: [&str; 5] = ["Prado", "Weber", "Ramalho", "Kjær", "Wiśniewski"];
/// What is done, to which table, as part of what.
const ACTIONS: [(&str, &str, &str); 24] = [
    ("Requested withdrawal", "withdrawals", "Withdrawal"),
    ("Approved withdrawal", "withdrawal_approvals", "Withdrawal"),
    ("Rejected withdrawal", "withdrawal_rejections", "Withdrawal"),
    ("Reserved funds for payout", "balances", "Payout batch"),
    ("Created payout batch", "payout_batches", "Payout batch"),
    ("Added payout", "payouts", "Payout batch"),
    ("Settled card receivables", "settlements", "Settlement"),
    ("Posted ledger lines", "ledger_entries", "Settlement"),
    ("Matched bank statement line", "reconciliations", "Settlement"),
    ("Created beneficiary", "beneficiaries", "Beneficiary"),
    ("Changed bank details", "bank_accounts", "Beneficiary"),
    ("Verified bank account", "bank_account_checks", "Beneficiary"),
    ("Uploaded identity document", "documents", "Review"),
    ("Confirmed identity", "identity_checks", "Review"),
    ("Raised risk level", "risk_profiles", "Review"),
    ("Added note", "notes", "Review"),
    ("Issued card", "cards", "Card"),
    ("Blocked card", "card_blocks", "Card"),
    ("Changed card limit", "card_limits", "Card"),
    ("Opened dispute", "disputes", "Dispute"),
    ("Answered dispute", "dispute_messages", "Dispute"),
    ("Refunded payment", "refunds", "Payment"),
    ("Captured payment", "payments", "Payment"),
    ("Changed webhook", "webhooks", "Integration"),
];
const INSTANCES: [&str; 6] =
    ["web-7f9c", "web-51ae", "web-1c88", "api-2b41", "api-9d10", "jobs-c03d"];

/// A stream of entries for some customers, the same in every run but for the ids, which are never the same.
pub(crate) struct Entries {
    rng: ChaCha8Rng,
    customers: Vec<String>,
    now: DateTime<Utc>,
}

impl Entries {
    /// For `customers` customers, the first numbered `first`.
    pub(crate) fn new(first: usize, customers: usize) -> Self {
        let customers = (first..first + customers).map(|number| number.to_string()).collect();
        Self { rng: ChaCha8Rng::seed_from_u64(1), customers, now: Utc::now() }
    }

    /// The next one, for any of the customers.
    pub(crate) fn entry(&mut self) -> String {
        let customer = self.rng.random_range(0..self.customers.len());
        self.entry_of(customer)
    }

    /// The next one, for that customer.
    pub(crate) fn entry_of(&mut self, customer: usize) -> String {
        let rng = &mut self.rng;
        self.now += TimeDelta::milliseconds(rng.random_range(1..40));
        let user = rng.random_range(0..FIRST.len() * LAST.len());
        let name = format!("{} {}", FIRST[user % FIRST.len()], LAST[user / FIRST.len()]);
        let (action, table, operation) = ACTIONS[rng.random_range(0..ACTIONS.len())];
        let number = rng.random_range(1_000..900_000);
        let cents = rng.random_range(100..10_000_000);
        let instance = INSTANCES[rng.random_range(0..INSTANCES.len())];
        json!({
            // Ordered by time, as senders' ids mostly are; this project's client makes them so.
            "id": Uuid::now_v7().to_string(),
            "customer_id": self.customers[customer],
            "user": { "id": format!("user:{}", 1000 + user), "name": name, "kind": "operator" },
            "action": action,
            "related_operation": format!("{operation} {number}"),
            "impacted_table": table,
            "source": "API",
            "app_instance": instance,
            "request_path": format!("POST /v1/customers/{}/{table}/{number}", self.customers[customer]),
            "occurred_at": self.now.to_rfc3339_opts(SecondsFormat::Micros, true),
            "detail": {
                "before": { "status": "requested", "amount": cents, "currency": "EUR", "version": 3 },
                "after": {
                    "status": "approved", "amount": cents, "currency": "EUR", "version": 4,
                    "decided_by": format!("user:{}", 1000 + user),
                },
                "reason": "Documents match what the bank has on file",
                "request": { "id": Uuid::now_v7().to_string(), "ip": format!("10.20.{}.{}", user, number % 250) },
                "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            },
        })
        .to_string()
    }

    /// How many customers there are.
    pub(crate) const fn customers(&self) -> usize {
        self.customers.len()
    }

    /// So many of them, for any of the customers.
    pub(crate) fn many(&mut self, number: usize) -> Vec<String> {
        (0..number).map(|_| self.entry()).collect()
    }
}

/// An entry as the server reads it.
pub(crate) fn read(entry: &str) -> Received {
    item::read(entry, 1).unwrap_or_else(|fault| panic!("{fault:?}: {entry}"))
}
