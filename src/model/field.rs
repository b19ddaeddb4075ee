//! Record types and their fields.

use super::declaration::{Holds, noun};
use super::read::{
    Code, FieldPath, Items, Listed, Named, ObjectId, Prose, Scalar, Target, Word, codes, targets,
};

noun! {
    /// A type of record: lead, contact, account, opportunity.
    entity Object = "object" {
        /// What one record of it is called in each system, for example `salesforce = "Lead"`.
        systems: Named<Word> = facet(Identity).stem("object-mapping").keyed_by("system"),
        /// The words for several of them.
        plural: Prose = facet(Display),
        /// The field that tells one record from every other.
        key_field: FieldPath = facet(Setting).stem("object-key").holds(Holds::Key),
        /// The field that says to whom a record belongs.
        owner_field: FieldPath = facet(Setting).stem("object-owner-field").holds(Holds::Name),
        /// The date field of the last contact with whom it is about.
        contact_field: FieldPath = facet(Setting).stem("object-contact-field").holds(Holds::Time),
        /// The date field that says when a record was last given to its owner.
        routed_field: FieldPath = facet(Setting).stem("object-routed-field").holds(Holds::Time),
    }
}

codes! {
    /// The types a field may have.
    FieldType => ["choice", "choices", "text", "bool", "integer", "number", "money", "date",
        "datetime", "reference"];
    /// How sensitive a field's content is, from least to most.
    SensitivityCode => ["public", "internal", "confidential", "personal", "special"];
}

targets! {
    /// A system of record.
    SystemTarget => ["system"];
    /// A named list of values.
    ListTarget => ["list"];
}

noun! {
    /// A field of an object: what may stand in it, and where it lives in each system.
    entity Field = "field" {
        /// What may stand in it.
        r#type: Code<FieldType> = facet(Identity).stem("field-type").required(),
        /// For `choice` and `choices`: the values, in the order people read them.
        values: Listed<Word> = facet(SetGrowsLooser).stem("field-value"),
        /// For `choice` and `choices`: a list whose values are allowed, beside `values`.
        values_from: Target<ListTarget> = facet(Reference).stem("field-values-source"),
        /// For `choice` and `choices`: the values in groups, for those who report on them.
        groups: Named<Listed<Word>> = facet(Display),
        /// For `choice`, `choices` and `bool`: other words for its values that exports carry.
        label: Items<ValueLabel> = facet(Identity).stem("field-label"),
        /// Whether values outside the declared ones may stand in it.
        open: bool = facet(LargerIsLooser).stem("field-open"),
        /// For `reference`: the object it points at.
        object: ObjectId = facet(Identity).stem("field-object"),
        /// Whether a record must have it.
        required: bool = facet(SmallerIsLooser).stem("field-required").words("dropped", "imposed"),
        /// Ids that it had before: history follows them, and a column of an export may still be called so where
        /// nothing is called so now.
        formerly: Listed<Word> = facet(Identity).stem("field-former-id"),
        /// What its column is called in each system, for example `hubspot = "numemployees"`.
        columns: Named<Word> = facet(Identity).stem("field-mapping").keyed_by("system"),
        /// The system whose value wins.
        source_of_truth: Target<SystemTarget> = facet(Reference).stem("field-source"),
        /// Who or what fills it in, in words, where no enrichment does.
        source: Prose = facet(Wording),
        /// How sensitive its content is.
        sensitivity: Code<SensitivityCode> = facet(Setting).stem("field-sensitivity"),
        /// Values as real records have them, for examples and witnesses.
        examples: Listed<Scalar> = facet(Display),
        /// The value records are shown and counted in, for example `days` or `EUR`.
        unit: Word = facet(Display),
    }
}

/// The truth that a word of an export says by itself, in any case.
pub fn truth(word: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    if is(&["true", "1", "yes"]) {
        return Some(true);
    }
    is(&["false", "0", "no"]).then_some(false)
}

noun! {
    /// Other words that exports carry for a value of a field.
    item ValueLabel = "field-label" {
        /// The value they stand for; of a `bool` field `true` or `false`.
        value: Word = facet(Identity).stem("field-label-value").required(),
        /// The words, each exactly as an export writes it.
        words: Listed<Word> = facet(Identity).stem("field-label-word").required(),
    }
}
