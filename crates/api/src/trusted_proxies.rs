//! Whose word about the caller's address is believed: a proxy before the service writes it into
//! `X-Forwarded-For`, and so can anybody else. Only what listed peers say counts.

use axum::http::HeaderMap;
use std::net::IpAddr;
use std::str::FromStr;

const HEADER: &str = "x-forwarded-for";

/// One address, or all that begin with the same bits: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    address: IpAddr,
    /// How many leading bits count.
    prefix_bits: u32,
}

impl FromStr for AddressRange {
    type Err = String;

    fn from_str(text: &str) -> Result<AddressRange, String> {
        let wrong = || format!("`{text}` is no address like 10.0.0.1 and no range like 10.0.0.0/8");
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match prefix {
            None => most,
            Some(digits) => digits.parse().map_err(|_| wrong())?,
        };
        if prefix_bits > most {
            return Err(wrong());
        }
        Ok(AddressRange { address, prefix_bits })
    }
}

impl AddressRange {
    fn contains(self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differ = u32::from(own) ^ u32::from(other);
                differ.checked_shr(32 - self.prefix_bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differ = u128::from(own) ^ u128::from(other);
                differ.checked_shr(128 - self.prefix_bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// Who called: the peer, or, where the peer is listed in `trusted`, the last address of the header
/// that is not listed itself. What stands further left anybody may have written.
pub(crate) fn caller_address(
    trusted: &[AddressRange],
    peer: IpAddr,
    headers: &HeaderMap,
) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|range| range.contains(address));
    let mut caller = peer.to_canonical();
    let hops: Vec<&str> = headers
        .get_all(HEADER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(caller) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => caller = address.to_canonical(),
            // A proxy that writes nonsense is all that is known.
            Err(_) => break,
        }
    }
    caller
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(list: &[&str]) -> Vec<AddressRange> {
        list.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn caller(trusted: &[&str], peer: &str, headers: &[&str]) -> String {
        let mut map = HeaderMap::new();
        for value in headers {
            map.append(HEADER, value.parse().unwrap());
        }
        caller_address(&ranges(trusted), peer.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn only_listed_peers_are_believed_and_only_about_the_last_hop() {
        let proxy: &[&str] = &["10.0.0.0/8", "::1"];
        for (trusted, peer, headers, expected) in [
            // Nobody is listed, or somebody else is: the header is anybody's.
            (&[] as &[&str], "10.0.0.1", &["203.0.113.7"] as &[&str], "10.0.0.1"),
            (proxy, "192.0.2.1", &["203.0.113.7"], "192.0.2.1"),
            (proxy, "10.0.0.1", &[], "10.0.0.1"),
            (proxy, "10.0.0.1", &["203.0.113.7"], "203.0.113.7"),
            // The caller wrote the left part to look like somebody else.
            (proxy, "10.0.0.1", &["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            (proxy, "10.0.0.1", &["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            // Two proxies of ours in a row.
            (proxy, "::1", &["203.0.113.7, 10.1.2.3"], "203.0.113.7"),
            (proxy, "::ffff:10.0.0.1", &["2001:db8::7"], "2001:db8::7"),
            (proxy, "10.0.0.1", &["unknown"], "10.0.0.1"),
            (proxy, "10.0.0.1", &["203.0.113.7, nonsense"], "10.0.0.1"),
            (proxy, "10.0.0.1", &["203.0.113.7:1234"], "10.0.0.1"),
        ] {
            assert_eq!(caller(trusted, peer, headers), expected, "{peer} {headers:?}");
        }
    }

    #[test]
    fn ranges_are_read_by_their_leading_bits() {
        for (range, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
            ("0.0.0.0/0", "203.0.113.7", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::/0", "fe80::1", true),
        ] {
            let range: AddressRange = range.parse().unwrap();
            assert_eq!(range.contains(address.parse().unwrap()), inside, "{range:?} {address}");
        }
        for wrong in ["", "proxy", "10.0.0.0/33", "10.0.0.0/x", "::/129", "10.0.0"] {
            let refusal = wrong.parse::<AddressRange>().unwrap_err();
            assert!(refusal.contains("10.0.0.0/8"), "{refusal}");
        }
    }
}
