//! 预警线: households whose year has cost them so much of their own money that somebody must look (domain ).

use mingbai_domain::Fen;
use mingbai_store::query::HouseholdFile;

use crate::dto::Tone;
use crate::todo::{Findings, Item, World};
use crate::warning::{Reach, Sums};

pub(super) const ITEMS: [Item; 2] = [
    Item {
        key: "over_line",
        label: "自付超过预警线",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "户",
        definition: "今年的结算单加起来，一户政策范围内自付达到因病致贫线，或者个人支付达到防返贫监测线；线由县里定",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: Some(|line, _| line.detail.clone()),
    },
    Item {
        key: "near_line",
        label: "自付接近预警线",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "户",
        definition: "还没有达到、但已经接近因病致贫线或者防返贫监测线的户；到线的百分之几算接近由县里定",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: None,
    },
];

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    let mut sums = Sums::default();
    for person in file.people.iter().filter(|person| person.belongs_here) {
        for bill in person.bills.iter().filter(|bill| world.this_year(bill.record.settled_on)) {
            sums.add(&Sums::of(&bill.record));
        }
    }
    let lines = &world.lines;
    let held = [
        ("政策范围内自付", sums.in_scope_personal, "因病致贫线", lines.illness_poverty),
        ("个人支付", sums.personal, "防返贫监测线", lines.monitoring),
    ];
    let reached = held.into_iter().filter_map(|(what, amount, label, line)| {
        let line = line.filter(|line| *line > Fen::ZERO)?;
        Some((lines.against(amount, line), what, amount, label, line))
    });
    let Some((reach, what, amount, label, line)) = reached.max_by_key(|(reach, ..)| *reach) else { return };
    let item = match reach {
        Reach::Over => "over_line",
        Reach::Near => "near_line",
        Reach::Below => return,
    };
    let row = findings.household(item, format!("今年{what} {amount} 元，{label} {line} 元"));
    row.amount = Some(amount.0);
    row.severity = 3;
}
