//! How many entries each customer has.

/// One number for each customer, largest first: the first is `largest`, together they are `entries`, and
/// they fall off as sizes do in the world (Zipf's law, exponent 1.05).
pub(super) fn sizes(customers: u64, entries: u64, largest: u64) -> Result<Vec<u64>, &'static str> {
    if customers == 0 {
        return if entries == 0 { Ok(Vec::new()) } else { Err("entries need a customer") };
    }
    if largest > entries {
        return Err("the largest customer cannot have more entries than all have together");
    }
    let others = customers - 1;
    let mut left = entries - largest;
    if left > others.saturating_mul(largest) {
        return Err("so many entries do not fit: no customer may have more than --largest");
    }
    let weight = |place: u64| ((place + 1) as f64).powf(-1.05);
    let sum: f64 = (1..customers).map(weight).sum();
    let share = left as f64 / sum.max(f64::MIN_POSITIVE);
    let mut sizes = vec![largest];
    for place in 1..customers {
        let size = ((weight(place) * share) as u64).min(largest).min(left);
        sizes.push(size);
        left -= size;
    }
    // What rounding and the cap left over goes to whoever has room, from the second on.
    for size in sizes.iter_mut().skip(1) {
        let more = left.min(largest - *size).min(left.div_ceil(others).max(1));
        *size += more;
        left -= more;
    }
    for size in sizes.iter_mut().skip(1) {
        let more = left.min(largest - *size);
        *size += more;
        left -= more;
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::sizes;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sizes_add_up_and_none_is_larger_than_the_largest(
            customers in 1..500_u64, largest in 0..5_000_u64, more in 0.0..1.0_f64,
        ) {
            let entries = largest + (more * (customers - 1) as f64 * largest as f64) as u64;
            let sizes = sizes(customers, entries, largest).unwrap();
            prop_assert_eq!(sizes.len() as u64, customers);
            prop_assert_eq!(sizes.iter().sum::<u64>(), entries);
            prop_assert_eq!(sizes[0], largest);
            prop_assert!(sizes.iter().all(|size| *size <= largest));
        }
    }

    #[test]
    fn impossible_shapes_are_refused() {
        assert!(sizes(1, 10, 5).is_err());
        assert!(sizes(2, 5, 10).is_err());
        assert!(sizes(0, 1, 0).is_err());
    }
}
