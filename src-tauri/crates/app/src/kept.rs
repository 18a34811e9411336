//! What was worked out of the whole register a moment ago: it is given again until anything is written or taken in, or the
//! day changes, so that a page of two questions, or a list that is scrolled, does not settle the county anew each time.

use std::sync::Arc;

use chrono::NaiveDate;
use mingbai_store::Moment;

use crate::bill::ListedBills;
use crate::claim::ListedClaims;
use crate::error::AppError;
use crate::office::Context;
use crate::warning::LookedAt;

/// The last answer to one kind of question, with what was asked and when.
pub(crate) struct Kept<K, V>(Option<(Moment, NaiveDate, K, Arc<V>)>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(None)
    }
}

/// One last answer of every kind: as much as one page holds at a time.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) bills: ListedBills,
    pub(crate) claims: ListedClaims,
    pub(crate) warning: LookedAt,
}

impl Context<'_> {
    /// The answer that is kept, or the one that is worked out now and kept.
    pub(crate) fn kept<K: PartialEq, V>(
        &mut self,
        place: fn(&mut Answers) -> &mut Kept<K, V>,
        asked: K,
        work: impl FnOnce(&mut Self, &K) -> Result<V, AppError>,
    ) -> Result<Arc<V>, AppError> {
        let now = (self.read()?.moment()?, self.host.today());
        if let Some((moment, day, before, answer)) = &place(&mut self.opened_mut()?.answers).0
            && (*moment, *day) == now
            && *before == asked
        {
            return Ok(Arc::clone(answer));
        }
        let answer = Arc::new(work(self, &asked)?);
        // What working it out has itself written is in it.
        let now = (self.read()?.moment()?, now.1);
        place(&mut self.opened_mut()?.answers).0 = Some((now.0, now.1, asked, Arc::clone(&answer)));
        Ok(answer)
    }
}
