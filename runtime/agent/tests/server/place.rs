//! The socket's file.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use portcullis_agent::client::{self, ClientError};
use portcullis_agent::server::{BindError, Peers, Server};

use crate::Running;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn it_is_for_its_user_and_goes_with_the_server() {
    let running = Running::start(Peers::own());
    assert_eq!(std::fs::metadata(running.path()).unwrap().permissions().mode() & 0o777, 0o600);
    running.stop().await;
    // Others have to come to where they are judged.
    let running = Running::start(Peers::own().and(4_000_000));
    assert_eq!(std::fs::metadata(running.path()).unwrap().permissions().mode() & 0o777, 0o666);
    running.stop().await;
}

#[tokio::test]
async fn nothing_of_others_is_taken() {
    let running = Running::start(Peers::own());
    let second = Server::bind(running.path(), Peers::own()).unwrap_err();
    assert!(matches!(second, BindError::Taken(_)), "{second}");
    let path = running.path().to_owned();
    assert_eq!(client::get(&path, "/still", PATIENCE).await.unwrap().0, 200);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "text").unwrap();
    let over = Server::bind(&file, Peers::own()).unwrap_err();
    assert!(matches!(over, BindError::NoSocket(_)), "{over}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "text");
    let nowhere = Server::bind(&folder.path().join("no/such"), Peers::own()).unwrap_err();
    assert!(nowhere.to_string().contains("its folder must exist"), "{nowhere}");
}

#[tokio::test]
async fn one_that_nobody_listens_on_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent.sock");
    // What a server leaves that was killed.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let nobody = client::get(&path, "/", PATIENCE).await.unwrap_err();
    assert!(matches!(nobody, ClientError::Connect { .. }), "{nobody}");
    let server = Server::bind(&path, Peers::own()).unwrap();
    // A file that another has put there since is not ours to remove.
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "another's").unwrap();
    drop(server);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "another's");
}

#[tokio::test]
async fn who_may_not_ask_gets_nothing() {
    let running = Running::start(Peers::of([4_000_000]));
    let refused = client::get(running.path(), "/agent/secrets", PATIENCE).await.unwrap_err();
    assert!(matches!(refused, ClientError::Refused(_)), "{refused}");
    assert_eq!(running.answered(), 0);
    running.stop().await;
}
