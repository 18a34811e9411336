//! 签约: who is without a contract, whose contract ends, and whom a reason takes out of 应签 (domain, B.11).

use chrono::Days;
use mingbai_domain::code;
use mingbai_store::query::{HouseholdFile, TodoLine};

use crate::dto::Tone;
use crate::restricted;
use crate::todo::{Findings, Item, World};

use super::fulfil;

/// How many days before its end a contract is said to end.
const SOON: u64 = 30;

pub(super) const ITEMS: [Item; 7] = [
    Item {
        key: "uncontracted",
        label: "未签约（应签）",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "在册、在世，今天没有有效签约，也没有可以不签的原因（长期外出、外嫁、服刑等）",
        on_desk: true,
        by_reason: false,
        reason: |line| if line.detail.is_empty() { "没有签约记录".to_owned() } else { unsigned(line) },
        errand: Some(|line, _| format!("{} 未签约家庭医生", line.name)),
    },
    Item {
        key: "contract_ending",
        label: "签约30天内到期",
        section: "签约随访",
        tone: Tone::Soon,
        unit: "人",
        definition: "有效签约在今后30天内到期，后面还没有接上新的签约",
        on_desk: true,
        by_reason: false,
        reason: |_| "到期前续签".to_owned(),
        errand: None,
    },
    Item {
        key: "contract_needless",
        label: "有签约、又登记了不签原因",
        section: "签约随访",
        tone: Tone::Waiting,
        unit: "人",
        definition: "今天有有效签约，同时登记着可以不签的原因（外嫁、服刑、出国等）：两样只能留一样",
        on_desk: true,
        by_reason: true,
        reason: unsigned,
        errand: None,
    },
    Item {
        key: "contract_excluded",
        label: "可以不签、不计入应签",
        section: "签约随访",
        tone: Tone::Neutral,
        unit: "人",
        definition: "在册、在世，登记了可以不签的原因，今天仍然有效；不计入应签",
        on_desk: false,
        by_reason: true,
        reason: unsigned,
        errand: None,
    },
    Item::kept(
        "contract_signed",
        "有效签约，有应做的服务",
        "签约随访",
        "在册、在世，今天有有效签约，签约年度内有应做的随访、体检、产检或儿童健康管理",
        |line| {
            if line.detail.ends_with("|open") {
                "还有应做的服务没做".to_owned()
            } else {
                "应做的都做了".to_owned()
            }
        },
    ),
    Item::kept(
        "contract_unserved",
        "签了约、没有履约的人",
        "签约随访",
        "在册、在世，今天有有效签约，签约年度开始到今天应做的服务没有做够；差哪一项见“签了约、应做的服务没做”",
        |_| "应做的服务没有做够".to_owned(),
    ),
    Item::kept(
        "contract_idle",
        "有效签约，没有定期服务",
        "签约随访",
        "在册、在世，今天有有效签约，不属于有随访、体检、产检或儿童健康管理要求的人；不计入履约率",
        |_| "没有定期要做的服务".to_owned(),
    ),
];

fn unsigned(line: &TodoLine) -> String {
    restricted::unsigned_reason(&line.detail).unwrap_or(restricted::HIDDEN).to_owned()
}

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    let (mut signed, mut whole, mut excluded) = (0, 0, 0);
    let (mut fulfilled, mut bound) = (0, 0);
    for person in file.residents() {
        let contract = world.contract(person);
        if let Some(reason) = world.exclusion(person) {
            excluded += 1;
            let code = reason.record.reason.clone().unwrap_or_default();
            findings.person("contract_excluded", person, code.clone()).due = reason.record.until;
            if contract.is_some() {
                findings.person("contract_needless", person, code);
            }
            continue;
        }
        whole += 1;
        let Some(contract) = contract else {
            let newest = person.exclusions.iter().max_by_key(|row| (row.record.since, row.id));
            let known = newest.and_then(|row| code::find("exclusion_reason", row.record.reason.as_deref()?));
            findings.person("uncontracted", person, known.map_or("", |reason| reason.code)).severity = 3;
            continue;
        };
        signed += 1;
        let team = contract.record.team.map(|team| team.to_string()).unwrap_or_default();
        match fulfil::look(person, &contract.record, world, findings) {
            None => drop(findings.person("contract_idle", person, team)),
            Some(done) => {
                (bound, fulfilled) = (bound + 1, fulfilled + i64::from(done));
                if !done {
                    findings.person("contract_unserved", person, "");
                }
                findings.person("contract_signed", person, format!("{team}|{}", if done { "done" } else { "open" }));
            }
        }
        let last = person.contracts.iter().filter(|row| row.record.ended_on.is_none());
        let last = last.filter(|row| row.record.since <= contract.record.until.map(|day| day + Days::new(1)));
        let end = last.map(|row| row.record.until).max_by_key(|until| (until.is_none(), *until)).flatten();
        if let Some(end) = end.filter(|end| *end <= world.today + Days::new(SOON)) {
            findings.person("contract_ending", person, "").due = Some(end);
        }
    }
    findings.share("contract", signed, whole, excluded);
    findings.share("fulfilled", fulfilled, bound, signed - bound);
}
