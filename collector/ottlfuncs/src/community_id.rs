//! Community ids, by which flows through a network are told apart: `CommunityID`.

use std::net::IpAddr;

use sha1::{Digest, Sha1};
use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, may_take, takes},
    value::Value,
};
use slimcol_pdata::json::base64;

pub(super) const FUNCTIONS: &[Function] = &[converter!(
    "CommunityID",
    [
        takes("source_ip", Takes::Text),
        takes("source_port", Takes::Int),
        takes("destination_ip", Takes::Text),
        takes("destination_port", Takes::Int),
        may_take("protocol", Takes::Text),
        may_take("seed", Takes::Int)
    ],
    community_id
)];

/// The address in the bytes of its family, and the port.
fn end(args: Args<'_>, at: usize, name: &str) -> Result<(Vec<u8>, u16), Fault> {
    let getting = |what, fault| Fault::new(format!("failed to get {name} {what}: {fault}"));
    let address = args.text(at).map_err(|fault| getting("IP", fault))?;
    let port = args.int(at + 1).map_err(|fault| getting("port", fault))?;
    let port = u16::try_from(port)
        .map_err(|_| Fault::new(format!("{name} port must be between 0 and 65535, got {port}")))?;
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => Ok((address.octets().to_vec(), port)),
        Ok(IpAddr::V6(address)) => Ok((address.octets().to_vec(), port)),
        Err(_) => Err(Fault::new(format!("invalid {name} IP: {address}"))),
    }
}

/// The number of a protocol of the Internet.
fn protocol(args: Args<'_>) -> Result<u8, Fault> {
    let name =
        args.text_or(4, "TCP").map_err(|fault| Fault::new(format!("failed to get protocol: {fault}")))?;
    Ok(match &*name {
        "ICMP" => 1,
        "TCP" => 6,
        "UDP" => 17,
        "RSVP" => 46,
        "ICMP6" => 58,
        "SCTP" => 132,
        _ => return Err(Fault::new(format!("unsupported protocol: {name}"))),
    })
}

/// Both directions of a flow have the same id: the lesser address comes first, and that of the shorter family.
fn community_id(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (one, other) = (end(args, 0, "source")?, end(args, 2, "destination")?);
    let protocol = protocol(args)?;
    let seed = if args.call.has(5) {
        let seed = args.int(5).map_err(|fault| Fault::new(format!("failed to get seed: {fault}")))?;
        u16::try_from(seed)
            .map_err(|_| Fault::new(format!("seed must be between 0 and 65535, got {seed}")))?
    } else {
        0
    };
    let key = |end: &(Vec<u8>, u16)| (end.0.len(), end.0.clone(), end.1);
    let (first, second) = if key(&one) > key(&other) { (other, one) } else { (one, other) };
    let mut flow = seed.to_be_bytes().to_vec();
    flow.extend([&*first.0, &*second.0, &[protocol, 0]].concat());
    flow.extend([first.1.to_be_bytes(), second.1.to_be_bytes()].concat());
    let mut text = b"1:".to_vec();
    base64::encode(&mut text, &Sha1::digest(&flow));
    Ok(text.into_iter().map(char::from).collect::<String>().into())
}

#[cfg(test)]
mod tests {
    use slimcol_ottleval::Kind;

    use crate::samples::value_of;

    /// The cases of the Go collector's `func_community_id_test.go`.
    #[test]
    fn flows_have_ids() {
        for (source, expected) in [
            (r#""1.2.3.4", 12345, "5.6.7.8", 80, "TCP", 0"#, "1:0by3b/tE95hcOzccyt6d4kjgbZc="),
            (r#""5.6.7.8", 80, "1.2.3.4", 12345"#, "1:0by3b/tE95hcOzccyt6d4kjgbZc="),
            (r#""192.168.1.1", 53, "10.10.10.10", 53000, "UDP""#, "1:gQ05/45srnixHs8V/2ejpkxhBwg="),
            (r#""10.10.10.10", 53000, "192.168.1.1", 53, "ICMP""#, "1:9TGPWejPFuBlKrHuVcM3iaA8hf8="),
            (r#""10.10.10.10", 53, "192.168.1.1", 53000, "RSVP""#, "1:rkXhRghBvx2yf3zgDnSHuJ35XaY="),
            (r#""192.168.1.1", 53, "10.10.10.10", 53000, "ICMP6""#, "1:bchQ2SAoVf2Iq1XdGBXObLJ2i64="),
            (r#""192.168.1.1", 53, "10.10.10.10", 53000, "SCTP""#, "1:zo1kfEyhghMaeU7tQDCE2G+ITQc="),
            (r#""2001:db8::1", 8080, "2001:db8::2", 443"#, "1:c5m26SNBLmvfaBQJNWKXZwUGGcM="),
            (r#""192.168.1.1", 12345, "192.168.1.2", 80, "TCP", 1234"#, "1:v1n8p4IZW9jXIJnFANLbRU2ahdU="),
            (r#""10.0.0.2", 80, "10.0.0.1", 12345"#, "1:CpuULklTENbGdRpvp7gNcQd5ZqA="),
            (r#""127.0.0.1", 8080, "127.0.0.1", 8080"#, "1:sG2vk7rcZ12ZxPg+nnwljgdVEGw="),
            (r#""2001:db8::1", 8080, "10.1.1.1", 443"#, "1:T1e3va6jTSWaSKkG3k4dnZq5VM8="),
            (r#""10.1.1.1", 8080, "10.1.1.2", 8079"#, "1:1fjNfFLjLTsO2WE9AY0TbTeSaBs="),
            (r#""10.1.1.2", 8079, "10.1.1.1", 8080"#, "1:1fjNfFLjLTsO2WE9AY0TbTeSaBs="),
            (r#""10.1.1.2", 8081, "10.1.1.2", 8080"#, "1:3byUvmBpOu8KHoTRr4eN5AjTQEU="),
            (r#""10.1.1.2", 8080, "10.1.1.2", 8081"#, "1:3byUvmBpOu8KHoTRr4eN5AjTQEU="),
            (r#""invalid-ip", 80, "10.0.0.1", 1"#, "run: invalid source IP: invalid-ip"),
            (r#""10.0.0.1", 80, "10.0.0.2", 1, "UNKNOWN""#, "run: unsupported protocol: UNKNOWN"),
            (
                r#""10.0.0.1", 80, "10.0.0.2", 65536"#,
                "run: destination port must be between 0 and 65535, got 65536",
            ),
            (r#""10.0.0.1", 80, "10.0.0.2", 1, "TCP", -1"#, "run: seed must be between 0 and 65535, got -1"),
            ("body, body, body, 1", "run: failed to get source port: expected int64 but got string"),
        ] {
            let got = value_of(Kind::Log, &format!("CommunityID({source})"));
            assert_eq!(got.trim_matches('"'), expected, "{source}");
        }
    }
}
