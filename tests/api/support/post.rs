//! A mail server that takes everything and shows it.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

/// A mail server on a port of its own.
pub struct Post {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl Post {
    /// Starts it.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = mails.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                std::thread::spawn(move || take(stream, &kept));
            }
        });
        Self { port, mails }
    }

    /// Makes the server hand its mail over.
    pub fn serve(&self, settings: &mut sosik::config::Settings) {
        settings.mail.host = Some("127.0.0.1".to_owned());
        settings.mail.port = self.port;
        settings.mail.tls = sosik::config::MailTls::None;
        settings.mail.from = Some("Sosik <no-reply@example.kr>".to_owned());
    }

    /// The mails, once there are `count`; after a while as many as there are.
    pub async fn mails(&self, count: usize) -> Vec<String> {
        for _ in 0..200 {
            let mails = self.mails.lock().expect("no panic").clone();
            if mails.len() >= count {
                return mails;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        self.mails.lock().expect("no panic").clone()
    }
}

/// The token that a mail shows.
pub fn token(mail: &str) -> String {
    let start = mail.find("mt_").expect("a token");
    mail[start..start + 46].to_owned()
}

fn take(mut stream: TcpStream, mails: &Mutex<Vec<String>>) {
    let mut say = stream.try_clone().expect("a socket");
    let mut lines = BufReader::new(&mut stream).lines().map_while(Result::ok);
    let _ = say.write_all(b"220 here\r\n");
    let mut mail = String::new();
    while let Some(line) = lines.next() {
        let answer = match line.get(..4).unwrap_or_default() {
            "DATA" => {
                let _ = say.write_all(b"354 go on\r\n");
                let body: Vec<_> = lines.by_ref().take_while(|line| line != ".").collect();
                mail.push_str(&decoded(&body));
                mails.lock().expect("no panic").push(std::mem::take(&mut mail));
                "250 taken"
            }
            "RCPT" => {
                mail = format!("{line}\n");
                "250 yes"
            }
            "QUIT" => return,
            _ => "250 yes",
        };
        let _ = say.write_all(format!("{answer}\r\n").as_bytes());
    }
}

/// Head and body, the body decoded where it came as base64.
fn decoded(lines: &[String]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let text = lines.join("\n");
    let (head, body) = text.split_once("\n\n").expect("a head");
    let plain = head
        .to_lowercase()
        .contains("base64")
        .then(|| STANDARD.decode(body.replace('\n', "")).ok())
        .flatten()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    // Quoted-printable breaks lines with a `=`.
    let soft = || body.replace("=\n", "").replace("=3D", "=");
    format!("{head}\n\n{}", plain.unwrap_or_else(soft))
}
