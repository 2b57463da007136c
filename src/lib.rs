//! Sosik: the backend a news portal runs on.
//!
//! Slices by capability stand on numbered floors; `docs/ARCHITECTURE.md` shows the house and
//! `tests/floors.rs` enforces it.

pub mod articles;
pub mod clock;
pub mod config;
pub mod counters;
pub mod db;
pub mod engagement;
pub mod error;
pub mod http;
pub mod ids;
pub mod openapi;
pub mod page;
pub mod pages;
pub mod rankings;
pub mod schema;
pub mod server;
