//! The tables of the log's months: made ahead of time by the server itself.

use chrono::{Months, NaiveDate};

use super::{Store, StoreError};

/// How many months there are to be beyond the present one.
pub const AHEAD: u32 = 3;

impl Store {
    /// Makes the tables of all months from that of `from` to that of `until`, where they are not there.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn make_months(&self, from: NaiveDate, until: NaiveDate) -> Result<(), StoreError> {
        for month in months(from, until) {
            sqlx::query("select log_make_month($1)").bind(month).execute(&self.pages).await?;
        }
        Ok(())
    }

    /// Whether entries of that day have a table to go to.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn has_month(&self, day: NaiveDate) -> Result<bool, StoreError> {
        let table = day.format("log_entry_%Y_%m").to_string();
        Ok(sqlx::query_scalar("select to_regclass($1) is not null")
            .bind(table)
            .fetch_one(&self.pages)
            .await?)
    }
}

/// The first days of the months from that of `from` to that of `until`.
fn months(from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    use chrono::Datelike as _;
    let first = from.with_day(1).unwrap_or(from);
    (0..)
        .map_while(move |month| first.checked_add_months(Months::new(month)))
        .take_while(move |day| *day <= until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_is_made_once_over_the_turn_of_the_year() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let months: Vec<_> = months(day(2025, 11, 30), day(2026, 2, 1)).collect();
        assert_eq!(months, [day(2025, 11, 1), day(2025, 12, 1), day(2026, 1, 1), day(2026, 2, 1)]);
    }
}
