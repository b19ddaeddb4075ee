//! A way from one stage to the next that no record can go.

use super::contradiction::{Core, Demand, contradiction};
use super::not_decided;
use crate::check::{Context, Rule};
use crate::criteria::{Expr, expand, fields};
use crate::finding::{Finding, Place, Severity};
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Entity, Item};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    id: "gate-impossible",
    severity: Severity::Error,
    page: include_str!("gate_impossible.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        let way = Ways { context, entity, lifecycle: &lifecycle };
        findings.extend(way.findings());
    }
    findings
}

/// The stages of one lifecycle.
struct Ways<'c, 'm> {
    context: &'c Context<'m>,
    entity: &'m Entity,
    lifecycle: &'c Lifecycle,
}

/// A stage with what lets records out of it and into it.
struct Gates<'c, 'm> {
    stage: &'c Item<Stage>,
    exit: Vec<Demand<'c, 'm>>,
    entry: Vec<Demand<'c, 'm>>,
    /// Whether some record can meet all that one of the two asks for.
    can_leave: bool,
    can_enter: bool,
}

/// One question: its demands, and what is said when no record meets them.
struct Gate<'d, 'c, 'm> {
    demands: &'d [Demand<'c, 'm>],
    whether: String,
    message: String,
    help: &'static str,
    span: Span,
    address: String,
}

impl<'c, 'm> Ways<'c, 'm> {
    fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut gates: Vec<Gates<'c, 'm>> =
            self.lifecycle.stages().iter().map(|stage| self.gates(stage)).collect();
        for one in &mut gates {
            let (exit, entry) = (
                self.alone(one.stage, &one.exit, "leave"),
                self.alone(one.stage, &one.entry, "enter"),
            );
            (one.can_leave, one.can_enter) = (exit.is_none(), entry.is_none());
            findings.extend(exit.into_iter().chain(entry));
        }
        for from in gates.iter().filter(|from| from.can_leave && !from.exit.is_empty()) {
            for next in from.stage.next.iter().flat_map(|next| next.iter()) {
                let to = gates.iter().find(|to| to.stage.id == *next.value.0);
                let to = to.filter(|to| to.can_enter && !to.entry.is_empty());
                findings.extend(to.and_then(|to| self.between(from, to, next.span)));
            }
        }
        findings
    }

    fn gates(&self, stage: &'c Item<Stage>) -> Gates<'c, 'm> {
        let demands = |gate: &str, said: &str| {
            let address = format!("{}.stage.{}.{gate}", self.entity.address, stage.id);
            let said = format!("{said} `{}`", stage.id);
            let criteria: Vec<_> = self.context.scope.criteria_below(&address).collect();
            let demand = |criterion| Demand::that_holds(self.context, criterion, &said);
            criteria.into_iter().filter_map(demand).collect()
        };
        let (exit, entry) = (demands("exit", "to leave"), demands("entry", "to enter"));
        Gates { stage, exit, entry, can_leave: true, can_enter: true }
    }

    /// A stage whose exit criteria, or whose entry criteria, exclude each other.
    fn alone(
        &self,
        stage: &Item<Stage>,
        demands: &[Demand<'c, 'm>],
        verb: &str,
    ) -> Option<Finding> {
        let gate = if verb == "leave" { "exit" } else { "entry" };
        self.asked(&Gate {
            demands,
            whether: format!("whether a record can {verb} stage `{}`", stage.id),
            message: format!(
                "no record can {verb} stage `{}`: its {gate} criteria exclude each other",
                stage.id
            ),
            help: "correct the criteria that exclude each other",
            span: stage.id_span,
            address: format!("{}.stage.{}.{gate}", self.entity.address, stage.id),
        })
    }

    /// A way of which one end excludes the other.
    fn between(&self, from: &Gates<'c, 'm>, to: &Gates<'c, 'm>, span: Span) -> Option<Finding> {
        let demands: Vec<Demand<'c, 'm>> = from.exit.iter().chain(&to.entry).cloned().collect();
        let (one, other) = (&from.stage.id, &to.stage.id);
        self.asked(&Gate {
            demands: &demands,
            whether: format!("whether a record can go from stage `{one}` to `{other}`"),
            message: format!(
                "no record can go from stage `{one}` to `{other}`: what may leave the one may not enter the other"
            ),
            help: "correct the criteria, or take the stage out of `next`",
            span,
            address: format!("{}.stage.{one}.next", self.entity.address),
        })
    }

    fn asked(&self, gate: &Gate<'_, 'c, 'm>) -> Option<Finding> {
        let place: Place = self.entity.place(gate.span);
        let core = match contradiction(self.context, gate.demands) {
            Ok(core) => core?,
            Err(why) => {
                let about = (place, gate.address.as_str());
                return not_decided::finding(self.context, &gate.whether, &why, about);
            }
        };
        if self.changes_on_the_way(&core) {
            return None;
        }
        let finding = Finding::new(RULE.id, gate.message.clone())
            .at(place)
            .about(gate.address.as_str())
            .help(gate.help);
        Some(core.pointed_at(finding))
    }

    /// Whether both sides of a contradiction ask for the stage itself, which is another one when
    /// the record has left.
    fn changes_on_the_way(&self, core: &Core<'_, 'c, 'm>) -> bool {
        let Some(stage_field) = &self.lifecycle.stage_field else { return false };
        let asks = |expr: &Expr| {
            let expanded = expand(expr, self.context.scope);
            expanded
                .is_ok_and(|expr| fields(&expr).iter().any(|path| path.name() == ***stage_field))
        };
        let items = core.0.iter().filter(|demand| asks(demand.expr));
        let mut items: Vec<_> = items.map(|demand| &demand.criterion.item).collect();
        items.dedup();
        items.len() > 1
    }
}
