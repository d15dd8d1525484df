//! The actions of SES version 1 that a sender needs, each from request to answer.

use chrono::TimeDelta;

use super::{
    Mailbox,
    accept::Accepted,
    address::Address,
    answer::{Answer, Refusal, element},
    draft::Draft,
    query::Query,
};

/// What SES gives an account that may send to anyone.
const MAX_24_HOUR_SEND: u32 = 50_000;
const MAX_SEND_RATE: u32 = 14;

const VERSION: &str = "2010-12-01";

/// What goes back to the sender.
pub(super) enum Reply {
    Answer(Answer),
    /// The connection drops.
    Nothing,
}

#[derive(Clone, Copy)]
enum Action {
    SendEmail,
    SendRawEmail,
    VerifyEmailIdentity,
    VerifyDomainIdentity,
    ListIdentities,
    GetIdentityVerificationAttributes,
    GetSendQuota,
}

impl Action {
    const ALL: [Self; 7] = [
        Self::SendEmail,
        Self::SendRawEmail,
        Self::VerifyEmailIdentity,
        Self::VerifyDomainIdentity,
        Self::ListIdentities,
        Self::GetIdentityVerificationAttributes,
        Self::GetSendQuota,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::SendEmail => "SendEmail",
            Self::SendRawEmail => "SendRawEmail",
            Self::VerifyEmailIdentity => "VerifyEmailIdentity",
            Self::VerifyDomainIdentity => "VerifyDomainIdentity",
            Self::ListIdentities => "ListIdentities",
            Self::GetIdentityVerificationAttributes => "GetIdentityVerificationAttributes",
            Self::GetSendQuota => "GetSendQuota",
        }
    }

    fn of(query: &Query) -> Result<Self, Refusal> {
        let name = query.get("Action").ok_or(Refusal::MissingAction)?;
        let version = query.get("Version").unwrap_or(VERSION);
        Self::ALL.into_iter().find(|action| action.name() == name && version == VERSION).ok_or_else(
            || Refusal::InvalidAction { name: name.to_owned(), version: version.to_owned() },
        )
    }
}

impl Mailbox {
    /// Does what a request asks for.
    pub(super) fn reply(&self, query: &Query) -> Reply {
        self.act(query).unwrap_or_else(|refusal| Reply::Answer(refusal.into()))
    }

    fn act(&self, query: &Query) -> Result<Reply, Refusal> {
        let action = Action::of(query)?;
        let members = match action {
            Action::SendEmail => return self.send(action, Draft::simple(query)?),
            Action::SendRawEmail => return self.send(action, Draft::raw(query)?),
            Action::VerifyEmailIdentity => self.verify_email(query)?,
            Action::VerifyDomainIdentity => self.verify_domain(query)?,
            Action::ListIdentities => self.list_identities(query),
            Action::GetIdentityVerificationAttributes => self.verification_attributes(query),
            Action::GetSendQuota => self.send_quota(),
        };
        Ok(Reply::Answer(Answer::result(action.name(), &members)))
    }

    fn send(&self, action: Action, draft: Draft) -> Result<Reply, Refusal> {
        let Accepted { id, answer_lost } = self.accept(draft)?;
        Ok(if answer_lost {
            Reply::Nothing
        } else {
            Reply::Answer(Answer::result(action.name(), &element("MessageId", &id)))
        })
    }

    fn verify_email(&self, query: &Query) -> Result<String, Refusal> {
        let written = query.get("EmailAddress").ok_or(Refusal::MissingMember("emailAddress"))?;
        let address = Address::parse(written)?.to_string().to_lowercase();
        self.state().identities.insert(address);
        Ok(String::new())
    }

    fn verify_domain(&self, query: &Query) -> Result<String, Refusal> {
        let domain = query.get("Domain").ok_or(Refusal::MissingMember("domain"))?;
        // A domain is right if an address in it would be.
        let domain = Address::parse(&format!("postmaster@{domain}"))?.domain.to_lowercase();
        self.state().identities.insert(domain.clone());
        Ok(element("VerificationToken", &domain))
    }

    fn list_identities(&self, query: &Query) -> String {
        let wanted = query.get("IdentityType");
        let members: String = self
            .state()
            .identities
            .iter()
            .filter(|name| match wanted {
                Some("EmailAddress") => name.contains('@'),
                Some("Domain") => !name.contains('@'),
                _ => true,
            })
            .map(|name| element("member", name))
            .collect();
        format!("<Identities>{members}</Identities>")
    }

    fn verification_attributes(&self, query: &Query) -> String {
        let state = self.state();
        let entries = query
            .list("Identities")
            .into_iter()
            .filter(|name| state.identities.contains(&name.to_lowercase()))
            .map(|name| {
                let key = element("key", name);
                let status = element("VerificationStatus", "Success");
                format!("<entry>{key}<value>{status}</value></entry>")
            })
            .collect::<Vec<_>>()
            .concat();
        format!("<VerificationAttributes>{entries}</VerificationAttributes>")
    }

    fn send_quota(&self) -> String {
        let day_ago = self.settings.now() - TimeDelta::hours(24);
        let sent = self.state().sent_since(day_ago);
        let rate = self.settings.max_per_second.unwrap_or(MAX_SEND_RATE);
        [
            element("Max24HourSend", &MAX_24_HOUR_SEND.to_string()),
            element("MaxSendRate", &rate.to_string()),
            element("SentLast24Hours", &sent.to_string()),
        ]
        .concat()
    }
}
