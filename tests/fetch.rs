//! Fetching what others chose: nothing inside is ever touched, what is opened works.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sosik::ingest::fetch::{FetchFault, FetchSettings, Fetcher};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server on the loopback that counts its connections and answers each with the same bytes.
async fn server(answer: impl Into<Vec<u8>>) -> (u16, Arc<AtomicUsize>) {
    let (listener, count) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), Arc::new(AtomicUsize::new(0)));
    let (port, counter, answer) =
        (listener.local_addr().unwrap().port(), count.clone(), Arc::new(answer.into()));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer).await;
            });
        }
    });
    (port, count)
}

/// `port` is one where web servers may listen, so that the address alone decides.
fn fetcher(allowed: &[&str], port: u16) -> Fetcher {
    let mut settings = FetchSettings {
        max_bytes: 1000,
        timeout: Duration::from_secs(5),
        ..FetchSettings::default()
    };
    settings.allowed_hosts = allowed.iter().map(ToString::to_string).collect();
    settings.ports.push(port);
    Fetcher::new(settings).unwrap()
}

fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

const OK: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

/// Spellings of hosts that must not be reached.
const INSIDE: [&str; 48] = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127.1.1.1",
    "0",
    "0.0.0.0",
    "0x0",
    "00.0.0.0",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost.localdomain",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "example.com@127.0.0.1",
    "127.0.0.1:80@localhost",
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "192.168.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "198.18.0.1",
    "255.255.255.255",
    "\t127.0.0.1",
];

#[tokio::test]
async fn nothing_inside_is_touched() {
    let (trap, seen) = server(OK).await;
    let fetcher = fetcher(&["opened.invalid"], trap);
    for host in INSIDE {
        let fault = fetcher.get(&format!("http://{host}:{trap}/")).await.unwrap_err();
        assert!(
            matches!(fault, FetchFault::InvalidUrl | FetchFault::HostNotAllowed),
            "{host} {fault:?}"
        );
    }
    assert_eq!(fetcher.get("http://1.1.1.1:22/").await, Err(FetchFault::PortNotAllowed));
    for url in [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "",
        "http://",
        "http:///",
        "data:,x",
    ] {
        let fault = fetcher.get(url).await.unwrap_err();
        assert!(
            matches!(fault, FetchFault::InvalidUrl | FetchFault::HostNotAllowed),
            "{url} {fault:?}"
        );
    }
    assert_eq!(seen.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_redirect_is_checked_as_the_first_address_was() {
    let (trap, seen) = server(OK).await;
    for target in ["127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"] {
        let (port, _) = server(redirect(&format!("http://{target}:{trap}/"))).await;
        let fault = fetcher(&["localhost"], trap).get(&format!("http://localhost:{port}/")).await;
        assert_eq!(fault, Err(FetchFault::HostNotAllowed), "{target}");
    }
    let (port, _) = server(redirect("file:///etc/passwd")).await;
    assert_eq!(
        fetcher(&["localhost"], 80).get(&format!("http://localhost:{port}/")).await,
        Err(FetchFault::InvalidUrl)
    );
    assert_eq!(seen.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_opened_host_works() {
    let (port, seen) = server(OK).await;
    let (first, _) = server(redirect(&format!("http://localhost:{port}/feed?a=b"))).await;
    let fetched =
        fetcher(&["LocalHost"], 80).get(&format!("http://localhost:{first}/x")).await.unwrap();
    assert_eq!(
        (fetched.bytes.as_slice(), fetched.content_type.as_deref()),
        (b"ok".as_slice(), Some("text/xml"))
    );
    assert_eq!(fetched.final_url.as_str(), format!("http://localhost:{port}/feed?a=b"));
    assert_eq!(seen.load(Ordering::SeqCst), 1);
    assert!(fetcher(&["127.0.0.1"], 80).get(&format!("http://127.0.0.1:{port}/")).await.is_ok());
    assert!(fetcher(&["localhost"], port).get(&format!("http://127.0.0.1:{port}/")).await.is_err());
}

#[tokio::test]
async fn an_answer_is_bounded() {
    let get = async |answer: String| {
        let (port, _) = server(answer).await;
        fetcher(&["localhost"], 80).get(&format!("http://localhost:{port}/")).await
    };
    let long = "x".repeat(2000);
    assert_eq!(
        get("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n".into()).await,
        Err(FetchFault::TooLarge(1000))
    );
    assert_eq!(
        get(format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{long}")).await,
        Err(FetchFault::TooLarge(1000))
    );
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n{long}\r\n0\r\n\r\n");
    assert_eq!(get(chunked).await, Err(FetchFault::TooLarge(1000)));
    assert_eq!(
        get("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".into()).await,
        Err(FetchFault::Status(404))
    );
    assert_eq!(
        get("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".into()).await,
        Err(FetchFault::BadRedirect)
    );
    assert_eq!(get(redirect("/again")).await, Err(FetchFault::BadRedirect));
    assert_eq!(get("nonsense\r\n\r\n".into()).await, Err(FetchFault::Unreachable));
    // Compressed bytes stay as they came: what is not unpacked cannot explode.
    let packed = get(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x08".into(),
    )
    .await;
    assert_eq!(packed.unwrap().bytes, b"\x1f\x08");
}

#[tokio::test]
async fn a_slow_answer_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let settings = FetchSettings {
        allowed_hosts: vec!["localhost".into()],
        timeout: Duration::from_millis(200),
        ..FetchSettings::default()
    };
    let fault = Fetcher::new(settings).unwrap().get(&format!("http://localhost:{port}/")).await;
    assert_eq!(fault, Err(FetchFault::TimedOut));
}
