//! `webtwin --data DIR --dist DIR [--port N] [--now RFC3339] [--stick DIR]`: the page and the command table of one data folder, on
//! 127.0.0.1.
//!
//! Prints the address on one line when it is ready. Port 0, the default, lets the system choose. `--now` stops the clock
//! at one moment, so that what depends on today can be compared. `--stick` is a folder that counts as a removable drive for
//! as long as it is there; the PC's own drives do not count.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset};
use mingbai_app::host::Drive;
use mingbai_app::{App, DesktopHost, Host};
use mingbai_tests::twin::{Twin, serve};
use tokio::net::TcpListener;

const USAGE: &str = "用法：webtwin --data 目录 --dist 目录 [--port 端口] [--now 时刻] [--stick 目录]";

#[derive(Default)]
struct Wishes {
    data: Option<PathBuf>,
    dist: Option<PathBuf>,
    port: u16,
    now: Option<DateTime<FixedOffset>>,
    stick: Option<PathBuf>,
}

/// A PC whose clock may stand still and whose one stick is a folder.
struct Bench {
    pc: DesktopHost,
    now: Option<DateTime<FixedOffset>>,
    stick: Option<PathBuf>,
}

impl Host for Bench {
    fn now(&self) -> DateTime<FixedOffset> {
        self.now.unwrap_or_else(|| self.pc.now())
    }

    fn fill(&self, buffer: &mut [u8]) {
        self.pc.fill(buffer);
    }

    fn data_dir(&self) -> &Path {
        self.pc.data_dir()
    }

    fn drives(&self) -> Vec<Drive> {
        let here = self.stick.iter().filter(|path| path.is_dir());
        let label = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        here.map(|path| Drive { path: path.clone(), label: label(path), free: 8 << 30 }).collect()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let wishes = read(std::env::args().skip(1))?;
    let (Some(data), Some(dist)) = (wishes.data, wishes.dist) else { return Err(USAGE.to_owned()) };
    let cannot = |failure: std::io::Error| format!("无法启动：{failure}");
    let listener = TcpListener::bind(("127.0.0.1", wishes.port)).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let pc = DesktopHost::new(data.clone());
    let app = App::new(Bench { pc, now: wishes.now, stick: wishes.stick }).map_err(|refusal| refusal.to_string())?;
    println!("http://{address}");
    serve(listener, Twin { app, data, dist }).await.map_err(cannot)
}

fn read(mut arguments: impl Iterator<Item = String>) -> Result<Wishes, String> {
    let mut wishes = Wishes::default();
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        match name.as_str() {
            "--data" => wishes.data = Some(PathBuf::from(value)),
            "--dist" => wishes.dist = Some(PathBuf::from(value)),
            "--port" => wishes.port = value.parse().map_err(|_| USAGE)?,
            "--stick" => wishes.stick = Some(PathBuf::from(value)),
            "--now" => wishes.now = Some(DateTime::parse_from_rfc3339(&value).map_err(|_| USAGE)?),
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(wishes)
}
