//! `sparring data fetch`: downloads a data set from where it is published.

use std::path::PathBuf;

use clap::Args;

use super::download::{Fetched, client, download};
use super::place;
use super::sources::Published;
use crate::cli::error::Result;
use crate::cli::files;
use crate::cli::terminal::{note, print};

/// The arguments.
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Which data set.
    #[arg(value_enum)]
    name: Published,
    /// Where to [default: its folder in $SPARRING_DATA, else a folder of that name here].
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Takes the files from another place, whose address their names are appended to; the checksums are the same.
    #[arg(long, value_name = "BASE")]
    url: Option<String>,
}

/// Downloads what is missing; a download that broke off goes on where it stopped.
pub fn run(args: &FetchArgs) -> Result<()> {
    let kind = args.name.kind();
    let folder = args.out.clone().or_else(|| place::usual(kind)).unwrap_or_else(|| place::folder(kind).into());
    let base = args.url.as_deref().unwrap_or_else(|| args.name.base()).trim_end_matches('/');
    files::create_dir_all(&folder)?;
    let agent = client();
    for (name, md5) in args.name.files() {
        let became = match download(&agent, &format!("{base}/{name}"), &folder.join(name), md5)? {
            Fetched::There => "there already".into(),
            Fetched::Downloaded => "downloaded".into(),
            Fetched::Continued(bytes) => format!("downloaded, from byte {bytes} on"),
        };
        note(format!("{name}: {became}, MD5 {md5}"));
    }
    print(folder.display())
}
