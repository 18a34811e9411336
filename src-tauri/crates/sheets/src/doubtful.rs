//! Ids that end in 000 and whose check digit holds.

use std::collections::HashSet;

use crate::batch::{Batch, Row};
use crate::problem::{Problem, ProblemCode, Severity};
use crate::profile::ID_DESTROYED;

/// Rejects them where Excel has made numbers of others in their column: one in eleven of those looks as if it were sound.
/// Where it has not, they are somebody's own.
pub(crate) fn reject<D>(batch: &mut Batch<D>, sheet: &str) {
    let mut here: Vec<&mut Problem> = batch.problems.iter_mut().filter(|problem| problem.sheet == sheet).collect();
    let destroyed = here.iter().filter(|problem| problem.code == ProblemCode::IdDestroyed);
    let columns: HashSet<String> = destroyed.map(|problem| problem.column.clone()).collect();
    let mut rows = HashSet::new();
    for problem in &mut here {
        if problem.code == ProblemCode::IdDoubtful && columns.contains(&problem.column) {
            (problem.severity, problem.code) = (Severity::Reject, ProblemCode::IdDestroyed);
            problem.message = ID_DESTROYED.to_owned();
            rows.insert(problem.row);
        }
    }
    if rows.is_empty() {
        return;
    }
    let is_doubtful = |row: &Row<D>| row.sheet == sheet && rows.contains(&row.row);
    let (doubtful, sound): (Vec<_>, Vec<_>) = std::mem::take(&mut batch.rows).into_iter().partition(is_doubtful);
    batch.rows = sound;
    batch.counts.accepted -= doubtful.len();
    batch.counts.rejected += doubtful.len();
    batch.rejected.extend(doubtful);
}
