//! The API over real HTTP: files are named for the URLs they test; `rules` holds for every operation
//! of the document. Every answer of every test is held against the document as well.

mod contract;
mod counters;
mod pages;
mod rankings;
mod rules;
mod support;
mod views;
