//! The command line.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};
use url::Url;

/// DHR casework on this machine, whole: serves until Ctrl-C and keeps its data.
#[derive(Debug, Parser)]
#[command(name = "dhr-casework", version, about)]
pub struct Args {
    /// The port of 127.0.0.1 to serve on.
    #[arg(long, default_value_t = 3000, global = true)]
    pub port: u16,
    /// The folder that keeps everything; nothing is written outside it.
    #[arg(long, default_value = ".local", global = true)]
    pub data: PathBuf,
    /// The time to start at, such as 2026-01-31T09:00:00Z; the clock runs from there.
    #[arg(long, value_name = "RFC3339")]
    pub clock: Option<DateTime<Utc>>,
    /// An AWS emulator to use for DynamoDB and S3 instead of the embedded ones, by its IP address,
    /// such as `http://127.0.0.1:4566`. Mail stays in the mailbox here.
    #[arg(long, value_name = "URL", global = true)]
    pub aws_endpoint: Option<Url>,
    /// Keep every mail that is owed, as after a restore; serve without this to send them.
    #[arg(long)]
    pub hold_mail: bool,
    /// Which generation of the tables and the anchors to use, after a restore into new ones.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, global = true,
          value_parser = clap::value_parser!(u8).range(1..=9))]
    pub generation: u8,
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done instead of serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play one whole review, from referral to conclusion, through the HTTP API.
    Demo,
    /// Verify every history in the data folder against its chain and the anchors.
    Verify,
}
