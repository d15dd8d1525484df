//! `cargo run`: the one place of the local system that reads the clock, the arguments and Ctrl-C.
#![allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]

use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use clap::Parser as _;
use local::args::{Args, Command};
use local::services::{Origin, REGION};
use local::{LocalError, Settings, System, demo, http, verify};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Warnings and worse; the embedded services' own lines would show whole requests.
const LOG: &str = "warn,s3s=off,s3s_fs=off,dynoxide=error";

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let emulator =
        args.aws_endpoint.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    let outcome = match args.command {
        Some(Command::Demo) => {
            demo::run(&args.data, emulator, Arc::new(Utc::now)).await.map(|()| true)
        }
        Some(Command::Verify) => {
            let from = Origin { emulator: emulator.as_deref(), generation: args.generation };
            verify::run(&args.data, from, Arc::new(Utc::now)).await
        }
        None => serve(args, emulator).await.map(|()| true),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: Args, aws_endpoint: Option<String>) -> Result<(), LocalError> {
    let listener = TcpListener::bind(("127.0.0.1", args.port))
        .await
        .map_err(|reason| LocalError::Port { port: args.port, reason })?;
    let port = listener.local_addr().map_or(args.port, |address| address.port());
    let settings = Settings {
        data: args.data,
        port,
        clock: args.clock,
        wall: Arc::new(Utc::now),
        aws_endpoint,
        generation: args.generation,
        hold_mail: args.hold_mail,
        calls: None,
    };
    let system = Arc::new(Box::pin(System::start(settings)).await?);
    let stopped = stopped().map_err(|reason| LocalError::Signals { reason })?;
    println!(
        "AWS services (region {REGION}, access key and secret: {}):",
        system.services.access_key
    );
    for (name, endpoint) in system.services.endpoints() {
        println!("  {name:<9} {endpoint}");
    }
    println!(
        "DHR casework is serving on http://127.0.0.1:{port} (mail: /local/mail; Ctrl-C stops)"
    );
    let served = http::serve(listener, Arc::clone(&system), stopped).await;
    let stopped = system.stop().await;
    served.map_err(|reason| LocalError::Port { port, reason }).and(stopped)
}

/// Done when the person or the machine asks for a stop. Whoever asks as soon as the program says
/// that it serves is heard: the signals are caught from the call on.
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}
