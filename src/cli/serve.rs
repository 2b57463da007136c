use super::{
    Failure,
    database::{Database, make_partitions, runtime},
};
use crate::{
    clock::Clock,
    config::{LogFormat, Preset, Settings},
    db, demo,
    ids::ArticleId,
    jobs::Jobs,
    postgres::Role,
    rankings::nudge,
    server::{self, Services},
};
use std::{net::TcpListener, sync::Arc, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::LocalSet,
};
use tracing_subscriber::EnvFilter;

/// Serves until a signal says stop.
pub fn run(mut settings: Settings, demo: bool) -> Result<(), Failure> {
    if demo {
        // Whoever tries it out should not wait a minute between two comments.
        settings.comments.preset.get_or_insert(Preset::Open);
    }
    log(&settings)?;
    let database = Database::open(&settings, Role::Serve)?;
    let served = runtime()?.block_on(serve(settings, demo, &database));
    let closed = database.close();
    served.and(closed)
}

fn log(settings: &Settings) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&settings.log.filter)
        .map_err(|error| format!("log.filter (SOSIK_LOG__FILTER): {error}"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log.format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}

async fn serve(settings: Settings, demo: bool, database: &Database) -> Result<(), Failure> {
    db::migrate(&database.url).await?;
    let clock = Clock::system();
    let pool = db::pool(&database.url, &settings)?;
    make_partitions(&pool, clock.now()).await?;
    let shown = match demo {
        true => demo::load(&pool, clock.now(), &settings).await?,
        false => None,
    };
    let listener = TcpListener::bind(settings.bind.0)
        .map_err(|error| format!("cannot listen on {} (SOSIK_BIND): {error}", settings.bind.0))?;
    let address = listener.local_addr()?;
    let services = Services::new(settings.clone(), pool.clone(), clock.clone());
    let jobs = Jobs {
        pool,
        settings: Arc::new(settings.clone()),
        clock,
        policies: services.policies.clone(),
        nudge: nudge::Nudge::clone(&services.nudge),
        metrics: services.metrics.clone(),
    };
    let (stop, stopped) = watch::channel(false);
    let set = LocalSet::new();
    jobs.spawn(&set, &stopped);
    let server = server::start(services.clone(), listener)?;
    let handle = server.handle();
    announce(&settings, address, shown);
    let mut serving = std::pin::pin!(server);
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    set.run_until(async {
        tokio::select! {
            ended = &mut serving => return ended.map_err(Failure::from),
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping: open requests may finish");
        services.drain();
        let _ = stop.send(true);
        let patience = Duration::from_millis(settings.timeouts.shutdown_ms + 1000);
        // The server carries out its own stop, so it must go on being polled.
        let stopping = async { tokio::join!(handle.stop(true), &mut serving) };
        let _ = tokio::time::timeout(patience, stopping).await;
        Ok(())
    })
    .await
}

/// What to open, on standard output.
fn announce(settings: &Settings, address: std::net::SocketAddr, shown: Option<ArticleId>) {
    let base = format!("http://{address}");
    println!("Sosik {} serves on {base}", env!("CARGO_PKG_VERSION"));
    println!("  read and try the API   {base}/docs");
    println!("  the front page         {base}/v1/pages/home");
    println!("  articles               {base}/v1/articles");
    if let Some(id) = shown {
        println!("  a whole article page   {base}/v1/pages/articles/{id}");
        println!("  This is the demo edition: everything in it is invented.");
    }
    if settings.database_url.is_none() {
        println!("  data                   {}", settings.data_dir.0.display());
    }
    println!("Stop with Ctrl-C.");
}
