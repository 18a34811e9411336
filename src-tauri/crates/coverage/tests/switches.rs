//! Every switch of the format does what its sentence says. The numbers are those of the packs named, or of the template.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{changed, day, deductible, holding, insured, one, pack, pack_text, stay, yuan};
use mingbai_coverage::{
    Area, Bill, BillError, BillField, History, Kind, Level, Pack, Person, Referral, Settlement, settle, settle_annual,
    settle_year,
};
use mingbai_domain::Fen;

#[test]
fn a_repeated_stay_lowers_the_deductible_by_shares_that_grow() {
    let bills = [stay(2023, 1, 9_000), stay(2023, 2, 9_000), stay(2023, 3, 9_000), stay(2023, 4, 9_000)];
    let year = settle_year(&pack("shangluo-2023.toml"), &Person::ordinary(), &History::empty(2023), &bills);
    let taken: Vec<Fen> = year.settlements.iter().map(|settlement| deductible(settlement, "basic")).collect();
    assert_eq!(taken, [500, 400, 300, 300].map(yuan));
    let words = &year.settlements[1].steps.iter().find(|step| step.key == "basic.deductible").unwrap().formula;
    assert_eq!(words, "500.00 × (100% − 20%)（第2次住院）");
}

#[test]
fn a_threshold_that_is_a_share_of_last_years_income_follows_the_income_and_halves_for_the_poor() {
    let pack = pack("template.toml");
    // 24,000 in 2024: half of it, and half of that for the poor.
    assert_eq!(deductible(&one(&pack, &insured(), &stay(2025, 3, 90_000)), "critical"), yuan(12_000));
    assert_eq!(deductible(&one(&pack, &holding("subsistence"), &stay(2025, 3, 90_000)), "critical"), yuan(6_000));
    let settled = one(&pack, &holding("subsistence"), &stay(2025, 3, 90_000));
    let step = settled.steps.iter().find(|step| step.key == "critical.deductible").unwrap();
    assert_eq!(step.formula, "全年上年居民人均可支配收入的50%即12,000.00 × 50%");
    let error = settle(&pack, &insured(), &History::empty(2026), &stay(2026, 3, 90_000)).unwrap_err();
    assert_eq!(error, BillError::IncomeUnknown { payer: "大病保险".to_owned(), year: 2025 });
}

#[test]
fn more_points_may_hold_in_some_bands_only() {
    let person = holding("subsistence");
    // In scope 200,000: basic (200,000 − 800) × 70 % = 139,440; left 60,560, above 6,000 there are 54,560.
    let bill = stay(2025, 3, 200_000);
    let all = one(&pack("template.toml"), &person, &bill).paid_by("critical");
    assert_eq!(all, Fen(5_000_000 * 65 / 100 + 456_000 * 75 / 100));
    let upper = changed("template.toml", &[("bands = [1, 2], ref", "bands = [2], ref")]);
    assert_eq!(one(&upper, &person, &bill).paid_by("critical"), Fen(5_000_000 * 60 / 100 + 456_000 * 75 / 100));
    let none = pack_text("template.toml").replacen("bands = [1, 2], ref", "bands = [3], ref", 1);
    let error = Pack::parse(&none).unwrap_err().to_string();
    assert_eq!(error, "支付方“大病保险”的比例提高或降低提到了没有的分段");
}

#[test]
fn amounts_are_rounded_as_the_pack_says() {
    // (3,000.37 − 500) × 70 % = 1,750.259.
    let bill = Bill { total: Fen(300_037), ..stay(2023, 3, 0) };
    for (rounding, expected) in
        [("half_up_fen", 175_026), ("half_up_jiao", 175_030), ("half_up_yuan", 175_000), ("down_fen", 175_025)]
    {
        let pack =
            changed("shangluo-2023.toml", &[("rounding = \"half_up_fen\"", &format!("rounding = \"{rounding}\""))]);
        assert_eq!(one(&pack, &Person::ordinary(), &bill).paid_by("basic"), Fen(expected), "{rounding}");
    }
}

#[test]
fn aid_looks_only_at_a_self_pay_that_reaches_its_least_amount() {
    let pack = pack("template.toml");
    let person = holding("subsistence");
    // Left after basic and critical: 30 % of (total − 800), plus 800.
    let small = Bill { major_disease: true, ..stay(2025, 3, 7_000) };
    let settled = one(&pack, &person, &small);
    assert_eq!(settled.paid_by("major_aid"), Fen::ZERO);
    assert!(settled.steps.iter().any(|step| step.formula == "不适用：计算基数不在规定的范围内"));
    let large = Bill { major_disease: true, ..stay(2025, 3, 10_000) };
    // 10,000 − (10,000 − 800) × 70 % = 3,560; × 70 %; the whole counts once the least amount is reached.
    assert_eq!(one(&pack, &person, &large).paid_by("major_aid"), yuan(2_492));
}

#[test]
fn payers_under_a_joint_cap_stop_together_though_their_own_caps_leave_room() {
    let pack = changed(
        "template.toml",
        &[("amount = \"60000\"\nref = \"S2 第八条\"", "amount = \"3000\"\nref = \"S2 第八条\"")],
    );
    let bills = [Bill { major_disease: true, ..stay(2025, 3, 10_000) }, stay(2025, 5, 10_000)];
    let year = settle_year(&pack, &holding("subsistence"), &History::empty(2025), &bills);
    let aid = |settlement: &Settlement| settlement.paid_by("aid") + settlement.paid_by("major_aid");
    assert_eq!(aid(&year.settlements[0]), yuan(2_492));
    assert_eq!(aid(&year.settlements[1]), yuan(508));
    let step = year.settlements[1].steps.iter().find(|step| step.key == "aid.joint_cap").unwrap();
    assert_eq!(step.formula, "救助合计合用封顶3,000.00，余508.00");
    // Whom the cap does not name is not bound by it.
    let free = settle_year(&pack, &holding("extreme_poverty"), &History::empty(2025), &bills);
    assert!(aid(&free.settlements[0]) + aid(&free.settlements[1]) > yuan(3_000));
}

#[test]
fn what_commercial_insurance_paid_is_taken_off_the_base_of_payers_that_deduct_it() {
    let pack = pack("template.toml");
    let bill = stay(2025, 3, 10_000);
    let plain = one(&pack, &holding("subsistence"), &bill);
    let insured = one(&pack, &holding("subsistence"), &Bill { compensated: yuan(1_000), ..bill });
    assert_eq!(plain.paid_by("basic"), insured.paid_by("basic"), "basic insurance does not look at it");
    // 3,560 × 70 % against (3,560 − 1,000) × 70 %.
    assert_eq!((plain.paid_by("aid"), insured.paid_by("aid")), (yuan(2_492), yuan(1_792)));
    assert!(insured.identities_hold());
}

#[test]
fn an_annual_payer_looks_at_what_others_left_or_at_its_own_turn_as_the_pack_says() {
    let after = pack("template.toml");
    let in_turn = changed("template.toml", &[("annual_base = \"after_immediate\"", "annual_base = \"in_turn\"")]);
    let first_turn = pack_text("template.toml");
    assert!(first_turn.rfind("illness_aid").unwrap() > first_turn.rfind("major_aid").unwrap());
    let bill = stay(2025, 3, 100_000);
    let collected = |pack: &Pack| one(pack, &insured(), &bill).after.payer("illness_aid").base;
    let left = one(&after, &insured(), &bill).in_scope_personal;
    assert_eq!(collected(&after), left);
    assert_eq!(collected(&in_turn), left, "as the last payer it sees the same");
    // Put before the others it sees more in its turn, and the same after them.
    let text = first_turn.clone();
    let at = text.rfind("[[payer]]").unwrap();
    let (others, annual) = text.split_at(at);
    let moved = others.replacen("[[payer]]", &format!("{annual}\n[[payer]]"), 1);
    assert_eq!(collected(&Pack::parse(&moved).unwrap()), left);
    let moved = moved.replacen("annual_base = \"after_immediate\"", "annual_base = \"in_turn\"", 1);
    assert_eq!(collected(&Pack::parse(&moved).unwrap()), yuan(100_000));
    let once = settle_annual(&after, &insured(), &one(&after, &insured(), &bill).after, day(2025, 12, 31)).unwrap();
    // 25 % of 24,000 is the threshold.
    assert_eq!(once.payers.iter().map(|payer| payer.amount).sum::<Fen>(), Fen((left.0 - 600_000) / 2));
}

#[test]
fn a_partial_pack_refuses_what_it_does_not_cover_and_names_it() {
    let chongqing = pack("chongqing-2025.toml");
    assert!(chongqing.is_partial());
    let error = settle(&chongqing, &Person::ordinary(), &History::empty(2025), &stay(2025, 3, 1_000)).unwrap_err();
    assert_eq!(error.to_string(), "政策包不完整：基本医保、大病保险、医疗救助的起付线和比例没有取得。这张票据不能核算");
    let nanchang = pack("nanchang-2025.toml");
    let visit = Bill { kind: Kind::Outpatient, ..stay(2025, 3, 100) };
    let born = Person { born: Some(day(1980, 1, 1)), ..Person::holding(&["subsistence"]) };
    let error = settle(&nanchang, &born, &History::empty(2025), &visit).unwrap_err();
    assert_eq!(error.field(), BillField::Rule);
    assert!(one(&nanchang, &born, &stay(2025, 3, 1_000)).cautions().contains(&"医疗救助的比例没有取得，没有计入"));
}

#[test]
fn a_number_that_was_not_had_is_refused_where_it_would_decide_and_never_guessed() {
    let text = pack_text("chongqing-2025.toml").replace("effect = \"refuse\"", "effect = \"note\"");
    let pack = Pack::parse(&text).unwrap();
    let error = settle(&pack, &Person::ordinary(), &History::empty(2025), &stay(2025, 3, 1_000)).unwrap_err();
    assert_eq!(error, BillError::NotInPack { what: "“基本医保”的起付线没有取得".to_owned() });
    let whole = pack_text("wulanchabu.toml").replacen("amount = \"14000\"", "amount = \"unknown\"", 1);
    assert!(Pack::parse(&whole).is_ok(), "a partial pack may say that a number was not to be had");
    let (before, rest) = text.split_once("[[partial]]").unwrap();
    let (_, after) = rest.split_once("[referral]").unwrap();
    let claims_whole = format!("partial = []\n{before}[referral]{after}");
    let error = Pack::parse(&claims_whole).unwrap_err().to_string();
    assert_eq!(error, "政策包有写明“unknown”（没有取得）的数字，但“没有取得的部分”（partial）一行也没有");
}

#[test]
fn what_a_year_of_insurance_costs_is_the_premium_less_the_highest_subsidy() {
    let chongqing = pack("chongqing-2025.toml");
    let own = |identities: &[&str]| {
        let held: Vec<String> = identities.iter().map(|identity| (*identity).to_owned()).collect();
        let premium = chongqing.premium(2025, "一档", &held).unwrap();
        (premium.subsidy, premium.own)
    };
    assert_eq!(own(&[]), (Fen::ZERO, yuan(400)));
    assert_eq!(own(&["subsistence"]), (yuan(360), yuan(40)));
    assert_eq!(own(&["monitored", "subsistence"]), (yuan(360), yuan(40)));
    assert_eq!(own(&["extreme_poverty"]), (yuan(400), Fen::ZERO));
    assert_eq!(own(&["illness_poverty"]), (yuan(280), yuan(120)));
    assert_eq!(chongqing.premium(2024, "一档", &[]), None);
    assert_eq!(pack("beijing.toml").tiers(2026), ["城乡老年人", "学生儿童", "劳动年龄内居民"]);
}

#[test]
fn the_bands_of_critical_illness_insurance_on_the_excess_or_on_the_self_pay_itself_give_different_money() {
    let bill = Bill { level: Level::Level3, ..stay(2023, 3, 200_000) };
    // Self-pay 70,000 + 350… in Shangluo: basic is capped at 130,000.
    let absolute = one(&pack("shangluo-2023.toml"), &Person::ordinary(), &bill);
    let excess = changed("shangluo-2023.toml", &[("segment_mode = \"absolute\"", "segment_mode = \"excess\"")]);
    let excess = one(&excess, &Person::ordinary(), &bill);
    assert_eq!(absolute.paid_by("basic"), yuan(130_000));
    assert_eq!(absolute.paid_by("critical"), yuan(20_000 * 60 / 100 + 40_000 * 70 / 100));
    assert_eq!(excess.paid_by("critical"), yuan(30_000 * 60 / 100 + 30_000 * 70 / 100));
}

#[test]
fn money_above_the_basic_cap_goes_on_to_critical_illness_insurance_or_stays_as_the_pack_says() {
    let bill = Bill { level: Level::Level3, ..stay(2023, 3, 200_000) };
    let stays = changed("shangluo-2023.toml", &[("above_cap = \"enters_next\"", "above_cap = \"stays_personal\"")]);
    let settled = one(&stays, &Person::ordinary(), &bill);
    // 139,650 were due, 130,000 paid: the 9,650 above the cap are not looked at again.
    assert_eq!(settled.paid_by("critical"), yuan(20_000 * 60 / 100) + Fen(3_035_000 * 70 / 100));
}

#[test]
fn the_ceiling_of_a_pack_may_be_of_the_total_or_of_what_is_in_scope() {
    let bill = Bill { ownpay: yuan(20_000), ..stay(2020, 3, 100_000) };
    let person = Person::holding(&["extreme_poverty"]);
    assert_eq!(one(&pack("wulanchabu.toml"), &person, &bill).paid(), yuan(80_000));
    let of_scope = changed("wulanchabu.toml", &[("of = \"total\"", "of = \"in_scope\"")]);
    assert_eq!(one(&of_scope, &person, &bill).paid(), yuan(72_000));
}

#[test]
fn an_unreferred_stay_may_lose_the_benefits_of_the_poor_and_pay_first() {
    let bill = Bill { area: Area::Outside, referral: Referral::Unreferred, ..stay(2025, 3, 10_000) };
    let settled = one(&pack("template.toml"), &holding("subsistence"), &bill);
    assert_eq!((settled.identities.len(), settled.preselfpay), (0, yuan(2_000)));
    // (8,000 − 800) × (65 % − 10 %), as for anybody.
    assert_eq!(settled.paid_by("basic"), yuan(3_960));
    let referred = Bill { referral: Referral::Referred, ..bill };
    assert_eq!(one(&pack("template.toml"), &holding("subsistence"), &referred).preselfpay, yuan(1_000));
}

#[test]
fn of_several_identities_the_highest_alone_counts_where_the_pack_says_so() {
    let both = Person::holding(&["retrenched_worker", "subsistence"]);
    let each = one(&pack("beijing.toml"), &both, &stay(2023, 3, 100_000));
    let highest = changed("beijing.toml", &[("multi_identity = \"each_rule\"", "multi_identity = \"highest\"")]);
    let highest = one(&highest, &both, &stay(2023, 3, 100_000));
    assert_eq!((each.identities.len(), highest.identities.as_slice()), (2, ["精减退职老职工".to_owned()].as_slice()));
    // The retrenched worker alone has no lower threshold in critical-illness insurance.
    assert!(each.paid_by("critical") > highest.paid_by("critical"));
}

#[test]
fn what_somebody_gets_who_holds_two_identities_at_once_nobody_gets_with_one_of_them() {
    let template = pack("template.toml");
    let bill = stay(2025, 3, 200_000);
    let paid = |identities: &[&str]| {
        let person = Person { identities: Person::holding(identities).identities, ..insured() };
        one(&template, &person, &bill).paid_by("critical")
    };
    // 54,560 above the halved threshold; 8 points more in each band, 5 for 低保 alone.
    assert_eq!(paid(&["subsistence", "student_child"]), Fen(5_000_000 * 68 / 100 + 456_000 * 78 / 100));
    assert_eq!(paid(&["subsistence"]), Fen(5_000_000 * 65 / 100 + 456_000 * 75 / 100));
    let said: Vec<String> =
        template.explain().iter().flat_map(|chapter| &chapter.sentences).map(|sentence| sentence.line()).collect();
    assert!(said.iter().any(|line| line.starts_with("比例提高：同时是低保对象和")), "{}", said.join("\n"));

    let single = pack_text("template.toml").replacen(
        "[\"subsistence\", \"student_child\"], points",
        "[\"subsistence\"], points",
        1,
    );
    let refused = Pack::parse(&single).unwrap_err().to_string();
    assert!(refused.contains("要写两种以上"), "{refused}");
    // Of each class the highest counts: somebody aided may be a student too, nobody is aided twice.
    let highest = pack_text("template.toml").replacen("\"each_rule\"", "\"highest\"", 1);
    let person = Person { identities: Person::holding(&["subsistence", "student_child"]).identities, ..insured() };
    let both = one(&Pack::parse(&highest).unwrap(), &person, &bill).paid_by("critical");
    assert_eq!(both, paid(&["subsistence", "student_child"]));
    let twice = highest.replacen(
        "[\"subsistence\", \"student_child\"], points",
        "[\"subsistence\", \"extreme_poverty\"], points",
        1,
    );
    assert!(Pack::parse(&twice).unwrap_err().to_string().contains("两者不能同时写"));
}
