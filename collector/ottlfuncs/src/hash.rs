//! Hashes of texts.

mod murmur;
mod xxh3;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha512};
use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, takes},
    value::{Value, hex},
};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("SHA1", [takes("target", Takes::Text)], digest::<Sha1>),
    converter!("SHA512", [takes("target", Takes::Text)], digest::<Sha512>),
    converter!("MD5", [takes("target", Takes::Text)], digest::<Md5>),
    converter!("Murmur3Hash", [takes("target", Takes::Text)], |args| {
        Ok(hex(&murmur::sum32(args.text(0)?.as_bytes()).to_le_bytes()).into())
    }),
    converter!("Murmur3Hash128", [takes("target", Takes::Text)], |args| {
        let [low, high] = murmur::sum128(args.text(0)?.as_bytes());
        Ok(format!("{}{}", hex(&low.to_le_bytes()), hex(&high.to_le_bytes())).into())
    }),
    converter!("XXH3", [takes("target", Takes::Text)], |args| {
        Ok(hex(&xxh3::sum64(args.text(0)?.as_bytes()).to_be_bytes()).into())
    }),
    converter!("XXH128", [takes("target", Takes::Text)], |args| {
        Ok(hex(&xxh3::sum128(args.text(0)?.as_bytes()).to_be_bytes()).into())
    }),
];

fn digest<D: Digest>(args: Args<'_>) -> Result<Value<'_>, Fault> {
    Ok(hex(&D::digest(args.text(0)?.as_bytes())).into())
}
