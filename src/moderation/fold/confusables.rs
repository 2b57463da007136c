//! Characters that are drawn like letters of ASCII. The table, its source and licence: `confusables.txt`.

use std::{collections::HashMap, sync::LazyLock};

static TABLE: LazyLock<HashMap<char, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("confusables.txt").lines().filter(|line| !line.starts_with('#'));
    let rows = lines.filter_map(|line| line.split_once(' '));
    rows.flat_map(|(letter, like)| like.chars().map(move |c| (c, letter))).collect()
});

/// The letters (lower case) or the digit that a character looks like.
#[must_use]
pub fn looks_like(c: char) -> Option<&'static str> {
    match c as u32 {
        // Regional indicators, and letters in squares and discs.
        at @ 0x1F150..=0x1F169 => nth(at - 0x1F150),
        at @ 0x1F170..=0x1F189 => nth(at - 0x1F170),
        at @ 0x1F1E6..=0x1F1FF => nth(at - 0x1F1E6),
        _ => TABLE.get(&c).copied(),
    }
}

fn nth(letter: u32) -> Option<&'static str> {
    let at = letter as usize;
    "abcdefghijklmnopqrstuvwxyz".get(at..=at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_other_scripts_are_known() {
        let read: String = "ѕһіт🅵🇺".chars().filter_map(looks_like).collect();
        assert_eq!(read, "shitfu");
        assert_eq!(looks_like('가'), None);
        assert!(TABLE.len() > 600);
    }
}
