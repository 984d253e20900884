//! A phone is linked in the very moment in which routing finds that nobody takes a message.

use crate::salon::Salon;
use jiff::Timestamp;
use std::path::Path;
use std::sync::{Arc, Mutex};
use vestnik_app::App;
use vestnik_app::phones::{PhoneHeaders, register};
use vestnik_app::senders::create::{CreateSender, create_sender};
use vestnik_app::senders::edit::archive_sender;
use vestnik_app::sending::route;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::sender::{Channel, SenderSettings};
use vestnik_simulation::carrier::CarrierBehaviour;
use vestnik_store::{
    ChangeSet, CommitError, Engine, ReadError, Record, Row, Statement, Store, Value,
};

/// Lets the phone register right before the first write of a message lands.
struct LinksMeanwhile {
    inner: Arc<dyn Engine>,
    phone: Mutex<Option<Phone>>,
}

/// A phone that is about to register, with an application over the engine beneath.
struct Phone {
    app: App,
    link_token: String,
}

impl Phone {
    async fn register(self) {
        let authorization = format!("Bearer {}", self.link_token);
        let headers = PhoneHeaders { authorization: Some(&authorization), user_agent: None };
        let body = br#"{"name": "Google/Pixel", "simCards": []}"#;
        let reply = register::register(&self.app, headers, body).await.unwrap();
        assert_eq!(reply.status, 201);
    }
}

#[async_trait::async_trait]
impl Engine for LinksMeanwhile {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        self.inner.read(statement, parameters).await
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        let is_routing = change_set.operations.iter().any(|one| one.table() == Message::table());
        let phone = if is_routing { self.phone.lock().unwrap().take() } else { None };
        if let Some(phone) = phone {
            phone.register().await;
        }
        self.inner.commit(change_set).await
    }

    async fn clock(&self) -> Result<Timestamp, ReadError> {
        self.inner.clock().await
    }

    async fn describe(&self) -> Result<String, ReadError> {
        self.inner.describe().await
    }

    async fn back_up(&self, path: &Path) -> Result<(), ReadError> {
        self.inner.back_up(path).await
    }
}

#[tokio::test]
async fn what_falls_due_while_the_phone_is_linked_does_not_wait_behind_its_back() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (mut node, _) = salon.node(None).await;
    archive_sender(&node, &salon.caller, salon.sender).await.unwrap();
    let wanted = CreateSender {
        name: "Телефон на стойке".to_owned(),
        channel: Channel::AndroidPhone,
        number: None,
        zone: None,
        settings: SenderSettings::default(),
    };
    let created = create_sender(&node, &salon.caller, wanted).await.unwrap();
    salon.book(&node).await;
    let phone = Phone { app: salon.app(), link_token: created.link_token.unwrap() };
    let inner = salon.engine.clone();
    node.store = Store::new(Arc::new(LinksMeanwhile { inner, phone: Mutex::new(Some(phone)) }));

    // The loop begins anew at once while anything moves, and when a phone has registered.
    route::run_once(&node).await.unwrap();
    route::run_once(&node).await.unwrap();
    let organization = salon.caller.organization_id;
    let lane = salon.store().lane(organization, created.sender.id, 10).await.unwrap();
    let states: Vec<&MessageState> = lane.iter().map(|message| &message.state).collect();
    assert_eq!(states, [&MessageState::Routed], "it waits in the lane of the phone");
}
