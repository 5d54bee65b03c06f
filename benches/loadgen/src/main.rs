//! `mioloop-loadgen`: the other side of a server on 127.0.0.1; checks every byte that comes back and prints one line of JSON.
//!
//! Started by `benches/run.ts`. The exit code is 1 when a byte was wrong, missing or too many, 2 when the
//! arguments were.

mod churn;
mod connection;
mod cpu;
mod datagrams;
mod drive;
mod histogram;
mod idle;
mod load;
mod meter;
mod options;
mod pattern;
mod report;
mod signals;
mod sink;
mod sources;
mod stdin;
mod table;

use std::io;
use std::process::ExitCode;

use options::{Mode, Options};
use rustix::process::{Resource, getrlimit, setrlimit};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("mioloop-loadgen: {problem}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("mioloop-loadgen: {error}");
            ExitCode::FAILURE
        }
    }
}

/// True when the run had no errors.
fn run(options: &Options) -> io::Result<bool> {
    raise_descriptor_limit()?;
    let report = match options.mode {
        Mode::Echo => load::run(options)?,
        Mode::Datagrams => datagrams::run(options)?,
        Mode::Churn => churn::run(options)?,
        Mode::Sink => sink::run(options)?,
        Mode::Idle => return idle::hold(options).map(|()| true),
        Mode::Signals => return signals::send(options).map(|()| true),
        Mode::Pattern => return table::write_file(&options.file, options.bytes).map(|()| true),
    };
    println!("{report}");
    Ok(report.errors == 0)
}

/// As many descriptors as this process may have.
fn raise_descriptor_limit() -> io::Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}
