//! A stream of bytes in lines, however long it is and whatever stands in it.

use std::io::{self, BufRead};

/// One line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1; blank lines count.
    pub n: u32,
    /// Its bytes without the line break; `None` when there were more than the limit.
    pub bytes: Option<Vec<u8>>,
}

/// Reads lines one by one; no more than one is held.
pub struct Lines<R> {
    reader: R,
    max: usize,
    n: u32,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most `max` bytes.
    pub fn new(reader: R, max: usize) -> Self {
        Self { reader, max, n: 0 }
    }

    /// The next line with its break; `None` at the end.
    fn read(&mut self) -> io::Result<Option<Line>> {
        let (mut bytes, mut long, mut any) = (Vec::new(), false, false);
        loop {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let piece = end.map_or(buffer, |end| &buffer[..end]);
            let used = end.map_or(buffer.len(), |end| end + 1);
            if bytes.len() + piece.len() > self.max {
                long = true;
            } else if !long {
                bytes.extend_from_slice(piece);
            }
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        self.n += u32::from(any);
        Ok(any.then_some(Line { n: self.n, bytes: (!long).then_some(bytes) }))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut line = match self.read() {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            if let Some(bytes) = &mut line.bytes {
                if line.n == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
                    bytes.drain(..3);
                }
                if bytes.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
            }
            return Some(Ok(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_counted_but_not_given_and_long_ones_are_skipped() {
        let text = b"\xef\xbb\xbfone\r\n\n  \ntwo\nmuch too long\nend";
        let reader = io::BufReader::with_capacity(4, &text[..]);
        let lines: Vec<_> = Lines::new(reader, 8).map(Result::unwrap).collect();
        let line = |n, text: Option<&str>| Line { n, bytes: text.map(|t| t.as_bytes().to_vec()) };
        let expected =
            [line(1, Some("one\r")), line(4, Some("two")), line(5, None), line(6, Some("end"))];
        assert_eq!(lines, expected);
        assert_eq!(Lines::new(&b""[..], 9).count(), 0);
    }
}
