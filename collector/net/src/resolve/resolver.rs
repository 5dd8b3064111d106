//! Asking for records of any kind, as Prometheus' discovery does (its `lookupWithSearchPath`).

use std::{net::SocketAddr, sync::Arc};

use tokio::time::timeout;

use super::{
    LONGEST,
    conf::{self, Conf},
    error::{LookupError, Why},
    message::{Kind, Question, Record},
    query::ask_for,
};

/// Asks DNS servers. The default asks those of the machine's `resolv.conf`, which may change meanwhile.
#[derive(Clone, Debug, Default)]
pub struct Resolver(pub(super) Option<Arc<Conf>>);

impl Resolver {
    /// Asks these servers and no others, for names as they are.
    pub fn of(servers: &[SocketAddr]) -> Self {
        let mut conf = Conf::parse("", "");
        conf.servers = servers.to_vec();
        Self(Some(Arc::new(conf)))
    }

    /// The records of `name` as the first of its completions has them that exists; none if there is no such name. The error is
    /// Prometheus', with what befell the last question.
    pub async fn records(&self, name: &str, kind: Kind) -> Result<Vec<Record>, String> {
        let conf = self.0.clone().unwrap_or_else(conf::system);
        let asking = async {
            let mut failed = None;
            for full in conf.names(name) {
                match ask_for(&full, kind, &conf, Question::records).await {
                    Ok(records) => return Ok(records),
                    Err(failure) if failure.why == Why::NoSuchHost => {}
                    Err(failure) => failed = Some(LookupError::new(name, failure.server, failure.why)),
                }
            }
            failed.map_or(Ok(Vec::new()), Err)
        };
        let late = |_| Err(LookupError::new(name, None, Why::Other("i/o timeout".into())));
        timeout(LONGEST, asking).await.unwrap_or_else(late).map_err(|last| {
            format!(
                "could not resolve {name:?}: all servers responded with errors to at least one search domain: {last}"
            )
        })
    }
}
