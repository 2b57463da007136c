//! A URL that somebody else chose, fetched without becoming their agent inside our network.
//!
//! The host is resolved once, every address it has is checked, and the connection goes to exactly
//! those addresses, so that a name cannot change its mind in between. Redirects are followed here,
//! each as carefully as the first address; the client itself follows none and knows no proxy.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, redirect};
use thiserror::Error;
use tokio::time::timeout;
use url::{Host, Url};

use super::address::is_public;

const ACCEPTED: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5";

/// What a fetch may do.
#[derive(Debug, Clone)]
pub struct FetchSettings {
    /// Hosts that are reached whatever their address and port: servers of one's own network.
    pub allowed_hosts: Vec<String>,
    /// Where web servers listen; everything else is somebody's database.
    pub ports: Vec<u16>,
    /// The largest body, in bytes.
    pub max_bytes: u64,
    /// For everything together: resolving, all redirects, the whole body.
    pub timeout: Duration,
    /// How many redirects are followed.
    pub max_redirects: u32,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            allowed_hosts: Vec::new(),
            ports: vec![80, 443, 8080, 8443],
            max_bytes: 64 << 20,
            timeout: Duration::from_secs(30),
            max_redirects: 5,
        }
    }
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The body, whole.
    pub bytes: Vec<u8>,
    /// The `Content-Type` header, where there was one.
    pub content_type: Option<String>,
    /// The address after all redirects.
    pub final_url: Url,
}

/// Why nothing was fetched. `Display` is the English detail; none tells what our network looks
/// like from inside: a name that is unknown and one that points inside are the same fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FetchFault {
    /// Not a URL, not http(s), or with credentials.
    #[error("must be an absolute http or https URL without credentials")]
    InvalidUrl,
    /// A port where no web server is expected.
    #[error("must use a port of web servers, such as 443 or 8080")]
    PortNotAllowed,
    /// An unknown host, or one outside of the public internet.
    #[error("must name a host on the public internet")]
    HostNotAllowed,
    /// The connection failed, or broke.
    #[error("could not be reached")]
    Unreachable,
    /// It took too long.
    #[error("did not answer in time")]
    TimedOut,
    /// Another answer than 2xx.
    #[error("answered with status {0}")]
    Status(u16),
    /// One redirect too many, or one without a destination.
    #[error("redirects too often or to nowhere")]
    BadRedirect,
    /// More bytes than allowed.
    #[error("is larger than {0} bytes")]
    TooLarge(u64),
}

impl FetchFault {
    /// The code that clients switch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidUrl => "invalid_url",
            Self::PortNotAllowed => "port_not_allowed",
            Self::HostNotAllowed => "host_not_allowed",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Status(_) => "unexpected_status",
            Self::BadRedirect => "bad_redirect",
            Self::TooLarge(_) => "too_large",
        }
    }

    /// The Korean detail.
    #[must_use]
    pub fn detail_ko(&self) -> String {
        match self {
            Self::InvalidUrl => "계정 정보가 없는 http 또는 https 전체 주소여야 합니다.".into(),
            Self::PortNotAllowed => "443, 8080 같은 웹 서버 포트만 쓸 수 있습니다.".into(),
            Self::HostNotAllowed => "공개 인터넷에 있는 호스트여야 합니다.".into(),
            Self::Unreachable => "연결할 수 없습니다.".into(),
            Self::TimedOut => "제시간에 응답하지 않았습니다.".into(),
            Self::Status(status) => format!("응답 상태가 {status}입니다."),
            Self::BadRedirect => "리디렉션이 너무 많거나 목적지가 없습니다.".into(),
            Self::TooLarge(max) => format!("{max}바이트보다 큽니다."),
        }
    }
}

/// Answers every name with the addresses that were checked: whatever spelling of the host the
/// client asks for, it never resolves one by itself.
struct Pinned(Vec<SocketAddr>);

impl Resolve for Pinned {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// Fetches URLs that others chose.
#[derive(Debug, Clone)]
pub struct Fetcher {
    settings: FetchSettings,
    tls: rustls::ClientConfig,
}

impl Fetcher {
    /// A fetcher. It trusts the roots of the web, not those of the machine.
    ///
    /// # Errors
    ///
    /// The cryptography does not know a safe version of TLS.
    pub fn new(mut settings: FetchSettings) -> Result<Self, rustls::Error> {
        settings.allowed_hosts.iter_mut().for_each(|host| host.make_ascii_lowercase());
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = rustls::RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { settings, tls })
    }

    /// The body of a URL.
    ///
    /// # Errors
    ///
    /// [`FetchFault`].
    pub async fn get(&self, url: &str) -> Result<Fetched, FetchFault> {
        timeout(self.settings.timeout, self.follow(url)).await.unwrap_or(Err(FetchFault::TimedOut))
    }

    async fn follow(&self, url: &str) -> Result<Fetched, FetchFault> {
        let mut url = Url::parse(url).map_err(|_| FetchFault::InvalidUrl)?;
        for _ in 0..=self.settings.max_redirects {
            let response = self.ask(&url).await?;
            if !response.status().is_redirection() {
                return self.body(url, response).await;
            }
            let to = response
                .headers()
                .get(LOCATION)
                .and_then(|to| to.to_str().ok())
                .ok_or(FetchFault::BadRedirect)?;
            url = url.join(to).map_err(|_| FetchFault::BadRedirect)?;
        }
        Err(FetchFault::BadRedirect)
    }

    /// One request, to an address that was checked.
    async fn ask(&self, url: &Url) -> Result<Response, FetchFault> {
        let addresses = self.checked(url).await?;
        // A client of its own: pooled connections would outlive the check of their address.
        let client = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(0)
            .user_agent(concat!("Sosik/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Pinned(addresses))
            .build()
            .map_err(|_| FetchFault::Unreachable)?;
        let answer = client.get(url.clone()).header(ACCEPT, ACCEPTED).send().await;
        answer.map_err(|_| FetchFault::Unreachable)
    }

    /// The addresses of a URL's host, resolved once; a fault unless every one of them is public.
    async fn checked(&self, url: &Url) -> Result<Vec<SocketAddr>, FetchFault> {
        if !matches!(url.scheme(), "http" | "https")
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(FetchFault::InvalidUrl);
        }
        let host = url.host().ok_or(FetchFault::InvalidUrl)?;
        let port = url.port_or_known_default().ok_or(FetchFault::InvalidUrl)?;
        let opened = self
            .settings
            .allowed_hosts
            .iter()
            .any(|allowed| Some(allowed.as_str()) == url.host_str());
        if !opened && !self.settings.ports.contains(&port) {
            return Err(FetchFault::PortNotAllowed);
        }
        let addresses: Vec<SocketAddr> = match host {
            Host::Ipv4(address) => vec![SocketAddr::new(IpAddr::V4(address), port)],
            Host::Ipv6(address) => vec![SocketAddr::new(IpAddr::V6(address), port)],
            Host::Domain(name) => {
                let found = tokio::net::lookup_host((name, port)).await;
                found.map_err(|_| FetchFault::HostNotAllowed)?.collect()
            }
        };
        let public = addresses.iter().all(|address| is_public(address.ip()));
        if addresses.is_empty() || !(opened || public) {
            return Err(FetchFault::HostNotAllowed);
        }
        Ok(addresses)
    }

    /// The body, read no further than allowed whatever its length was said to be.
    async fn body(&self, final_url: Url, mut response: Response) -> Result<Fetched, FetchFault> {
        if !response.status().is_success() {
            return Err(FetchFault::Status(response.status().as_u16()));
        }
        let max = self.settings.max_bytes;
        let header = |name| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        if header(CONTENT_LENGTH)
            .and_then(|length| length.parse().ok())
            .is_some_and(|length: u64| length > max)
        {
            return Err(FetchFault::TooLarge(max));
        }
        let content_type = header(CONTENT_TYPE);
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| FetchFault::Unreachable)? {
            if (bytes.len() + chunk.len()) as u64 > max {
                return Err(FetchFault::TooLarge(max));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched { bytes, content_type, final_url })
    }
}
