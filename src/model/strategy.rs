//! Who the company sells to: ICP, segments, territories, personas, and what things are called.

use super::declaration::{Holds, noun};
use super::read::{
    Items, Listed, Named, ObjectId, Predicate, Prose, Record, Target, Word, targets,
};
use rust_decimal::Decimal;

noun! {
    /// The ideal customer profile: measurable criteria that all must hold, and disqualifiers none
    /// of which may.
    entity Icp = "icp" {
        /// The type of record it judges.
        object: ObjectId = facet(Identity).stem("icp-object").required(),
        /// Named criteria; a record fits when all hold.
        criteria: Named<Predicate> = facet(GatePredicate).stem("icp"),
        /// Named disqualifiers; a record for which one holds does not fit.
        disqualifiers: Named<Predicate> =
            facet(GatePredicate).stem("icp-disqualifier").inverted(),
        /// Grades of fit, best first; a record is of the first tier that holds.
        tier: Items<Tier> = facet(Ordered).stem("icp-tier"),
        /// Why these customers buy from this company.
        value_proposition: Prose = facet(Wording),
    }
}

noun! {
    /// A grade of fit within the ICP.
    item Tier = "icp-tier" {
        /// Which records of the ICP are of this tier.
        when: Predicate = facet(ScopePredicate).stem("icp-tier"),
    }
}

noun! {
    /// A part of the market that is served in its own way.
    entity Segment = "segment" {
        /// The type of record it judges.
        object: ObjectId = facet(Identity).stem("segment-object").required(),
        /// Which records belong to it.
        when: Predicate = facet(ScopePredicate).stem("segment"),
        /// The family of segments of which a record may be in only one.
        exclusive: Word = facet(Setting).stem("segment-family"),
    }
}

targets! {
    /// Who works a territory.
    SellerTarget => ["role", "team", "queue"];
    /// An ICP.
    IcpTarget => ["icp"];
    /// A segment or territory.
    MarketTarget => ["segment", "territory", "icp", "persona"];
}

noun! {
    /// A part of the world (or of the account list) that belongs to somebody.
    entity Territory = "territory" {
        /// The type of record it judges.
        object: ObjectId = facet(Identity).stem("territory-object").required(),
        /// Which records belong to it.
        when: Predicate = facet(ScopePredicate).stem("territory-scope"),
        /// Whether the territories of the same object must not overlap this one.
        exclusive: bool = facet(SmallerIsLooser).stem("territory-exclusive"),
        /// Who works it.
        assigned_to: Listed<Target<SellerTarget>> = facet(Reference).stem("territory-assignment"),
        /// The larger territory it is part of.
        part_of: Target<TerritoryTarget> = facet(Reference).stem("territory-parent"),
        /// What is expected of it in a year, in the model's currency.
        quota: Decimal = facet(SmallerIsLooser).stem("territory-quota").loosest_at_none(),
    }
}

targets! {
    /// A territory.
    TerritoryTarget => ["territory"];
}

noun! {
    /// A kind of person in a buying company.
    entity Persona = "persona" {
        /// The type of record it judges.
        object: ObjectId = facet(Identity).stem("persona-object"),
        /// Which people are meant.
        when: Predicate = facet(ScopePredicate).stem("persona"),
        /// What they are called on a business card.
        titles: Listed<Word> = facet(SetGrowsLooser).stem("persona-title").noted(),
        /// What they want to get done.
        goals: Listed<Word> = facet(Wording),
        /// What keeps them from it.
        pains: Listed<Word> = facet(Wording),
        /// The ICPs in which they buy.
        buys_in: Listed<Target<IcpTarget>> = facet(Reference).stem("persona-market").noted(),
    }
}

noun! {
    /// What a word means here: lead, MQL, SQL, opportunity, win.
    entity Definition = "definition" {
        /// The type of record it judges.
        object: ObjectId = facet(Identity).stem("definition-object").required(),
        /// Named criteria; a record is one when all hold.
        criteria: Named<Predicate> = facet(GatePredicate).stem("definition"),
        /// The moment a record becomes one, as the name of a date field.
        happens_at: super::read::FieldPath = facet(Identity).stem("definition-moment").holds(Holds::Time),
        /// A formula of another system that this definition must agree with.
        formula: Record<ForeignFormula> = facet(Group),
    }
}

noun! {
    /// A formula of another system, kept beside the criteria for whoever compares the two.
    record ForeignFormula = "foreign-formula" {
        /// The system.
        system: Target<super::field::SystemTarget> = facet(Reference),
        /// The formula, as that system writes it; never counted as decided.
        text: Prose = facet(Setting),
    }
}
