//! What a query asks, as conditions of one statement that reads all it finds: for the export, which reads every row
//! anyway and takes no parameters.

use std::fmt::Write as _;

use app::log::{
    filter::{Asked, Field, Filters, Pattern},
    query::LogQuery,
};
use sqlx::PgConnection;

use super::{
    StoreError,
    chooser::{Chooser, needs_sets},
    order::column_in_sql,
    recorder::stored,
    search,
    sets::after_all_that_begin,
    sql::literal,
};

/// The conditions that `query` comes to, each with an `and` in front. What is asked of users and tables is by the
/// names of the values found in the dictionary, what is asked of other fields with few values by those values, and
/// a stretch of time by the numbers that it lies between.
pub(super) async fn conditions(
    connection: &mut PgConnection,
    chooser: &Chooser<'_>,
    query: &LogQuery,
) -> Result<String, StoreError> {
    let mut conditions = String::new();
    if let Some(matches) = search::find(connection, &chooser.view, query).await? {
        let values: Vec<_> = matches.values.iter().map(i64::to_string).collect();
        add(&mut conditions, &format!("value_seq = any('{{{}}}')", values.join(",")));
    }
    if needs_sets(&chooser.view, query) {
        let range = LogQuery { range: query.range, as_of: query.as_of, ..LogQuery::default() };
        let within = chooser.choose(connection, &range).await?;
        add(&mut conditions, &format!("seq > {} and seq <= {}", within.after, within.last));
        let others = query.filters.without_field(Field::User).without_field(Field::ImpactedTable);
        for field in others.fields() {
            add(&mut conditions, &of_field(connection, chooser, field, &others).await?);
        }
    } else {
        add(&mut conditions, &format!("seq <= {}", chooser.view.cut));
    }
    Ok(conditions)
}

fn add(conditions: &mut String, condition: &str) {
    let _infallible = write!(conditions, " and {condition}");
}

async fn of_field(
    connection: &mut PgConnection,
    chooser: &Chooser<'_>,
    field: Field,
    filters: &Filters,
) -> Result<String, StoreError> {
    let asked = filters.of(field);
    let column = column_in_sql(field.column());
    if let Some(values) = chooser.values(connection, field).await? {
        let passing = values.iter().filter(|value| asked.pass(value)).map(|value| literal(value));
        let passing: Vec<_> = passing.collect();
        return Ok(format!("{column} = any(array[{}]::text[])", passing.join(",")));
    }
    let Asked { one_of, none_of } = asked;
    let one_of = (!one_of.is_empty()).then(|| format!("({})", any(column, &one_of)));
    let none_of = (!none_of.is_empty()).then(|| format!("({}) is not true", any(column, &none_of)));
    Ok(one_of.into_iter().chain(none_of).collect::<Vec<_>>().join(" and "))
}

fn any(column: &str, patterns: &[&Pattern]) -> String {
    let each = patterns.iter().map(|pattern| {
        let text = literal(&stored(pattern.text()));
        match pattern {
            Pattern::Begins(start) => match after_all_that_begin(start) {
                Some(end) => format!("{column} >= {text} and {column} < {}", literal(&end)),
                None => format!("{column} >= {text}"),
            },
            Pattern::Is(_) | Pattern::Has(_) => format!("{column} = {text}"),
        }
    });
    each.collect::<Vec<_>>().join(" or ")
}
