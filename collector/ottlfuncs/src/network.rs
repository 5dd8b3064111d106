//! Addresses and check digits.

use std::net::IpAddr;

use slimcol_ottleval::{
    Fault,
    function::{Args, Call, Function, Ready, Takes, converter, takes, text_of},
    value::{Look, Value},
};
use slimcol_pdata::view::ValueRef;

pub(super) const FUNCTIONS: &[Function] = &[
    converter!(
        "IsInCIDR",
        [takes("target", Takes::Text), takes("networks", Takes::Texts)],
        networks,
        is_in_cidr
    ),
    converter!("IsValidLuhn", [takes("target", Takes::TextLike)], is_valid_luhn),
];

/// The address of a network and how many bits of it count.
fn network(text: &str) -> Result<(IpAddr, u32), String> {
    let parse = || {
        let (address, bits) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = digits.then(|| bits.parse().ok())?.filter(|bits| *bits <= most)?;
        Some((address, bits))
    };
    parse().ok_or_else(|| format!("invalid CIDR address: {text}"))
}

fn networks(call: &Call) -> Result<Ready, String> {
    for item in call.items(1) {
        if let Some(Look::Data(ValueRef::Str(text))) = item.literal().map(Value::look) {
            network(text)?;
        }
    }
    Ok(Ready::Nothing)
}

/// The address in 128 bits, and how many of them stand before those of an IPv4 address.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (address.to_ipv6_mapped().to_bits(), 96),
        IpAddr::V6(address) => (address.to_bits(), if address.to_ipv4_mapped().is_some() { 96 } else { 0 }),
    }
}

fn is_in_cidr(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let Ok(address) = args.text(0)?.parse::<IpAddr>() else { return Ok(false.into()) };
    for item in args.call.items(1) {
        let (network, count) = network(&text_of(item.value(args.of)?)?).map_err(Fault::new)?;
        let ((address, own), (network, other)) = (bits(address), bits(network));
        let ignored = 128 - if other == 96 && count <= 32 { count + 96 } else { count };
        let same = (address ^ network).checked_shr(ignored).unwrap_or_default() == 0;
        if own == other && same {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

/// Whether the last digit is what Luhn's formula makes of the others. Spaces do not count.
fn is_valid_luhn(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let Some(text) = args.text_like(0)? else { return Err(Fault::new("invalid input: <nil>")) };
    let mut sum = 0;
    let digits = text.bytes().rev().filter(|byte| *byte != b' ');
    for (at, byte) in digits.enumerate() {
        let Some(digit) = char::from(byte).to_digit(10) else {
            let text = char::from(byte).to_string();
            return Err(Fault::new(format!("strconv.Atoi: parsing {text:?}: invalid syntax")));
        };
        let counted = if at % 2 == 1 { digit * 2 } else { digit };
        sum = (sum + counted / 10 + counted % 10) % 10;
    }
    Ok((sum == 0 && text.bytes().any(|byte| byte != b' ')).into())
}
