//! The `pprof` extension: what the collector spends its processor time on, for `go tool pprof` and everything that reads its format.
//!
//! ```yaml
//! extensions:
//!   pprof:                        # go tool pprof http://localhost:1777/debug/pprof/profile?seconds=10
//! service:
//!   extensions: [pprof]
//! ```
//!
//! While a profile is taken, a timer of processor time interrupts the collector a hundred times a second, and the stack of the thread that
//! it hits is kept. When none is taken, nothing is done.

mod config;
mod image;
mod profile;
mod sampling;
mod site;
mod ticks;
mod wire;

use std::fs::File;
use std::io::Write as _;

use slimcol_net::http::server::HttpServer;
use slimcol_service::{
    BoxError, Component, Context, Extension, Factory, Info, Log, Running, Stability, Stop,
};

use self::{config::Config, sampling::Sampling, site::Site};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<Pprof>();

/// Takes profiles.
#[derive(Debug)]
struct Pprof {
    config: Config,
    cx: Context,
}

impl Component for Pprof {
    type Config = Config;
    const INFO: Info = Info {
        stability: Stability::Beta,
        ..Info::new("pprof", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Extension for Pprof {
    async fn start(self, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let server = HttpServer::bind(&config.server, &cx).await?.uncounted();
        let log = cx.log().clone();
        log.info("Starting net/http/pprof server", &[("endpoint", server.endpoint().into())]);
        if let Some(why) = sampling::IMPOSSIBLE {
            log.warn("CPU profiles cannot be taken", &[("error", why.into())]);
        }
        if config.fractions {
            log.warn("block_profile_fraction and mutex_profile_fraction have no effect", &[]);
        }
        // Opened now, so that a wrong path is a failed start.
        let whole = match config.save_to_file.as_str() {
            "" => None,
            path => {
                let file = File::create(path).map_err(|error| format!("open {path}: {error}"))?;
                Some((file, Sampling::begin()?))
            }
        };
        let site = Site { stop: stop.clone() };
        Ok(Running::new(async move {
            server.serve(site, stop).await;
            if let Some((file, sampling)) = whole {
                save(file, sampling, &log);
            }
            Ok(())
        }))
    }
}

/// Writes the profile of the whole run.
fn save(mut file: File, sampling: Sampling, log: &Log) {
    let saved =
        sampling.end().and_then(|profile| file.write_all(&profile).map_err(|error| error.to_string()));
    if let Err(error) = saved {
        log.error("Failed to save the CPU profile", &[("error", error.into())]);
    }
}

#[cfg(test)]
mod tests;
