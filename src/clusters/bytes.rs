//! A sketch as bytes, for a table.

use super::{grams::Grams, sketch::Sketch};
use crate::{clock::Timestamp, ids::PublisherId};

/// Changes when a sketch of one text would come out otherwise: older ones are not compared any more.
const VERSION: u8 = 1;

impl Sketch {
    /// All but publisher, time and keys, which have columns of their own.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.formats.to_le_bytes());
        for grams in [&self.title, &self.lede, &self.body, &self.numbers] {
            bytes.push(u8::from(grams.is_whole()));
            put(&mut bytes, grams.hashes());
        }
        bytes
    }

    /// Back from bytes; `None` when they are of another version.
    #[must_use]
    pub fn from_bytes(
        bytes: &[u8],
        publisher: PublisherId,
        published_at: Timestamp,
        keys: Vec<i32>,
    ) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&[VERSION])?;
        let formats = number(&mut rest)?;
        let mut grams = || {
            let (whole, after) = rest.split_first()?;
            rest = after;
            Some(Grams::from_kept(take(&mut rest)?, *whole == 1))
        };
        let [title, lede, body, numbers] = [grams()?, grams()?, grams()?, grams()?];
        Some(Self { publisher, published_at, title, lede, body, numbers, formats, keys })
    }
}

fn put(bytes: &mut Vec<u8>, numbers: &[u32]) {
    bytes.extend((numbers.len() as u32).to_le_bytes());
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (first, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_le_bytes(*first))
}

fn take(rest: &mut &[u8]) -> Option<Vec<u32>> {
    let length = number(rest)?;
    (0..length).map(|_| number(rest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clusters::sketch::Text;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(headline in ".{0,60}", body in "[가-힣 0-9.]{0,3000}") {
            let (publisher, published_at) = (PublisherId::new(), Timestamp::from_millis(0));
            let text = Text { publisher, headline: &headline, lede: "", body: &body, published_at };
            let sketch = Sketch::of(&text);
            let back = Sketch::from_bytes(&sketch.to_bytes(), publisher, published_at, sketch.keys.clone());
            prop_assert_eq!(back, Some(sketch));
        }

        #[test]
        fn other_bytes_are_no_sketch_or_one_but_never_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Sketch::from_bytes(&bytes, PublisherId::new(), Timestamp::from_millis(0), Vec::new());
        }
    }
}
