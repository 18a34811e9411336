//! Where an identity gained in the course of a year counts for the whole of it (`identity_change = "whole_year"`): what
//! payers with yearly bands then owe beyond what the bills at hand leave to the person, which is paid at the year's end.

use mingbai_domain::Fen;

use super::annual::Year;
use super::chain::PayerShare;
use super::rule::Rule;
use super::running::Running;
use crate::bill::BillError;
use crate::explain::{Step, Steps};
use crate::history::PayerYear;
use crate::pack::condition::Look;
use crate::pack::payer::{Base, Most, Payer, Period};
use crate::pack::terms::{PayerTables, not_had};
use crate::pack::{IdentityChange, Pack};

/// What of a `rest`, which a bill has no room for, is left to the year's end: `capped` tells how much the payer's caps let
/// through. A ceiling is kept bill by bill and what somebody else has compensated is not known of a year, so beside either
/// nothing is paid later, and the reader is told.
pub(super) fn left_to_the_end(
    pack: &Pack,
    payer: &Payer,
    rest: Fen,
    steps: &mut impl Steps,
    capped: impl FnOnce() -> Result<Fen, BillError>,
) -> Result<Fen, BillError> {
    if payer.band_scope != Period::Year || pack.identity_change != IdentityChange::WholeYear {
        return Ok(Fen::ZERO);
    }
    let label = &payer.label;
    let said = |key: String, label: String, words: String, amount: Fen| {
        let citations: Vec<_> = pack.switch("identity_change").map(|(_, citation)| citation).into_iter().collect();
        Step::new(key, label, words, amount, &citations)
    };
    if !pack.makes_good(payer) {
        steps.say(|| {
            let why = if pack.ceiling.is_some() { "有总报销比例上限" } else { "它要扣除商业保险已赔付的" };
            let words = format!(
                "“{label}”按全年累计还应支付{rest}元，这张票据余下的自付不够，只能在以后的票据里补；{why}，年终不另补，请向医保经办机构核对"
            );
            said("caution.identity_change".to_owned(), "提示".to_owned(), words, Fen::ZERO)
        });
        return Ok(Fen::ZERO);
    }
    let short = capped()?;
    steps.say(|| {
        let words = format!("按全年累计还应支付{rest}，这张票据余下的自付不够：以后的票据补不足的，年终支付");
        said(format!("{}.short", payer.key), format!("{label}年终再付"), words, short)
    });
    Ok(short)
}

impl Year<'_> {
    /// Pays what a payer of single bills owes on the whole year beyond them; `earlier` is what those before it have just made
    /// good.
    pub(super) fn make_good(
        &self,
        place: usize,
        payer: &Payer,
        earlier: &[PayerShare],
        running: &mut Running,
        steps: &mut impl Steps,
    ) -> Result<PayerShare, BillError> {
        let before = running.payer(place);
        if before.base == Fen::ZERO || !self.pack.makes_good(payer) {
            return Ok(PayerShare::default());
        }
        let (mut due, mut cap, mut formula) = (before.short, yearly_cap(payer), "票据里没有补足的".to_owned());
        if self.is_decided_by_identities(payer) {
            // Bill by bill whoever looks at the rest saw what they pay only now.
            let gone: Fen = earlier.iter().map(|share| share.amount).sum();
            let gone = if payer.base == Base::Remaining { gone } else { Fen::ZERO };
            let whole = self.of_the_whole_year(payer, before, gone)?;
            if whole.due >= due {
                (due, cap, formula) = (whole.due, whole.cap, whole.formula);
            }
        }
        if due == Fen::ZERO {
            return Ok(PayerShare::default());
        }
        let cap = cap.map(|cap| (cap - running.pool_paid(self.pack, place)).at_least_zero());
        let joint = running.joint_room(self.pack, place, &self.case, Look::OnlyIdentity).map(|(room, _)| room);
        let preselfpay = if payer.base_includes_preselfpay { running.preselfpay_personal } else { Fen::ZERO };
        let left = running.in_scope_personal + preselfpay;
        let paid = [cap, joint, Some(left)].into_iter().flatten().fold(due, Fen::min);
        steps.say(|| {
            let (key, label) = (format!("{}.made_good", payer.key), format!("{}年终再付", payer.label));
            let bound =
                if paid < due { format!("，限额和余下的个人负担{left}以内") } else { String::new() };
            let words = format!("按全年的身份：{formula}，还应支付{due}{bound}");
            let citations: Vec<_> =
                self.pack.switch("identity_change").map(|(_, citation)| citation).into_iter().collect();
            Step::new(key, label, words, paid, &citations)
        });
        let on_in_scope = paid.min(running.in_scope_personal);
        let on_preselfpay = paid - on_in_scope;
        running.in_scope_personal -= on_in_scope;
        running.preselfpay_personal -= on_preselfpay;
        let after =
            PayerYear { entitled: before.entitled + paid, paid: before.paid + paid, short: Fen::ZERO, ..before };
        running.set_payer(place, after);
        Ok(PayerShare { amount: paid, on_preselfpay, applies: true })
    }

    /// Whether the rule of a whole year is known without any bill: nothing but identities decides it, no disease has a share
    /// or a limit of its own under this payer, and no cap is of a single admission.
    fn is_decided_by_identities(&self, payer: &Payer) -> bool {
        payer.rows_ask_for_identities_only()
            && payer.mismatch(&self.case, Look::OnlyIdentity).is_none()
            && self.pack.diseases.iter().all(|disease| !disease.payers.contains(&payer.key))
            && payer.cap.iter().all(|row| row.value.per == Period::Year)
    }

    /// What the identities of the year's end give for all of it: also where no bill came after they were gained.
    fn of_the_whole_year(&self, payer: &Payer, before: PayerYear, gone: Fen) -> Result<Whole, BillError> {
        let tables = PayerTables::of(payer, &self.case.situation);
        let terms = tables.terms(&self.case, false)?;
        let rule = Rule::of(&terms, self.case.nth);
        let base = (before.base - gone).at_least_zero();
        let due = (rule.amount(base, rule.deductible) - before.entitled).at_least_zero();
        let off = if gone > Fen::ZERO {
            format!("（全年累计{} − 排在前面的年终再付{gone}）", before.base)
        } else {
            String::new()
        };
        let formula = format!("{}{off} − 此前已计{}", rule.formula(base, rule.deductible), before.entitled);
        let cap = match rule.cap().value.amount {
            Most::Open => None,
            Most::Fixed(cap) => Some(cap),
            Most::Unknown => return Err(not_had(payer, "封顶线")),
        };
        Ok(Whole { due, cap, formula })
    }
}

struct Whole {
    due: Fen,
    cap: Option<Fen>,
    formula: String,
}

/// The most a payer pays in a year whatever the bill; which row of caps holds is only known of a bill.
fn yearly_cap(payer: &Payer) -> Option<Fen> {
    let caps = payer.cap.iter().map(|row| match (row.value.per, row.value.amount) {
        (Period::Year, Most::Fixed(cap)) => Some(cap),
        _ => None,
    });
    caps.collect::<Option<Vec<_>>>()?.into_iter().max()
}
