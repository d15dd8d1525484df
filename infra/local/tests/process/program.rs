//! One run of the program: it is started and then heard, signalled, killed, or left to end.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
};

use local::demo::client::Client;

const ADDRESS: &str = "DHR casework is serving on ";

/// The program while it serves. Dropped, it is killed.
pub struct Program {
    child: Child,
    /// Open as long as the program is, which would fail to print into a closed pipe.
    _stdout: BufReader<ChildStdout>,
    /// Its URL.
    pub base: String,
    /// The AWS services it has said it embeds, by name.
    pub services: BTreeMap<String, String>,
}

/// How a run ended.
pub struct Ended {
    pub status: ExitStatus,
    pub stderr: String,
}

/// The program with these arguments, in a working directory and in no environment but this.
pub fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local"));
    command
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs([("RUST_BACKTRACE", "1")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Program {
    /// Serves the data folder on any free port.
    pub fn serve(data: &Path) -> Self {
        Self::serve_with(data, &[])
    }

    /// The same with more arguments.
    pub fn serve_with(data: &Path, more: &[&str]) -> Self {
        let data = data.to_str().unwrap();
        let arguments = [&["--port", "0", "--data", data], more].concat();
        Self::start(command(Path::new(env!("CARGO_TARGET_TMPDIR")), &arguments))
    }

    /// Returns when it says that it serves.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut services = BTreeMap::new();
        let mut line = String::new();
        while stdout.read_line(&mut line).unwrap() > 0 {
            if let Some(rest) = line.strip_prefix(ADDRESS) {
                let base = rest.split_whitespace().next().unwrap().to_owned();
                return Self { child, _stdout: stdout, base, services };
            }
            if let Some((name, url)) = line.trim().split_once(' ') {
                services.insert(name.to_owned(), url.trim().to_owned());
            }
            line.clear();
        }
        panic!("it does not serve: {}", said(&mut child));
    }

    pub fn client(&self) -> Client {
        Client::new(self.base.clone())
    }

    /// Sends a signal by its name, such as INT.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Ended {
        let status = self.child.wait().unwrap();
        Ended { status, stderr: said(&mut self.child) }
    }

    /// Stops it as Ctrl-C does; it must end well and without a complaint.
    pub fn stop(self) {
        self.signal("INT");
        let Ended { status, stderr } = self.wait();
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended before.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn said(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The one line with which the program refuses to run.
#[track_caller]
pub fn refusal(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert_eq!((status.code(), stdout.as_str()), (Some(1), ""), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr.trim_end().strip_prefix("error: ").unwrap_or_else(|| panic!("{stderr}")).to_owned()
}
