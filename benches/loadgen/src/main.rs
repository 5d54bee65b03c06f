//! `mioloop-loadgen`: drives an echo server on 127.0.0.1, checks every byte that comes back and prints one line of JSON.
//!
//! Started by `benches/run.ts`. The exit code is 1 when a byte was wrong, missing or too many, 2 when the
//! arguments were.

mod connection;
mod cpu;
mod histogram;
mod idle;
mod load;
mod options;
mod pattern;
mod report;
mod stdin;

use std::io;
use std::process::ExitCode;

use options::Options;

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
    if options.idle {
        idle::hold(options)?;
        return Ok(true);
    }
    let report = load::run(options)?;
    println!("{report}");
    Ok(report.errors == 0)
}
