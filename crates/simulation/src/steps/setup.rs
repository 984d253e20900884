//! Salons as a history finds them: branches, masters, services, clients, phones, and the block on.

use super::carriers::Pushed;
use super::commands::{Answer, Command};
use super::invariant::{Invariant, Violation};
use super::model::{KnownClient, KnownSender};
use super::peers::phone::PhonePeer;
use super::world::{World, read, surely};
use std::collections::BTreeMap;
use vestnik_app::catalogue::branches::{NewBranch, create_branch};
use vestnik_app::catalogue::services::{NewService, create_service};
use vestnik_app::catalogue::staff::{NewStaffMember, create_staff_member};
use vestnik_app::clients::create_client::{NewClient, create_client};
use vestnik_app::senders::create::{CreateSender, create_sender};
use vestnik_app::settings::SettingsEdit;
use vestnik_app::{AppError, Caller};
use vestnik_domain::Language;
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::ids::{OrganizationId, SenderId, UserId};
use vestnik_domain::organization::Organization;
use vestnik_domain::sender::{Channel, SenderSettings};
use vestnik_domain::service::Service;
use vestnik_domain::settings::{LateReminder, Lead, NotificationSettings, SettingsVersion};
use vestnik_domain::staff::StaffMember;
use vestnik_store::ChangeSet;

/// One organization, as its staff know it.
pub(super) struct Salon {
    /// Its owner.
    pub(super) caller: Caller,
    pub(super) language: Language,
    pub(super) branches: Vec<Branch>,
    pub(super) staff: Vec<StaffMember>,
    pub(super) services: Vec<Service>,
    pub(super) clients: Vec<Client>,
    pub(super) senders: Vec<SenderId>,
}

impl Salon {
    /// A client of it, doing something by a link or in the widget.
    pub(super) fn client_caller(&self) -> Caller {
        Caller { actor: Actor::Client, role: Role::Administrator, ..self.caller }
    }
}

/// Makes the salons; nothing fails on the way.
pub(super) fn set_up(world: &mut World) -> Result<(), Violation> {
    let count = 1 + world.chance.draw() % 2;
    for number in 0..count {
        let salon = surely(read(make_salon(world, number))?)?;
        for client in &salon.clients {
            let known = KnownClient {
                organization: salon.caller.organization_id,
                number: client.phone.as_ref().map(ToString::to_string).unwrap_or_default(),
                switches: vec![(world.now(), client.switches.clone())],
            };
            world.model.clients.insert(client.id, known);
        }
        world.note(|| {
            let branches: Vec<String> =
                salon.branches.iter().map(|one| format!("{} in {}", one.id, one.zone)).collect();
            format!("{}: {branches:?}", salon.caller.organization_id)
        });
        for branch in &salon.branches {
            world.model.zones.insert(branch.id, branch.zone.clone());
        }
        for member in &salon.staff {
            world.model.masters.insert(member.id, member.name.clone());
        }
        world.salons.push(salon);
    }
    for index in 0..world.phones.len() {
        world.register(index)?;
    }
    for index in 0..world.salons.len() {
        switch_on(world, index)?;
    }
    world.link_journal()?;
    world.is_calm = false;
    Ok(())
}

async fn make_salon(world: &mut World, number: u64) -> Result<Salon, AppError> {
    let app = world.auditor.clone();
    let now = app.now();
    let id = OrganizationId(app.new_id());
    let language = if world.chance.percent(50) { Language::Russian } else { Language::English };
    let organization = Organization {
        id,
        version: 1,
        name: format!("Salon {number}"),
        language,
        country: "RU".to_owned(),
        plan_generation: 1,
        swept_generation: 1,
        created_at: now,
    };
    let settings = SettingsVersion {
        organization_id: id,
        generation: 1,
        at: now,
        settings: NotificationSettings::standard(),
        branches: BTreeMap::new(),
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&organization).insert(&settings);
    app.store.commit(change_set).await?;
    let actor = Actor::User { user_id: UserId(app.new_id()) };
    let caller = Caller { organization_id: id, role: Role::Owner, actor };
    let mut salon = Salon {
        caller,
        language,
        branches: Vec::new(),
        staff: Vec::new(),
        services: Vec::new(),
        clients: Vec::new(),
        senders: Vec::new(),
    };
    for place in 0..1 + world.chance.draw() % 2 {
        let zone = if place == 0 { world.temper.zone } else { world.temper.other_zone };
        let new = NewBranch {
            name: format!("Branch {place}"),
            commercial_name: None,
            address: format!("Main street {}", place + 1),
            zone: zone.to_owned(),
            working_hours: None,
        };
        salon.branches.push(create_branch(&app, &caller, new).await?);
    }
    for (title, duration_min, buffer_min) in [("Cut", 45, 0), ("Dye", 90, 15), ("Nails", 60, 0)] {
        let title = title.to_owned();
        let new = NewService { title, duration_min, buffer_min, price_kopecks: 100_000 };
        salon.services.push(create_service(&app, &caller, new).await?);
    }
    for (position, name) in ["Olga", "Irina", "Vera"].into_iter().enumerate() {
        let Some(branch) = salon.branches.get(position % salon.branches.len()) else { continue };
        let new = NewStaffMember {
            branch_id: branch.id,
            name: name.to_owned(),
            position: String::new(),
            schedule: None,
            service_ids: Vec::new(),
        };
        salon.staff.push(create_staff_member(&app, &caller, new).await?);
    }
    // The last two share one number: a mother and her daughter.
    for (position, line) in [1, 2, 3, 4, 5, 5].into_iter().enumerate() {
        let new = NewClient {
            name: format!("Client {position}"),
            phone: Some(format!("+7916555{number}{line:03}")),
            allow_duplicate: true,
            ..NewClient::default()
        };
        salon.clients.push(create_client(&app, &caller, new).await?);
    }
    for line in 0..1 + world.chance.draw() % 2 {
        let settings = sender_settings(world);
        let is_pushed = world.chance.percent(world.temper.pushed_percent);
        let new = CreateSender {
            name: format!("Sender {line}"),
            channel: if is_pushed { Channel::Simulated } else { Channel::AndroidPhone },
            number: None,
            zone: None,
            settings: settings.clone(),
        };
        let created = create_sender(&app, &caller, new).await?;
        let known = KnownSender {
            zone: created.sender.zone.clone(),
            is_pushed,
            settings: vec![(now, settings)],
        };
        world.model.senders.insert(created.sender.id, known);
        salon.senders.push(created.sender.id);
        if is_pushed {
            world.pushed.push(Pushed::new(id, created.sender.id));
            continue;
        }
        let behaviour = (world.temper.phone(), world.temper.phones_in_trouble);
        let chance = world.chance.branch();
        let link_token = created.link_token.unwrap_or_default();
        let ids = (id, created.sender.id);
        world.phones.push(PhonePeer::new(ids, link_token, behaviour, chance, now));
    }
    Ok(salon)
}

/// Pace, and in trouble a limit that is reached now and then.
pub(super) fn sender_settings(world: &mut World) -> SenderSettings {
    let pace_s = *world.chance.one_of(&[0, 1, 5, 20]).unwrap_or(&5);
    let limited = world.temper.phones_in_trouble && world.chance.percent(40);
    let daily_limit_parts = limited.then(|| 3 + (world.chance.draw() % 20).cast_signed());
    SenderSettings { pace_s, daily_limit_parts, ..SenderSettings::default() }
}

/// Settings as a salon has them, drawn anew.
pub(super) fn wanted_settings(world: &mut World) -> SettingsEdit {
    let leads = [
        vec![Lead::Days(1)],
        vec![Lead::Days(1), Lead::Minutes(120)],
        vec![Lead::Minutes(180)],
        vec![Lead::Days(2), Lead::Days(1), Lead::Minutes(90)],
        vec![],
    ];
    let late = [LateReminder::Skip, LateReminder::Merge, LateReminder::AtOnce];
    let window = |from: i8, to: i8| vestnik_domain::settings::SendingWindow {
        from: jiff::civil::time(from, 0, 0, 0),
        to: jiff::civil::time(to, 0, 0, 0),
    };
    let windows = [window(8, 22), window(9, 20), window(10, 18), window(0, 23)];
    SettingsEdit {
        reminder_leads: world.chance.one_of(&leads).cloned(),
        settle_s: world.chance.one_of(&[0, 30, 120, 120, 600]).copied(),
        late_reminder: world.chance.one_of(&late).copied(),
        merge_same_day: Some(world.chance.percent(60)),
        service_window: world.chance.one_of(&windows).copied(),
        ..SettingsEdit::default()
    }
}

fn switch_on(world: &mut World, index: usize) -> Result<(), Violation> {
    let Some(caller) = world.salons.get(index).map(|salon| salon.caller) else { return Ok(()) };
    let edit = SettingsEdit { generation: 1, on: Some(true), ..wanted_settings(world) };
    let command = Command::Settings { caller, edit: Box::new(edit) };
    match world.call_surely(Some(caller.organization_id), command)? {
        Ok(Answer::Settings(saved)) => {
            let now = world.now();
            world.note(|| format!("settings of {}: {:?}", caller.organization_id, saved.settings));
            world.model.settings.insert(caller.organization_id, vec![(now, *saved)]);
            Ok(())
        }
        // Time stands still, and two nodes have drawn the same id for their lines of the audit.
        Err(AppError::Conflict { code: "changed_meanwhile", .. }) => switch_on(world, index),
        other => Err(Violation::new(Invariant::Rest, format!("not switched on: {other:?}"))),
    }
}
