//! The ledger's arithmetic: four accounts a customer, and what may move between them.

use crate::words::Language;

/// Where a customer's money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// To be used.
    Available,
    /// Set aside for a withdrawal that waits.
    Reserved,
    /// What came from and went to the world; below zero while the customer has money here.
    Outside,
    /// What came from and went to other customers.
    Transit,
}

impl Account {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Available, Self::Reserved, Self::Outside, Self::Transit];

    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Reserved => "reserved",
            Self::Outside => "outside",
            Self::Transit => "transit",
        }
    }

    /// As the screen says it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Available => language.available(),
            Self::Reserved => language.reserved(),
            Self::Outside => language.outside(),
            Self::Transit => language.other_customers(),
        }
    }
}

/// From which account to which money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// In from outside.
    Deposit,
    /// Out.
    Withdrawal,
    /// Set aside.
    Reserve,
    /// What was set aside goes out.
    Settle,
    /// What was set aside can be used again.
    Release,
    /// To another customer.
    TransferOut,
    /// From another customer.
    TransferIn,
}

impl Movement {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Deposit,
        Self::Withdrawal,
        Self::Reserve,
        Self::Settle,
        Self::Release,
        Self::TransferOut,
        Self::TransferIn,
    ];

    /// The account that loses, and the one that gets.
    pub const fn accounts(self) -> (Account, Account) {
        match self {
            Self::Deposit => (Account::Outside, Account::Available),
            Self::Withdrawal => (Account::Available, Account::Outside),
            Self::Reserve => (Account::Available, Account::Reserved),
            Self::Settle => (Account::Reserved, Account::Outside),
            Self::Release => (Account::Reserved, Account::Available),
            Self::TransferOut => (Account::Available, Account::Transit),
            Self::TransferIn => (Account::Transit, Account::Available),
        }
    }
}

/// Why money does not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// There is not so much there.
    #[error("not enough money is available")]
    Insufficient,
    /// No balance can be so large.
    #[error("a balance cannot become so large")]
    TooLarge,
}

impl LedgerError {
    /// In a sentence.
    pub const fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Insufficient => language.not_enough_money(),
            Self::TooLarge => language.balance_too_large(),
        }
    }
}

/// What a customer's accounts hold, in minor units. They add up to zero, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balances {
    amounts: [i64; 4],
}

impl Balances {
    /// Balances as they are stored.
    pub fn of(amounts: impl IntoIterator<Item = (Account, i64)>) -> Self {
        let mut balances = Self::default();
        for (account, amount) in amounts {
            balances.amounts[account as usize] = amount;
        }
        balances
    }

    /// What an account holds.
    pub const fn get(&self, account: Account) -> i64 {
        self.amounts[account as usize]
    }

    /// The balances after `amount` (more than 0) has moved.
    ///
    /// # Errors
    /// [`LedgerError`] where it cannot: then nothing has moved.
    pub fn after(&self, movement: Movement, amount: i64) -> Result<Self, LedgerError> {
        let (from, to) = movement.accounts();
        let mut after = *self;
        let left = self.get(from).checked_sub(amount).ok_or(LedgerError::TooLarge)?;
        if left < 0 && matches!(from, Account::Available | Account::Reserved) {
            return Err(LedgerError::Insufficient);
        }
        after.amounts[from as usize] = left;
        after.amounts[to as usize] =
            self.get(to).checked_add(amount).ok_or(LedgerError::TooLarge)?;
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_moves_the_accounts_balance_and_nobody_overdraws(
            steps in proptest::collection::vec((0..7_usize, 1..=i64::MAX), 0..60)
        ) {
            let mut balances = Balances::default();
            for (movement, amount) in steps {
                if let Ok(after) = balances.after(Movement::ALL[movement], amount) {
                    balances = after;
                }
                let total: i128 = balances.amounts.iter().map(|amount| i128::from(*amount)).sum();
                prop_assert_eq!(total, 0);
                prop_assert!(balances.get(Account::Available) >= 0);
                prop_assert!(balances.get(Account::Reserved) >= 0);
            }
        }
    }
}
