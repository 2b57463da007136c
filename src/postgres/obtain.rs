//! The programs to use: named by the operator, found, or fetched.

use std::path::Path;

use super::fault::Fault;
use super::folder::Folder;
use super::locate::{self, Programs, Search};
use super::options::Options;

/// The machine around us; tests give another.
pub struct Surroundings {
    /// Where PostgreSQL's programs may be.
    pub search: Search,
    /// Where a build may come from, in this order.
    #[cfg(feature = "fetch-postgres")]
    pub sources: Vec<Box<dyn super::source::Source>>,
}

impl Surroundings {
    /// This machine; archives that lie in the data folder's `archives` come
    /// before the internet.
    pub fn machine(_options: &Options) -> Surroundings {
        Surroundings {
            search: Search::machine(),
            #[cfg(feature = "fetch-postgres")]
            sources: vec![
                Box::new(super::source::Archives(_options.data_dir.join("archives"))),
                Box::new(super::source::Theseus),
            ],
        }
    }
}

/// The programs for this cluster; the newest when there is none yet.
pub(super) fn programs(
    options: &Options,
    around: &Surroundings,
    folder: &Folder,
    data: Option<u32>,
) -> Result<Programs, Fault> {
    if let Some(bin) = &options.bin_dir {
        return in_named_folder(bin, folder, data);
    }
    let found = locate::all(&around.search, &folder.root);
    let chosen = locate::choose(&found, data, &folder.cluster);
    match chosen {
        Ok(Some(programs)) => Ok(programs),
        // None, or none of the data's major version.
        missing => fetch(options, around, folder, data).unwrap_or_else(|| {
            missing.and(Err(Fault::NoPostgres { searched: around.search.describe() }))
        }),
    }
}

fn in_named_folder(bin: &Path, folder: &Folder, data: Option<u32>) -> Result<Programs, Fault> {
    let programs = Programs::in_folder(bin)
        .map_err(|reason| Fault::BinDir { folder: bin.to_owned(), reason })?;
    let chosen = locate::choose(std::slice::from_ref(&programs), data, &folder.cluster)?;
    Ok(chosen.unwrap_or(programs))
}

/// `None` when fetching is not allowed, or not compiled in.
fn fetch(
    options: &Options,
    around: &Surroundings,
    folder: &Folder,
    data: Option<u32>,
) -> Option<Result<Programs, Fault>> {
    if !options.fetch {
        return None;
    }
    #[cfg(feature = "fetch-postgres")]
    return Some(super::fetch::install(&around.sources, data, &folder.root));
    #[cfg(not(feature = "fetch-postgres"))]
    {
        let _ = (around, folder, data);
        None
    }
}
