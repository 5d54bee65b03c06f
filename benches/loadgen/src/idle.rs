//! `--idle`: connections that only exist, for the memory test.

use std::io;

use crate::connection::open_streams;
use crate::options::Options;
use crate::stdin;

/// Opens all connections, says so on stdout, and holds them until stdin ends.
pub fn hold(options: &Options) -> io::Result<()> {
    let streams = open_streams(options)?;
    println!("{{\"connections\":{}}}", streams.len());
    stdin::wait_for_end();
    Ok(())
}
