//! A payer's turn at a bill, the ceiling over all of them, and the year's end.

use chrono::NaiveDate;
use toml::Table;

use super::bill::Visit;
use super::diseases::Illness;
use super::fraction::{Fraction, NOTHING};
use super::met::Met;
use super::rows::{
    Facts, applies, applies_by_identity, applies_whoever, banded, deductible, holds, holds_by_identity, lists, row,
    rows, text, yes,
};
use super::stays::going_on;
use super::{Left, Life, Turn};

impl Life<'_> {
    /// One payer's turn at a bill; nothing when it does not apply, a refusal when the pack is silent.
    pub(super) fn turn(
        &self,
        payer: &Table,
        visit: &Visit<'_>,
        left: &mut Left,
        before: &[Turn],
        met: &mut Vec<Met>,
    ) -> Option<Option<Turn>> {
        let key = text(payer, "key");
        let in_scope = visit.in_scope;
        let compensated = visit.compensated;
        let illness = visit.illness.as_ref().filter(|illness| illness.binds(key));
        let limit = illness.and_then(|illness| illness.limit.as_ref());
        let mut facts = visit.facts.clone();
        let goes_on = visit.goes_on.as_ref();
        if self.is_stay(facts.kind) {
            let any = text(payer, "admission_count") == "any_level";
            facts.nth = self.nth((!any).then_some(facts.level), goes_on);
        }
        let also = if yes(payer, "base_includes_preselfpay") { left.preselfpay } else { NOTHING };
        let of_scope = if text(payer, "base") == "in_scope" { in_scope } else { left.in_scope };
        let off = if yes(payer, "less_compensation") { compensated } else { NOTHING };
        let base = (of_scope + also - off).max(NOTHING);
        facts.base = Some(base);
        let mut turn = Turn {
            key: key.to_owned(),
            pool: text(payer, "cap_pool").to_owned(),
            base,
            full: NOTHING,
            borne: NOTHING,
            entitled: NOTHING,
            paid: NOTHING,
            short: NOTHING,
            on_preselfpay: NOTHING,
        };
        let annual = text(payer, "settle") != "immediate";
        if !(if annual { applies_whoever(payer, &facts) } else { applies(payer, &facts) }) {
            return Some(None);
        }
        if illness.is_some_and(|illness| !illness.at(facts.level)) {
            met.push(Met::OtherLevel);
            return Some(None);
        }
        if annual {
            return Some(Some(turn));
        }
        let mut limited = false;
        let mut above_limit = NOTHING;
        if let Some((illness, limit)) = illness.zip(limit.filter(|limit| limit.on_costs)) {
            // Of the costs that count whoever looks at the rest finds what the others it binds have not paid.
            let mut counts = limit.left;
            if text(payer, "base") == "remaining" {
                let paid: Fraction = before.iter().filter(|turn| illness.binds(&turn.key)).map(|turn| turn.paid).sum();
                counts = (counts - paid).max(NOTHING);
                met.extend((paid > NOTHING && turn.base > counts).then_some(Met::LimitAfterOthers));
            }
            limited = turn.base > counts;
            above_limit = (turn.base - counts).max(NOTHING);
            turn.base = turn.base.min(counts);
        }

        let share = illness.and_then(Illness::share);
        met.extend(share.map(|_| Met::OwnRatio));
        let here = deductible(payer, &facts)?;
        let (base_before, borne_before) = (self.sum(key, |turn| turn.base), self.sum(key, |turn| turn.borne));
        let yearly = text(payer, "deductible_period") == "year";
        let so_far = goes_on.and_then(|goes_on| Some((goes_on.how, self.so_far(key, goes_on)?)));
        let (full, still_owed) = match &so_far {
            _ if yearly => (here, (here - borne_before).max(NOTHING)),
            Some((how, so_far)) => going_on(*how, so_far, here),
            None => (here, here),
        };
        turn.full = full;
        let given = if text(payer, "segment_scope") == "year" {
            let so_far = base_before + turn.base;
            let whole = banded(payer, so_far, full, share, &facts)?;
            let already = if text(self.pack, "identity_change") == "whole_year" {
                self.sum(key, |turn| turn.entitled)
            } else {
                banded(payer, base_before, full, share, &facts)?
            };
            (whole - already).max(NOTHING)
        } else if let Some((_, so_far)) = &so_far {
            // One admission: all of it together, less what the earlier parts of it come to.
            met.extend((so_far.base > NOTHING).then_some(Met::PartOfAdmission));
            // Each part is reckoned behind the deductible borne by its end.
            let together = banded(payer, so_far.base + turn.base, so_far.borne + still_owed, share, &facts)?;
            (together - banded(payer, so_far.base, so_far.borne, share, &facts)?).max(NOTHING)
        } else {
            banded(payer, turn.base, still_owed, share, &facts)?
        };
        // However it is reckoned, what of the deductible falls on this bill is what of it was still owed.
        turn.borne = still_owed.min(turn.base);
        turn.entitled = given.min(left.in_scope + also);
        // Others' compensation is not paid a second time, and is owed by nobody.
        let payable = given.min((left.in_scope + also - off).max(NOTHING));

        let cap = row(payer, "cap", &facts)?;
        let own_cap = match (text(cap, "amount"), text(cap, "per")) {
            ("none", _) => None,
            ("unknown", _) => return None,
            (amount, "admission") => {
                let used = so_far.as_ref().map_or(NOTHING, |(_, so_far)| so_far.paid);
                let room = (Fraction::yuan(amount) - used).max(NOTHING);
                met.extend((used > NOTHING && room < payable).then_some(Met::CapOfAdmission));
                Some(room)
            }
            (amount, _) => {
                let year = self.this_year().flat_map(|past| &past.turns).chain(before);
                let used: Fraction = year.filter(|other| other.pool == turn.pool).map(|other| other.paid).sum();
                Some((Fraction::yuan(amount) - used).max(NOTHING))
            }
        };
        let mut of_limit = None;
        if let Some((illness, limit)) = illness.zip(limit.filter(|limit| !limit.on_costs)) {
            let used: Fraction = before.iter().filter(|turn| illness.binds(&turn.key)).map(|turn| turn.paid).sum();
            let left = (limit.left - used).max(NOTHING);
            limited = payable > left;
            of_limit = Some(left);
        }
        if let Some(limit) = limit.filter(|_| limited) {
            met.push(if limit.monthly { Met::MonthLimit } else { Met::YearLimit });
        }
        met.extend(limit.filter(|limit| limit.shared).map(|_| Met::SeveralDiseases));
        let year = self.this_year().flat_map(|past| &past.turns).chain(before);
        let year = year.map(|turn| (turn.key.as_str(), turn.paid));
        let joint_caps = rows(self.pack, "joint_cap").into_iter().filter(|cap| holds(cap, &facts));
        let bounds = [own_cap, of_limit, joint_room(joint_caps, key, year)];
        let within = |amount: Fraction| bounds.into_iter().flatten().fold(amount, Fraction::min);
        turn.paid = within(payable);
        if self.makes_good(payer) {
            turn.short = within(given) - turn.paid;
            met.extend((turn.short > NOTHING).then_some(Met::LeftToTheEnd));
        }
        let on_scope = turn.paid.min(left.in_scope);
        turn.on_preselfpay = turn.paid - on_scope;
        left.in_scope = left.in_scope - on_scope;
        left.preselfpay = left.preselfpay - turn.on_preselfpay;
        if text(payer, "above_cap") == "stays_personal" {
            // 超过限额的部分与超过封顶线的同样: costs nobody may count stay too.
            let stays = (payable - turn.paid + above_limit).min(left.in_scope);
            left.in_scope = left.in_scope - stays;
            left.beyond_caps = left.beyond_caps + stays;
        }
        Some(Some(turn))
    }

    /// 总报销比例上限: what is above it goes back to the person, from the payers the pack names, in its order.
    pub(super) fn ceiling(&self, facts: &Facts<'_>, in_scope: Fraction, left: &mut Left, turns: &mut [Turn]) {
        let Some(ceiling) = self.pack["ceiling"].as_table() else { return };
        if !applies(ceiling, facts) {
            return;
        }
        let whole = if text(ceiling, "of") == "total" { facts.total } else { in_scope };
        let limit = (whole * Fraction::share(text(ceiling, "share"))).floor();
        for key in ceiling["cut"].as_array().expect("a list") {
            let paid: Fraction = turns.iter().map(|turn| turn.paid).sum();
            let Some(turn) = turns.iter_mut().find(|turn| key.as_str() == Some(&turn.key)) else { continue };
            let cut = (paid - limit).max(NOTHING).min(turn.paid);
            let of_preselfpay = cut.min(turn.on_preselfpay);
            turn.paid = turn.paid - cut;
            turn.on_preselfpay = turn.on_preselfpay - of_preselfpay;
            left.preselfpay = left.preselfpay + of_preselfpay;
            left.in_scope = left.in_scope + (cut - of_preselfpay);
        }
    }

    /// Caps of several payers that may bind at the year's end, where there is no visit to ask about: all for such people.
    fn caps_of(&self, facts: &Facts<'_>) -> impl Iterator<Item = &Table> {
        rows(self.pack, "joint_cap").into_iter().filter(|cap| holds_by_identity(cap, facts))
    }

    /// What the payers that settle once a year pay, by key; `None` where the pack is silent.
    pub(crate) fn end(&self, day: NaiveDate) -> Option<Vec<(String, i64)>> {
        let facts = Facts {
            kind: "",
            level: "",
            area: "",
            referral: "",
            identities: self.identities(day, day, false),
            nth: 1,
            total: NOTHING,
            age: None,
            major: false,
            disease: None,
            base: None,
            income: self.income(),
            rounding: text(self.pack, "rounding"),
        };
        if !self.can_be() {
            return None;
        }
        let (in_scope, preselfpay) = self.left();
        let (mut in_scope, mut preselfpay) = (Fraction::whole(in_scope), Fraction::whole(preselfpay));
        let mut paid: Vec<(String, String, Fraction)> = Vec::new();
        // First what bills had no room for, of payers that reach back over the whole year.
        for payer in rows(self.pack, "payer").into_iter().filter(|payer| self.makes_good(payer)) {
            let (key, pool) = (text(payer, "key"), text(payer, "cap_pool"));
            let last = self.this_year().flat_map(|past| &past.turns).filter(|turn| turn.key == key).last();
            let mut amount = last.map_or(NOTHING, |turn| turn.short);
            let mut cap = self.highest_yearly_cap(payer);
            let mut base = self.sum(key, |turn| turn.base);
            let looked = base > NOTHING;
            if text(payer, "base") == "remaining" {
                // The rest is smaller by what those before it in the list have just paid.
                base = paid.iter().fold(base, |base, other| (base - other.2).max(NOTHING));
            }
            if looked && self.hangs_on_identities(payer) && applies_by_identity(payer, &facts) {
                // Whoever is poor at the end of the year is poor for all of it, whether a bill came since or not.
                let whole = banded(payer, base, deductible(payer, &facts)?, None, &facts)?;
                let whole = (whole - self.sum(key, |turn| turn.entitled)).max(NOTHING);
                let decides = text(row(payer, "cap", &facts)?, "amount");
                if decides == "unknown" {
                    return None;
                }
                if whole >= amount {
                    (amount, cap) = (whole, (decides != "none").then(|| Fraction::yuan(decides)));
                }
            }
            let open = if yes(payer, "base_includes_preselfpay") { in_scope + preselfpay } else { in_scope };
            amount = amount.min(open);
            if let Some(cap) = cap {
                let bills = self.this_year().flat_map(|past| &past.turns).filter(|turn| turn.pool == pool);
                let bills: Fraction = bills.map(|turn| turn.paid).sum();
                let others: Fraction = paid.iter().filter(|other| other.1 == pool).map(|other| other.2).sum();
                amount = amount.min((cap - bills - others).max(NOTHING));
            }
            let bills = self.this_year().flat_map(|past| &past.turns).map(|turn| (turn.key.as_str(), turn.paid));
            let year = bills.chain(paid.iter().map(|other| (other.0.as_str(), other.2)));
            amount = amount.min(joint_room(self.caps_of(&facts), key, year).unwrap_or(amount));
            if amount > NOTHING {
                let on_scope = amount.min(in_scope);
                in_scope = in_scope - on_scope;
                preselfpay = preselfpay - (amount - on_scope);
                paid.push((key.to_owned(), pool.to_owned(), amount));
            }
        }
        let good = paid.clone();
        for payer in rows(self.pack, "payer").into_iter().filter(|payer| text(payer, "settle") != "immediate") {
            let (key, pool) = (text(payer, "key"), text(payer, "cap_pool"));
            let mut amount = NOTHING;
            if applies_by_identity(payer, &facts) {
                // 扣除别人付的以后：who settles the year earlier in the list has paid by now.
                let mut base = self.sum(key, |turn| turn.base);
                if text(payer, "base") == "remaining" {
                    let keys: Vec<&str> =
                        rows(self.pack, "payer").into_iter().map(|payer| text(payer, "key")).collect();
                    let place = |key: &str| keys.iter().position(|known| *known == key);
                    let comes_off = |other: &&(String, String, Fraction)| {
                        place(&other.0) < place(key)
                            || (text(payer, "annual_base") == "after_immediate"
                                && good.iter().any(|one| one.0 == other.0))
                    };
                    base = paid.iter().filter(comes_off).fold(base, |base, other| (base - other.2).max(NOTHING));
                }
                let whole = banded(payer, base, deductible(payer, &facts)?, None, &facts)?;
                let open = if yes(payer, "base_includes_preselfpay") { in_scope + preselfpay } else { in_scope };
                amount = whole.min(open);
                let cap = row(payer, "cap", &facts)?;
                if text(cap, "amount") == "unknown" {
                    return None;
                }
                if text(cap, "amount") != "none" {
                    let bills = self.this_year().flat_map(|past| &past.turns).filter(|turn| turn.pool == pool);
                    let bills: Fraction = bills.map(|turn| turn.paid).sum();
                    let others: Fraction = paid.iter().filter(|other| other.1 == pool).map(|other| other.2).sum();
                    amount = amount.min((Fraction::yuan(text(cap, "amount")) - bills - others).max(NOTHING));
                }
                let bills = self.this_year().flat_map(|past| &past.turns).map(|turn| (turn.key.as_str(), turn.paid));
                let year = bills.chain(paid.iter().map(|other| (other.0.as_str(), other.2)));
                amount = amount.min(joint_room(self.caps_of(&facts), key, year).unwrap_or(amount));
                let on_scope = amount.min(in_scope);
                in_scope = in_scope - on_scope;
                preselfpay = preselfpay - (amount - on_scope);
            }
            paid.push((key.to_owned(), pool.to_owned(), amount));
        }
        let in_order = rows(self.pack, "payer").into_iter().filter_map(|payer| {
            paid.iter().find(|one| one.0 == text(payer, "key")).map(|(key, _, amount)| (key.clone(), amount.fen()))
        });
        Some(in_order.collect())
    }

    /// Whether only who somebody is decides a payer's year: no row asks for more, no disease binds it, no cap is of one stay.
    fn hangs_on_identities(&self, payer: &Table) -> bool {
        let of_who = ["identity", "identity_all", "without_identity"];
        let own = ["amount", "repeat", "ref", "share", "bands", "points", "per"];
        let tables = ["deductible", "deductible_scale", "ratio", "bonus", "reduction", "cap"];
        let mut all = tables.into_iter().flat_map(|table| rows(payer, table));
        all.all(|row| row.keys().all(|key| of_who.contains(&key.as_str()) || own.contains(&key.as_str())))
            && rows(self.pack, "disease").into_iter().all(|disease| !lists(&disease["payers"], text(payer, "key")))
            && rows(payer, "cap").into_iter().all(|cap| text(cap, "per") == "year")
    }

    /// The highest cap of a year among a payer's, where all are of a year and known.
    fn highest_yearly_cap(&self, payer: &Table) -> Option<Fraction> {
        let caps = rows(payer, "cap");
        let yearly = |cap: &&Table| text(cap, "per") == "year" && !["none", "unknown"].contains(&text(cap, "amount"));
        let amounts = caps.iter().map(|cap| Fraction::yuan(text(cap, "amount")));
        caps.iter().all(yearly).then(|| amounts.max()).flatten()
    }

    /// Whether a payer of single bills makes good at the year's end what it owes on the whole of it; beside a ceiling nobody
    /// does.
    fn makes_good(&self, payer: &Table) -> bool {
        if yes(payer, "less_compensation") {
            return false;
        }
        text(self.pack, "identity_change") == "whole_year"
            && self.pack["ceiling"].as_table().is_none()
            && text(payer, "segment_scope") == "year"
            && text(payer, "settle") == "immediate"
    }
}

/// What is left under the caps a payer shares with others on top of its own, after what payers have paid this year.
fn joint_room<'t>(
    caps: impl Iterator<Item = &'t Table>,
    key: &str,
    year: impl Iterator<Item = (&'t str, Fraction)> + Clone,
) -> Option<Fraction> {
    let room = caps.filter(|cap| lists(&cap["payers"], key)).map(|cap| {
        let used: Fraction = year.clone().filter(|other| lists(&cap["payers"], other.0)).map(|other| other.1).sum();
        (Fraction::yuan(text(cap, "amount")) - used).max(NOTHING)
    });
    room.min()
}
