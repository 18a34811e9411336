//! Writes the seed corpus of the fuzz targets, one folder a target: `corpus FOLDER`. Files already there are kept.

use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: corpus FOLDER")?;
    for (target, name, bytes) in mingbai_bundle::fuzz::seeds() {
        let path = Path::new(&folder).join(target).join(name);
        if !path.exists() {
            fs::create_dir_all(path.with_file_name(""))?;
            fs::write(path, bytes)?;
        }
    }
    Ok(())
}
