//! The root file system that a collector finds around it, in layers: what is the same for everybody first, so that it is
//! stored and sent once.

use super::{Contents, User, certificates, layer::Layer};
use crate::error::Error;

/// The layers, each with what it is.
pub(super) fn layers(contents: &Contents<'_>, binary: &[u8]) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let mut layers = vec![("base files", base(contents)?), ("collector", collector(contents, binary)?)];
    if let Some(config) = contents.config {
        layers.push(("default configuration", configuration(contents, config)?));
    }
    Ok(layers)
}

/// Certificate roots, users, places to write.
fn base(contents: &Contents<'_>) -> Result<Vec<u8>, Error> {
    let User { uid, gid } = contents.wishes.user.unwrap_or_default();
    let mut layer = Layer::new(contents.created);
    for dir in ["etc/", "etc/ssl/", "etc/ssl/certs/"] {
        layer.directory(dir, 0o755, ROOT)?;
    }
    let mut group = "root:x:0:\n".to_owned();
    let mut passwd = "root:x:0:0:root:/root:/sbin/nologin\n".to_owned();
    if gid != 0 {
        group = format!("{group}otelcol:x:{gid}:\n");
    }
    if uid != 0 {
        passwd = format!("{passwd}otelcol:x:{uid}:{gid}:otelcol:/var/lib/otelcol:/sbin/nologin\n");
    }
    layer.file("etc/group", 0o644, group.as_bytes())?;
    layer.file("etc/passwd", 0o644, passwd.as_bytes())?;
    layer.file("etc/ssl/certs/ca-certificates.crt", 0o644, certificates::bundle().as_bytes())?;
    layer.directory("tmp/", 0o1777, ROOT)?;
    layer.directory("var/", 0o755, ROOT)?;
    layer.directory("var/lib/", 0o755, ROOT)?;
    layer.directory("var/lib/otelcol/", 0o750, User { uid, gid })?;
    layer.finish()
}

const ROOT: User = User { uid: 0, gid: 0 };

fn collector(contents: &Contents<'_>, binary: &[u8]) -> Result<Vec<u8>, Error> {
    let mut layer = Layer::new(contents.created);
    layer.file(contents.name, 0o755, binary)?;
    layer.finish()
}

fn configuration(contents: &Contents<'_>, config: &str) -> Result<Vec<u8>, Error> {
    let mut layer = Layer::new(contents.created);
    layer.directory("etc/", 0o755, ROOT)?;
    layer.directory(&format!("etc/{}/", contents.name), 0o755, ROOT)?;
    layer.file(&format!("etc/{}/config.yaml", contents.name), 0o644, config.as_bytes())?;
    layer.finish()
}
