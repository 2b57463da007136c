//! The stored bytes of a job as a reader, for a thread that may wait.

use super::store;
use crate::{
    db::{self, Pool},
    ids::ImportId,
};
use std::io::{self, Read};
use tokio::runtime::Handle;

/// Reads one chunk after the other; no more than one is held.
pub struct Chunks {
    pool: Pool,
    handle: Handle,
    id: ImportId,
    next: i32,
    held: io::Cursor<Vec<u8>>,
    ended: bool,
}

impl Chunks {
    /// From the start. The runtime of `handle` must be running, on another thread than the reader's.
    #[must_use]
    pub fn new(pool: Pool, handle: Handle, id: ImportId) -> Self {
        Self { pool, handle, id, next: 0, held: io::Cursor::default(), ended: false }
    }

    fn load(&self) -> io::Result<Option<Vec<u8>>> {
        self.handle.block_on(async {
            let conn = db::get(&self.pool).await.map_err(io::Error::other)?;
            store::chunk(&conn, self.id, self.next).await.map_err(io::Error::other)
        })
    }
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.held.read(buffer)?;
            if read > 0 || self.ended || buffer.is_empty() {
                return Ok(read);
            }
            match self.load()? {
                Some(bytes) => {
                    self.held = io::Cursor::new(bytes);
                    self.next += 1;
                }
                None => self.ended = true,
            }
        }
    }
}
