//! Variety: not the same publisher or category over and over. Pure.

/// Places that are looked at together.
const SPAN: usize = 6;
/// Places of [`SPAN`] that one publisher has.
const PUBLISHER: usize = 2;
/// Places of [`SPAN`] that one category has, on lists over all.
const CATEGORY: usize = 3;

/// Who an item is from: publisher, and category where that matters.
pub type Origin<P, C> = (P, Option<C>);

/// The same items in an order in which, of any six in a row, at most two are of one publisher and at most
/// three of one category, as long as others last: each place goes to the first that fits, else to the
/// first whose category fits, else to the first.
#[must_use]
pub fn vary<T, P: PartialEq, C: PartialEq>(
    items: Vec<T>,
    origin: impl Fn(&T) -> Origin<P, C>,
) -> Vec<T> {
    let mut left: Vec<(Origin<P, C>, T)> =
        items.into_iter().map(|item| (origin(&item), item)).collect();
    let mut placed: Vec<(Origin<P, C>, T)> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let next = next(&left, &placed);
        placed.push(left.remove(next));
    }
    placed.into_iter().map(|(_, item)| item).collect()
}

fn next<T, P: PartialEq, C: PartialEq>(
    left: &[(Origin<P, C>, T)],
    placed: &[(Origin<P, C>, T)],
) -> usize {
    let near = &placed[placed.len().saturating_sub(SPAN - 1)..];
    let fits_publisher = |(publisher, _): &Origin<P, C>| {
        near.iter().filter(|((other, _), _)| other == publisher).count() < PUBLISHER
    };
    let fits_category = |(_, category): &Origin<P, C>| {
        category.is_none()
            || near.iter().filter(|((_, other), _)| other == category).count() < CATEGORY
    };
    left.iter()
        .position(|(origin, _)| fits_publisher(origin) && fits_category(origin))
        .or_else(|| left.iter().position(|(origin, _)| fits_category(origin)))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn origin(item: &(usize, u8, u8)) -> Origin<u8, u8> {
        (item.1, Some(item.2))
    }

    fn items() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
        prop::collection::vec((0u8..5, 0u8..4), 0..60).prop_map(|origins| {
            origins.into_iter().enumerate().map(|(n, (p, c))| (n, p, c)).collect()
        })
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_first_stays_first(items in items()) {
            let mut varied = vary(items.clone(), origin);
            prop_assert_eq!(varied.first(), items.first());
            varied.sort_unstable();
            prop_assert_eq!(varied, items);
        }

        #[test]
        fn what_is_varied_already_stays_as_it_is(items in items()) {
            let once = vary(items, origin);
            prop_assert_eq!(vary(once.clone(), origin), once);
        }

        #[test]
        fn a_limit_is_passed_only_where_nothing_else_is_left(items in items()) {
            let varied = vary(items, origin);
            for n in 0..varied.len() {
                let near = &varied[n.saturating_sub(SPAN - 1)..n];
                let too_many = |item: &(usize, u8, u8)| {
                    near.iter().filter(|other| other.2 == item.2).count() >= CATEGORY
                };
                if too_many(&varied[n]) {
                    prop_assert!(varied[n..].iter().all(too_many));
                }
            }
        }
    }
}
