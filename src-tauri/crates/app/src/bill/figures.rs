//! The three identities of a bill's own figures (domain C.1), to the fen, and the figure that is likeliest at fault.

use mingbai_coverage::plausible;
use mingbai_domain::Fen;
use mingbai_domain::catalogue::Settlement;

/// The amounts of a bill as far as they are known, by the column that holds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) total: Option<Fen>,
    pub(crate) own_expense: Option<Fen>,
    pub(crate) over_limit: Option<Fen>,
    pub(crate) pre_self_pay: Option<Fen>,
    pub(crate) in_scope: Option<Fen>,
    pub(crate) paid_basic: Option<Fen>,
    pub(crate) paid_critical: Option<Fen>,
    pub(crate) paid_aid: Option<Fen>,
    pub(crate) paid_other: Option<Fen>,
    pub(crate) paid_commercial: Option<Fen>,
    pub(crate) hospital_borne: Option<Fen>,
    pub(crate) paid_personal: Option<Fen>,
}

/// One amount with the column that holds it and what the clerk calls it.
pub(crate) type Figure = (&'static str, &'static str, Option<Fen>);

impl Figures {
    pub(crate) fn of(bill: &Settlement) -> Self {
        Self {
            total: bill.total,
            own_expense: bill.own_expense,
            over_limit: bill.over_limit,
            pre_self_pay: bill.pre_self_pay,
            in_scope: bill.in_scope,
            paid_basic: bill.paid_basic,
            paid_critical: bill.paid_critical,
            paid_aid: bill.paid_aid,
            paid_other: bill.paid_other,
            paid_commercial: bill.paid_commercial,
            hospital_borne: bill.hospital_borne,
            paid_personal: bill.paid_personal,
        }
    }

    /// What the total is made of.
    fn parts(&self) -> [Figure; 4] {
        [
            ("own_expense", "目录外自费", self.own_expense),
            ("over_limit", "超限价", self.over_limit),
            ("pre_self_pay", "先行自付", self.pre_self_pay),
            ("in_scope", "政策范围内", self.in_scope),
        ]
    }

    /// Who pays it.
    fn payers(&self) -> [Figure; 6] {
        [
            ("paid_basic", "基本医保", self.paid_basic),
            ("paid_critical", "大病保险", self.paid_critical),
            ("paid_aid", "医疗救助", self.paid_aid),
            ("paid_other", "其他支付", self.paid_other),
            ("hospital_borne", "医院承担", self.hospital_borne),
            ("paid_personal", "个人支付", self.paid_personal),
        ]
    }

    fn all(&self) -> impl Iterator<Item = Figure> {
        let commercial = ("paid_commercial", "商业和职工补充保险", self.paid_commercial);
        [("total", "费用总额", self.total), commercial].into_iter().chain(self.parts()).chain(self.payers())
    }

    /// Whether every amount is one a bill can hold: then no sum of them overflows.
    fn plausible(&self) -> bool {
        self.all().all(|(_, _, amount)| amount.is_none_or(plausible))
    }

    /// 政策范围内 as it follows from the others where the sheet leaves it out.
    pub(crate) fn in_scope_left(&self) -> Option<Fen> {
        if self.in_scope.is_some() || !self.plausible() {
            return None;
        }
        let [own, over, pre, _] = self.parts().map(|(_, _, amount)| amount.unwrap_or_default());
        let left = self.total? - own - over - pre;
        (left >= Fen::ZERO).then_some(left)
    }

    /// 个人支付 as it follows from the others where the sheet leaves it out.
    pub(crate) fn personal_left(&self) -> Option<Fen> {
        if self.paid_personal.is_some() || !self.plausible() {
            return None;
        }
        let left = self.total? - sum(&self.payers());
        (left >= Fen::ZERO).then_some(left)
    }
}

fn sum(figures: &[Figure]) -> Fen {
    figures.iter().map(|(_, _, amount)| amount.unwrap_or_default()).sum()
}

/// What does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// An amount no bill can hold.
    Amount,
    /// 费用总额 = 目录外自费 + 超限价 + 先行自付 + 政策范围内.
    Parts,
    /// 政策范围内 ≥ 基本医保 + 大病保险 + 医疗救助: the rest is the person's and other funds'.
    Scope,
    /// 费用总额 = 各方支付 + 医院承担 + 个人支付, with or without 商业和职工补充保险.
    Payers,
    /// 年终结算: payments of a year and no costs.
    YearEnd,
}

impl Rule {
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Parts => "parts",
            Self::Scope => "scope",
            Self::Payers => "payers",
            Self::YearEnd => "year_end",
        }
    }
}

/// One identity that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) rule: Rule,
    /// Left side − right side.
    pub(crate) by: Fen,
    /// The column likeliest at fault, when one stands out.
    pub(crate) field: Option<&'static str>,
    /// One sentence with the numbers and what to look at.
    pub(crate) said: String,
}

/// The amounts of a bill that stand in no identity.
pub(crate) fn beside(bill: &Settlement) -> [Figure; 10] {
    [
        ("deposit", "住院押金", bill.deposit),
        ("personal_account", "个人账户支付", bill.personal_account),
        ("paid_commercial", "商业保险赔付", bill.paid_commercial),
        ("paid_beyond", "政策外补助", bill.paid_beyond),
        ("deductible", "起付线", bill.deductible),
        ("aid_base", "进入医疗救助金额", bill.aid_base),
        ("year_deductible", "本年累计起付线", bill.year_deductible),
        ("year_basic", "本年累计基本医保", bill.year_basic),
        ("year_critical", "本年累计大病保险", bill.year_critical),
        ("year_aid", "本年累计医疗救助", bill.year_aid),
    ]
}

/// The amounts among these that no bill can hold.
pub(crate) fn impossible(figures: impl IntoIterator<Item = Figure>) -> Vec<Fault> {
    let known = figures.into_iter().filter_map(|(column, label, amount)| Some((column, label, amount?)));
    let found = known.filter(|(_, _, amount)| !plausible(*amount)).map(|(column, label, amount)| {
        let why =
            if amount < Fen::ZERO { "是负数" } else { "大得不像一张票据，请看单位是元还是分" };
        Fault { rule: Rule::Amount, by: amount, field: Some(column), said: format!("{label} {amount} {why}") }
    });
    found.collect()
}

/// Every identity that the figures break. What is not known yet is not held against them.
pub(crate) fn faults(figures: &Figures) -> Vec<Fault> {
    let mut found = impossible(figures.all());
    let Some(total) = figures.total.filter(|_| found.is_empty()) else { return found };
    let (parts, payers) = (figures.parts(), figures.payers());
    let of_parts = figures.in_scope.map(|_| total - sum(&parts)).filter(|by| *by != Fen::ZERO);
    // Commercial and employees' insurance either pays on the sheet or pays back later what the sheet left to the person.
    let on_sheet = |by: &Fen| Some(*by) == figures.paid_commercial;
    let of_payers = figures.paid_personal.map(|_| total - sum(&payers)).filter(|by| *by != Fen::ZERO && !on_sheet(by));
    // Both sides short by the same amount: what they have in common is the total.
    let at_total = of_parts.is_some() && of_parts == of_payers;
    if let Some(by) = of_parts {
        let suspect = if at_total { Some(("total", "费用总额")) } else { suspect(total, &parts, by) };
        let said = format!("费用总额 {total} ≠ 自费、超限价、先行自付、政策范围内合计 {}，差 {by}", total - by);
        found.push(Fault { rule: Rule::Parts, by, field: field(suspect), said: pointed(said, suspect) });
    } else if figures.in_scope.is_none() && sum(&parts) > total {
        let by = total - sum(&parts);
        let said = format!("自费、超限价、先行自付合计 {}，超过费用总额 {total}", sum(&parts));
        let suspect = suspect(total, &parts, by);
        found.push(Fault { rule: Rule::Parts, by, field: field(suspect), said: pointed(said, suspect) });
    }
    let tiers = sum(payers.get(..3).unwrap_or_default());
    if let Some(in_scope) = figures.in_scope.filter(|in_scope| tiers > *in_scope) {
        let said = format!("基本医保、大病、救助共 {tiers}，超过政策范围内 {in_scope}");
        let most = payers.iter().take(3).max_by_key(|(_, _, amount)| amount.unwrap_or_default());
        let suspect =
            if of_parts.is_some() { Some(("in_scope", "政策范围内")) } else { most.map(|(c, l, _)| (*c, *l)) };
        found.push(Fault {
            rule: Rule::Scope,
            by: in_scope - tiers,
            field: field(suspect),
            said: pointed(said, suspect),
        });
    }
    if let Some(by) = of_payers {
        let suspect = if at_total { Some(("total", "费用总额")) } else { suspect(total, &payers, by) };
        let said = format!("费用总额 {total} ≠ 各方支付、医院承担、个人支付合计 {}，差 {by}", total - by);
        found.push(Fault { rule: Rule::Payers, by, field: field(suspect), said: pointed(said, suspect) });
    } else if figures.paid_personal.is_none() && sum(&payers) > total {
        let by = total - sum(&payers);
        let said = format!("各方支付合计 {}，超过费用总额 {total}", sum(&payers));
        let suspect = suspect(total, &payers, by);
        found.push(Fault { rule: Rule::Payers, by, field: field(suspect), said: pointed(said, suspect) });
    }
    found
}

fn field(suspect: Option<(&'static str, &'static str)>) -> Option<&'static str> {
    suspect.map(|(column, _)| column)
}

fn pointed(said: String, suspect: Option<(&'static str, &'static str)>) -> String {
    match suspect {
        Some((_, label)) => format!("{said}，请先看“{label}”"),
        None => format!("{said}，请逐项对票面"),
    }
}

/// The figure with which, put right, the sum would hold, when a slip of the finger explains it: two digits exchanged, one
/// digit wrong, the point moved, or nothing typed. The likeliest slip wins; where two are as likely none is named.
fn suspect(total: Fen, figures: &[Figure], by: Fen) -> Option<(&'static str, &'static str)> {
    let mut ranked: Vec<(u8, (&'static str, &'static str))> = figures
        .iter()
        .filter_map(|(column, label, amount)| {
            let right = amount.unwrap_or_default() + by;
            Some((slip(*amount, right)?, (*column, *label)))
        })
        .chain(slip(Some(total), total - by).map(|rank| (rank, ("total", "费用总额"))))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    match ranked.as_slice() {
        [(best, one), rest @ ..] if rest.first().is_none_or(|(next, _)| next > best) => Some(*one),
        _ => None,
    }
}

/// How likely `typed` is a slip for `right`; smaller is likelier, nothing when it is none.
fn slip(typed: Option<Fen>, right: Fen) -> Option<u8> {
    if right < Fen::ZERO {
        return None;
    }
    let Some(typed) = typed.filter(|typed| *typed != Fen::ZERO) else {
        return (right > Fen::ZERO).then_some(4);
    };
    let (a, b) = (typed.0, right.0);
    let moved = |small: i64, large: i64| [10, 100].iter().any(|by| small.checked_mul(*by) == Some(large));
    if a > 0 && b > 0 && (moved(a, b) || moved(b, a)) {
        return Some(1);
    }
    let (a, b) = (a.to_string().into_bytes(), b.to_string().into_bytes());
    if a.len() != b.len() {
        return None;
    }
    let differ: Vec<usize> = (0..a.len()).filter(|place| a.get(*place) != b.get(*place)).collect();
    match differ.as_slice() {
        [first, second]
            if first + 1 == *second && a.get(*first) == b.get(*second) && a.get(*second) == b.get(*first) =>
        {
            Some(2)
        }
        [_] => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mingbai_domain::Fen;

    use super::{Figures, Rule, faults};

    /// E8 of the worked examples: every payer takes part.
    fn sound() -> Figures {
        let fen = |yuan: &str| Some(Fen::parse(yuan).unwrap());
        Figures {
            total: fen("120000"),
            own_expense: fen("3000"),
            over_limit: fen("0"),
            pre_self_pay: fen("9000"),
            in_scope: fen("108000"),
            paid_basic: fen("75220"),
            paid_critical: fen("16757"),
            paid_aid: fen("12818.40"),
            paid_other: fen("1281.84"),
            paid_personal: fen("13922.76"),
            ..Figures::default()
        }
    }

    fn fen(yuan: &str) -> Option<Fen> {
        Some(Fen::parse(yuan).unwrap())
    }

    #[test]
    fn a_bill_whose_figures_agree_has_no_fault_and_what_is_not_typed_yet_is_none() {
        assert_eq!(faults(&sound()), []);
        assert_eq!(faults(&Figures { total: fen("120000"), paid_basic: fen("75220"), ..Figures::default() }), []);
    }

    #[test]
    fn the_figure_that_was_mistyped_is_named_with_what_is_missing() {
        let said = |figures: Figures| faults(&figures).into_iter().map(|f| (f.rule, f.by, f.field)).collect::<Vec<_>>();
        // Two digits exchanged.
        let exchanged = Figures { paid_basic: fen("72520"), ..sound() };
        assert_eq!(said(exchanged), [(Rule::Payers, fen("2700").unwrap(), Some("paid_basic"))]);
        // The point in the wrong place.
        let moved = Figures { pre_self_pay: fen("900"), ..sound() };
        assert_eq!(said(moved), [(Rule::Parts, fen("8100").unwrap(), Some("pre_self_pay"))]);
        // The total stands in both sums.
        let total = Figures { total: fen("102000"), ..sound() };
        let by = fen("-18000").unwrap();
        assert_eq!(said(total), [(Rule::Parts, by, Some("total")), (Rule::Payers, by, Some("total"))]);
    }

    #[test]
    fn payers_beyond_what_is_in_scope_and_amounts_no_bill_holds_are_faults() {
        let beyond = Figures { in_scope: fen("100000"), own_expense: fen("11000"), ..sound() };
        assert_eq!(faults(&beyond).iter().map(|f| f.rule).collect::<Vec<_>>(), [Rule::Scope]);
        let negative = Figures { paid_aid: fen("-1"), ..sound() };
        assert_eq!(faults(&negative)[0].field, Some("paid_aid"));
        let huge = Figures { total: Some(Fen(i64::MAX)), ..sound() };
        assert_eq!(faults(&huge)[0].rule, Rule::Amount);
    }

    #[test]
    fn commercial_insurance_pays_on_the_sheet_or_later_and_nothing_in_between() {
        let paid_later = Figures { paid_commercial: fen("2000"), ..sound() };
        assert_eq!(faults(&paid_later), []);
        let on_sheet = Figures { paid_personal: fen("11922.76"), ..paid_later };
        assert_eq!(faults(&on_sheet), []);
        let half = Figures { paid_personal: fen("12922.76"), ..paid_later };
        assert_eq!(faults(&half).iter().map(|f| f.rule).collect::<Vec<_>>(), [Rule::Payers]);
    }

    #[test]
    fn what_a_sheet_leaves_out_follows_from_the_rest() {
        let open = Figures { in_scope: None, paid_personal: None, ..sound() };
        assert_eq!((open.in_scope_left(), open.personal_left()), (fen("108000"), fen("13922.76")));
        assert_eq!(sound().in_scope_left(), None);
    }
}
