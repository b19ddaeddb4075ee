//! The SAT solver that takes over questions on which the search takes too long.
//!
//! The search wins by far on lists as people write them, and loses on conditions that are made to be hard:
//! it forgets what it learned from one half of a box when it turns to the other.

use super::index::Index;
use super::search::{Part, Sought};
use super::{Budget, Exhausted, Level, bits};
use batsat::{Callbacks, ClauseKind, Lit, Solver, SolverInterface, SolverOpts, lbool};
use std::collections::BTreeMap;

/// After so many conflicts a question counts as too hard.
const CONFLICTS: u64 = 20_000;

/// Counts conflicts, and stops the solver after too many.
struct Conflicts {
    met: u64,
    most: u64,
}

impl Callbacks for Conflicts {
    fn on_new_clause(&mut self, _: &[Lit], kind: ClauseKind) {
        self.met += u64::from(kind == ClauseKind::Learnt);
    }

    fn stop(&self) -> bool {
        self.met >= self.most
    }
}

/// A part of a question as clauses.
struct Clauses<'a> {
    index: &'a Index,
    part: &'a Part,
    solver: Solver<Conflicts>,
    /// For each table, the classes that are told apart, each with the variable that says it is chosen.
    chosen: Vec<Vec<(usize, Lit)>>,
    /// The covers, each with the variable that says it counts.
    counted: Vec<(usize, Lit)>,
}

impl Index {
    /// Solves a part. Spends a step for each conflict.
    pub(super) fn solve(&self, part: &Part, budget: &mut Budget) -> Result<Sought, Exhausted> {
        let most = CONFLICTS.min(budget.left());
        let mut clauses = Clauses::new(self, part, most);
        let assumed: Vec<Lit> = clauses.counted.iter().map(|(_, lit)| *lit).collect();
        let answer = clauses.solver.solve_limited(&assumed);
        budget.spend(clauses.solver.cb().met)?;
        if answer == lbool::TRUE {
            Ok(Sought::Bare(clauses.point()))
        } else if answer == lbool::FALSE {
            Ok(Sought::Covered(clauses.used()))
        } else {
            Err(Exhausted)
        }
    }
}

impl<'a> Clauses<'a> {
    fn new(index: &'a Index, part: &'a Part, most: u64) -> Self {
        let solver = Solver::new(SolverOpts::default(), Conflicts { met: 0, most });
        let mut clauses = Self { index, part, solver, chosen: Vec::new(), counted: Vec::new() };
        clauses.choose();
        clauses.escape();
        clauses
    }

    /// Exactly one class of each level, of those that some cover tells apart.
    fn choose(&mut self) {
        for (table, set, full) in self.part.levels(self.index) {
            let mut alike: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
            for class in set.iter() {
                let touching = self.part.narrower_on(full).zip(table.row(class));
                alike.entry(touching.map(|(one, row)| one & row).collect()).or_insert(class);
            }
            let solver = &mut self.solver;
            let lit = |class| (class, Lit::new(solver.new_var_default(), true));
            let chosen: Vec<(usize, Lit)> = alike.into_values().map(lit).collect();
            self.solver.add_clause_reuse(&mut chosen.iter().map(|(_, lit)| *lit).collect());
            for (at, (_, one)) in chosen.iter().enumerate() {
                for (_, other) in chosen.iter().skip(at + 1) {
                    self.solver.add_clause_reuse(&mut vec![!*one, !*other]);
                }
            }
            self.chosen.push(chosen);
        }
    }

    /// For each cover a level on which the chosen class is not the cover's, if the cover counts.
    fn escape(&mut self) {
        for cover in bits::ones(&self.part.active) {
            let counts = Lit::new(self.solver.new_var_default(), true);
            let mut clause = vec![!counts];
            for ((table, ..), chosen) in self.part.levels(self.index).zip(&self.chosen) {
                if let Some(classes) = self.index.part(cover, table.level) {
                    let outside = chosen.iter().filter(|(class, _)| !classes.contains(*class));
                    clause.extend(outside.map(|(_, lit)| *lit));
                }
            }
            self.solver.add_clause_reuse(&mut clause);
            self.counted.push((cover, counts));
        }
    }

    /// The chosen classes.
    fn point(&self) -> Vec<(Level, usize)> {
        let of_level = |chosen: &[(usize, Lit)]| {
            let taken = chosen.iter().find(|(_, lit)| self.solver.value_lit(*lit) == lbool::TRUE);
            taken.map_or(0, |(class, _)| *class)
        };
        let levels = self.index.tables().iter().zip(&self.chosen);
        levels.map(|(table, chosen)| (table.level, of_level(chosen))).collect()
    }

    /// The covers that the proof needed.
    fn used(&self) -> Vec<u64> {
        let mut used = vec![0; self.index.words()];
        for (cover, lit) in &self.counted {
            if self.solver.unsat_core_contains_var(lit.var()) {
                bits::insert(&mut used, *cover);
            }
        }
        used
    }
}
