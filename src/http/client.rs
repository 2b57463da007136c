//! The address of the caller, believed from a proxy only when the proxy is trusted.

use crate::config::Settings;
use actix_web::{HttpRequest, http::header::HeaderMap};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};

/// The address limits and visitors are keyed on: the peer's, or the last one in `X-Forwarded-For`
/// (else `Forwarded`) that no trusted proxy put there.
#[must_use]
pub fn address(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |addr| addr.ip());
    let trusted = request
        .app_data::<actix_web::web::Data<Settings>>()
        .map_or(&[][..], |settings| &settings.trusted_proxies.0);
    behind(peer, request.headers(), trusted)
}

fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    if !is_trusted(&peer.to_canonical()) {
        return peer.to_canonical();
    }
    let mut last = peer.to_canonical();
    // From the nearest proxy outwards, until one that we do not know.
    for ip in forwarded(headers).into_iter().rev() {
        let Some(ip) = ip else { break };
        last = ip.to_canonical();
        if !is_trusted(&last) {
            break;
        }
    }
    last
}

/// Every hop the headers name, in order; `None` for one that is no address.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let texts = |name: &str| -> Vec<String> {
        headers
            .get_all(name)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|part| part.trim().to_owned())
            .collect()
    };
    let x_forwarded_for = texts("x-forwarded-for");
    if !x_forwarded_for.is_empty() {
        return x_forwarded_for.iter().map(|text| parse(text)).collect();
    }
    texts("forwarded")
        .iter()
        .map(|hop| {
            hop.split(';').find_map(|pair| {
                let (name, value) = pair.trim().split_once('=')?;
                name.eq_ignore_ascii_case("for").then(|| parse(value.trim_matches('"')))?
            })
        })
        .collect()
}

/// An address with or without port and brackets.
fn parse(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse() {
        return Some(ip);
    }
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        return Some(socket.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// The network of an address as limits on rankings see it: /24 of IPv4, /48 of IPv6.
#[must_use]
pub fn network(address: IpAddr) -> IpNet {
    let bits = if address.is_ipv4() { 24 } else { 48 };
    IpNet::new(address, bits).map_or_else(|_| IpNet::from(address), |net| net.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn seen(peer: &str, header: (&'static str, &str)) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static(header.0),
            HeaderValue::from_str(header.1).expect("ascii"),
        );
        let trusted = ["10.0.0.0/8".parse().expect("a network")];
        behind(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_its_address() {
        assert_eq!(seen("203.0.113.9", ("x-forwarded-for", "1.2.3.4")), "203.0.113.9");
    }

    #[test]
    fn the_last_untrusted_hop_behind_a_trusted_proxy_is_the_client() {
        assert_eq!(seen("10.0.0.1", ("x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.1.1.1")), "1.2.3.4");
        assert_eq!(
            seen("10.0.0.1", ("forwarded", "for=\"[2001:db8::1]:99\";proto=https")),
            "2001:db8::1"
        );
        assert_eq!(seen("10.0.0.1", ("x-forwarded-for", "1.2.3.4, nonsense")), "10.0.0.1");
    }

    #[test]
    fn networks_are_24_and_48_bits() {
        assert_eq!(network("203.0.113.77".parse().expect("v4")).to_string(), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2::3".parse().expect("v6")).to_string(), "2001:db8:1::/48");
    }
}
