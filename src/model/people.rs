//! People and pools: teams, roles and their holders, queues.

use super::declaration::noun;
use super::read::{At, Code, Item, Items, Listed, Prose, Target, Word, codes, targets};
use super::root::CalendarTarget;
use jiff::civil::Date;

targets! {
    /// A role.
    RoleTarget => ["role"];
    /// A team.
    TeamTarget => ["team"];
    /// What can be in a queue's pool.
    MemberTarget => ["role", "team"];
    /// A queue.
    QueueTarget => ["queue"];
}

noun! {
    /// A team: what it does, and who leads it.
    entity Team = "team" {
        /// What it does, for example `marketing`, `sales`, `customer success`.
        function: Word = facet(Setting).stem("team-function").noted(),
        /// The role that leads it.
        lead: Target<RoleTarget> = facet(Reference).stem("team-lead"),
        /// The team it is part of.
        part_of: Target<TeamTarget> = facet(Reference).stem("team-parent"),
        /// What it answers for.
        responsibilities: Listed<Word> = facet(Wording),
        /// The calendar it works by; the model's where none is given.
        calendar: Target<CalendarTarget> = facet(Setting).stem("sla-calendar"),
    }
}

noun! {
    /// A role: what it answers for, and who holds it.
    entity Role = "role" {
        /// The team it belongs to.
        team: Target<TeamTarget> = facet(Reference).stem("role-team"),
        /// The people who hold it.
        holder: Items<Holder> = facet(SetGrowsLooser).stem("role-holder"),
        /// What it answers for.
        responsibilities: Listed<Word> = facet(Wording),
        /// What whoever holds it must be good at.
        skills: Listed<Word> = facet(Wording),
        /// The role it reports to.
        reports_to: Target<RoleTarget> = facet(Reference).stem("role-manager"),
        /// Who stands in when no holder can act.
        deputy: Target<RoleTarget> = facet(Reference).stem("role-deputy"),
    }
}

noun! {
    /// A person who holds a role.
    item Holder = "role-holder" {
        /// The name people use, and an owner field and an approval may; the id where none is given.
        name: Prose = facet(Identity).stem("role-holder-name"),
        /// Ids that the person had before: history follows them, and an owner field may still say one.
        formerly: Listed<Word> = facet(Identity).stem("role-holder-former-id"),
        /// The e-mail address commits and approvals carry.
        email: Word = facet(Reference).stem("role-holder-email"),
        /// The login at the forge where approvals are given.
        login: Word = facet(Reference).stem("role-holder-login"),
        /// What the owner field of a record calls them, beside name, e-mail and login.
        known_as: Listed<Word> = facet(Identity).stem("role-holder-alias"),
        /// How much of what is handed out goes to them, beside others.
        weight: u32 = facet(Setting).stem("pool-weight"),
        /// The most records they may hold at a time.
        capacity: u32 = facet(LargerIsLooser).stem("pool-capacity").loosest_at_none(),
        /// The last day of an absence; nothing is handed out to them until then, and a deputy may
        /// sign for them.
        absent_until: Date = facet(Setting).stem("role-holder-absence"),
        /// The first day.
        since: Date = facet(Setting).stem("role-holder-term"),
        /// The last day of holding the role; from the next one on the person holds nothing.
        left: Date = facet(Setting).stem("role-holder-term"),
    }
}

impl Item<Holder> {
    /// What an owner field may call them, beside what they are known as.
    pub fn own_words(&self) -> Vec<&str> {
        let said = [self.email.as_ref(), self.login.as_ref()].into_iter().flatten();
        let name = self.name.as_ref().map_or(self.id.as_str(), |name| &name.value.0);
        [name, &self.id].into_iter().chain(said.map(|word| &*word.value.0)).collect()
    }
}

/// The words of a list, as they are written.
pub fn words(listed: Option<&At<Listed<Word>>>) -> Vec<&str> {
    listed.iter().flat_map(|words| words.iter().map(|word| &*word.value.0)).collect()
}

/// A word as an owner field says it: in any case, with any space around it.
pub fn plain(word: &str) -> String {
    word.trim().to_lowercase()
}

/// The letters of a Salesforce id that tell records apart, and those it may be written with: the last
/// three only say which of the others are capitals.
const SALESFORCE: usize = 15;
const LONG: usize = 18;

/// What tells records apart of a word that looks like a Salesforce id, short or long.
pub fn record_id(word: &str) -> Option<&str> {
    let word = word.trim();
    let is_long_enough = matches!(word.len(), SALESFORCE | LONG);
    let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    (is_long_enough && is_plain && has_digit).then(|| word.get(..SALESFORCE)).flatten()
}

codes! {
    /// How records of a pool are handed out.
    Distribution => ["round robin", "weighted", "least loaded", "by hand", "first come"];
}

noun! {
    /// A pool records wait in, and how they are handed out.
    entity Queue = "queue" {
        /// The name people use, and an owner field may; the id where none is given.
        name: Prose = facet(Identity).stem("pool-name"),
        /// Ids that it had before: history follows them, and an owner field may still say one.
        formerly: Listed<Word> = facet(Identity).stem("pool-former-id"),
        /// What the owner field of a record calls it, beside its name and id.
        known_as: Listed<Word> = facet(Identity).stem("pool-alias"),
        /// The roles and teams whose people take from it.
        members: Listed<Target<MemberTarget>> = facet(Reference).stem("pool-member"),
        /// How records are handed out.
        distribution: Code<Distribution> = facet(Setting).stem("pool-distribution"),
        /// The shares of the members for `weighted`, and how much each may hold.
        share: Items<Share> = facet(Setting).stem("pool-share"),
        /// The most records one person may hold from it.
        capacity: u32 = facet(LargerIsLooser).stem("pool-capacity").loosest_at_none(),
        /// Where records go that nobody has room for.
        overflow: Target<QueueTarget> = facet(Reference).stem("pool-overflow"),
        /// The calendar it is worked by; the model's where none is given.
        calendar: Target<CalendarTarget> = facet(Setting).stem("sla-calendar"),
    }
}

noun! {
    /// A member's share of a pool.
    item Share = "pool-share" {
        /// The role or team.
        member: Target<MemberTarget> = facet(Reference).stem("pool-share-member"),
        /// Its weight beside the others.
        weight: u32 = facet(Setting).stem("pool-weight"),
        /// The most records it may hold.
        capacity: u32 = facet(LargerIsLooser).stem("pool-capacity").loosest_at_none(),
        /// The last day of an absence; nothing is handed out until then.
        absent_until: Date = facet(Setting).stem("pool-absence").noted(),
        /// Why, in a word or two.
        note: Prose = facet(Wording),
    }
}
