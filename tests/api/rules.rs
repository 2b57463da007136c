//! What holds for every operation of the document.
//!
//! - `operations` the operations, each with a request that could be answered
//! - `access` keys: who is refused, and how
//! - `bodies` bodies that are refused
//! - `examples` what the document shows is true to its own schemas
//! - `headers` what every answer carries
//! - `parameters` query parameters that are refused
//! - `paths` methods and spellings of paths
//! - `table` every operation against every kind of caller
//! - `problems` the shape and the language of refusals

mod access;
mod bodies;
mod examples;
mod headers;
mod operations;
mod parameters;
mod paths;
mod problems;
mod table;
