//! A server in a process of its own that can be killed like any other: this test program, run
//! again with one ignored test. Its folder comes and its life ends with its standard input.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

const MARK: &str = "serving at ";

pub struct Victim {
    child: Child,
    /// Held open, because the process ends by itself when this closes.
    _stdin: ChildStdin,
    pub endpoint: String,
}

impl Victim {
    /// Runs the ignored test of that name and waits until it serves.
    pub fn spawn(test: &str, folder: &Path) -> Self {
        Self::run(Command::new(env::current_exe().unwrap()), test, folder)
    }

    /// The same where no file may grow beyond 128 blocks, which is how a full disk feels.
    pub fn spawn_on_full_disk(test: &str, folder: &Path) -> Self {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\""])
            .arg(env::current_exe().unwrap());
        Self::run(shell, test, folder)
    }

    fn run(mut program: Command, test: &str, folder: &Path) -> Self {
        let mut child = program
            .args([test, "--exact", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        writeln!(stdin, "{}", folder.display()).unwrap();
        let endpoint = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .find_map(|line| Some(line.unwrap().split_once(MARK)?.1.to_owned()))
            .unwrap();
        Self { child, _stdin: stdin, endpoint }
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// In the victim: the folder, or nothing if this is no victim.
pub fn folder() -> Option<PathBuf> {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let line = line.trim_end();
    (!line.is_empty()).then(|| PathBuf::from(line))
}

/// In the victim: says where it serves and waits to be killed.
pub async fn serve_until_killed(endpoint: &str) {
    println!("{MARK}{endpoint}");
    tokio::task::spawn_blocking(|| io::stdin().read_line(&mut String::new()))
        .await
        .unwrap()
        .unwrap();
}
