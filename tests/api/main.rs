//! The API over real HTTP: files are named for the URLs they test; `rules` holds for every operation
//! of the document. Every answer of every test is held against the document as well.

mod accounts;
mod api_keys;
mod articles;
mod articles_history;
mod articles_lists;
mod articles_read;
mod articles_upsert;
mod articles_write;
mod boards;
mod categories;
mod comments;
mod contract;
mod counters;
mod honesty;
mod imports;
mod limits;
mod meta;
mod pages;
mod pages_whole;
mod publishers;
mod rankings;
mod reactions;
mod rules;
mod shares;
mod stats;
mod stories;
mod support;
mod tags;
mod views;
mod visitors;
