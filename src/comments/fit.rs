//! Pages that are not too large.

/// Most bytes of a page of comments, before compression, with room for what stands around them.
pub const PAGE_BYTES: usize = 480 * 1024;

/// How many of the first items of these sizes fit into `budget`; one always does.
#[must_use]
pub fn fit(sizes: impl IntoIterator<Item = usize>, budget: usize) -> usize {
    let mut sum = 0_usize;
    let fitting = sizes.into_iter().take_while(|size| {
        sum = sum.saturating_add(*size);
        sum <= budget
    });
    fitting.count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_that_fits_is_taken_and_never_nothing() {
        assert_eq!(fit([40, 40, 40], 100), 2);
        assert_eq!(fit([40, 40], 100), 2);
        assert_eq!(fit([400, 1], 100), 1);
    }
}
