//! Sosik: the backend a news portal runs on.
//!
//! Slices by capability stand on numbered floors; `docs/ARCHITECTURE.md` shows the house and
//! `tests/floors.rs` enforces it.

pub mod accounts;
pub mod articles;
pub mod authors;
pub mod categories;
pub mod cli;
pub mod clock;
pub mod clusters;
pub mod comments;
pub mod config;
pub mod counters;
pub mod db;
pub mod demo;
pub mod engagement;
pub mod error;
pub mod http;
pub mod ids;
pub mod ingest;
pub mod jobs;
pub mod me;
pub mod meta;
pub mod moderation;
pub mod names;
pub mod openapi;
pub mod page;
pub mod pages;
pub mod policies;
pub mod postgres;
pub mod publishers;
pub mod rankings;
pub mod recommend;
pub mod replay;
pub mod schema;
pub mod server;
pub mod slug;
pub mod stories;
pub mod tags;
pub mod text;
