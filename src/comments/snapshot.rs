//! Which transactions were over at a moment, small enough for a cursor.
//!
//! PostgreSQL writes `xmin:xmax:xip,…`: all below `xmin` are over, none from `xmax` on, and of those
//! between them the ones listed are not.

use crate::page::MARK_BYTES;

/// The snapshot in few bytes. Where too many transactions run, all from `xmin` on count as not over:
/// then a few changes are taken back that were seen.
#[must_use]
pub fn encode(text: &str) -> Vec<u8> {
    let Some((xmin, xmax, running)) = parse(text) else { return Vec::new() };
    let mut bytes = Vec::new();
    put(&mut bytes, xmin);
    let short = bytes.clone();
    put(&mut bytes, xmax - xmin);
    let mut last = xmin;
    for xid in running {
        put(&mut bytes, xid - last);
        last = xid;
    }
    if bytes.len() > MARK_BYTES { short } else { bytes }
}

/// As PostgreSQL writes it; `None` for bytes that are no snapshot.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<String> {
    let mut numbers = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (number, after) = take(rest)?;
        numbers.push(number);
        rest = after;
    }
    let (xmin, numbers) = numbers.split_first()?;
    let (width, gaps) = numbers.split_first().unwrap_or((&0, &[]));
    let xmax = xmin.checked_add(*width)?;
    let mut at = *xmin;
    let mut running = Vec::new();
    for gap in gaps {
        at = at.checked_add(*gap)?;
        // Each once, and below the end: PostgreSQL refuses anything else.
        if at >= xmax || running.last() == Some(&at) {
            return None;
        }
        running.push(at);
    }
    let running: Vec<_> = running.iter().map(ToString::to_string).collect();
    (*xmin > 0 && xmax < 1 << 62).then(|| format!("{xmin}:{xmax}:{}", running.join(",")))
}

fn parse(text: &str) -> Option<(u64, u64, Vec<u64>)> {
    let mut parts = text.split(':');
    let (xmin, xmax) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let listed = parts.next()?.split(',').filter(|xid| !xid.is_empty());
    let mut running = listed.map(|xid| xid.parse().ok()).collect::<Option<Vec<u64>>>()?;
    running.sort_unstable();
    (xmin <= xmax && running.iter().all(|xid| (xmin..xmax).contains(xid)))
        .then_some((xmin, xmax, running))
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow (LEB128).
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        bytes.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return;
        }
    }
}

fn take(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0_u64;
    for (n, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * n);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[n + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(xmin in 1_u64..1 << 40, gaps in prop::collection::vec(1_u64..1000, 0..20)) {
            let mut at = xmin;
            let running: Vec<u64> = gaps.iter().map(|gap| { at += gap; at }).collect();
            let listed: Vec<_> = running.iter().map(ToString::to_string).collect();
            let text = format!("{xmin}:{}:{}", at + 1, listed.join(","));
            prop_assert_eq!(decode(&encode(&text)), Some(text));
        }

        #[test]
        fn foreign_bytes_do_not_break(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = decode(&bytes);
        }
    }

    #[test]
    fn too_many_transactions_are_told_by_the_oldest() {
        let running: Vec<_> = (0..200).map(|n| (100 + 3 * n).to_string()).collect();
        let text = format!("100:1000:{}", running.join(","));
        assert_eq!(decode(&encode(&text)), Some("100:100:".to_owned()));
    }
}
