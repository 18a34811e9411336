//! An invented register of a county and the changes of a season, the same for the same size every time.
//!
//! Of the changes one in six enters a person with ten fields and the others change one field of somebody, as clerks do:
//! telephones and places of work often, names and citizen ids seldom. The changes are 1.2 times the people.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::changes::{BASE, CHANGES, WEEK};

/// Operations of a township in a week.
const WEEKLY: u64 = 2_000;

const FAMILY: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林",
    "郑",
];
const GIVEN: [&str; 24] = [
    "伟", "芳", "敏", "静", "强", "磊", "勇", "杰", "秀英", "桂兰", "玉梅", "建国", "海燕", "志强", "春花", "文军",
    "小红", "德福", "淑珍", "明辉", "雪梅", "永贵", "立新", "凤霞",
];
const HEALTH: [&str; 8] =
    ["健康", "高血压", "糖尿病", "长期慢性病，按时服药", "患有大病", "残疾", "高血压、冠心病", "脑卒中后遗症，需照料"];
const PLACES: [&str; 8] = [
    "本县城区",
    "广东省东莞市长安镇",
    "浙江省宁波市",
    "福建省晋江市陈埭镇",
    "江苏省苏州市昆山市",
    "在家",
    "省会工地",
    "邻县煤矿",
];

/// SplitMix64: enough for invented people, the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        let place = self.below(from.len() as u64) as usize;
        from.get(place).copied().unwrap_or_default()
    }

    /// A value for one of the columns.
    fn value(&mut self, column: usize, out: &mut String) {
        // Writing into a string cannot fail.
        let _ = match column {
            0 => write!(out, "{}{}", self.pick(&FAMILY), self.pick(&GIVEN)),
            1 => write!(out, "{}", 1 + self.below(2)),
            2 => write!(out, "{}-{:02}-{:02}", 1930 + self.below(90), 1 + self.below(12), 1 + self.below(28)),
            3 => write!(out, "159901{:08}{:04}", 19_300_101 + self.below(900_000), self.below(10_000)),
            4 => write!(out, "{:02}", 1 + self.below(9)),
            5 | 6 => write!(out, "{:02}", 1 + self.below(6)),
            7 => write!(out, "{}", self.pick(&HEALTH)),
            8 => write!(out, "1{:010}", self.below(10_000_000_000)),
            _ => write!(out, "{}{}号", self.pick(&PLACES), self.below(1000)),
        };
    }
}

/// The id of the person with this number, laid out like the ids of the program: ascending time, then randomness.
fn id(number: u64) -> u128 {
    let mut dice = Dice(number);
    let millis = 1_700_000_000_000 + number * 37;
    (u128::from(millis) << 80)
        | (7 << 76)
        | (u128::from(dice.next()) & 0x0fff) << 64
        | u128::from(dice.next() >> 2)
        | 1 << 63
}

fn enter(dice: &mut Dice, number: u64, line: &mut String) {
    let _ = write!(line, "+\t{:032x}", id(number));
    for column in 0..crate::changes::COLUMNS.len() {
        line.push('\t');
        dice.value(column, line);
    }
}

fn change(dice: &mut Dice, people: u64, line: &mut String) {
    let column = match dice.below(10) {
        0..=2 => 8,
        3..=5 => 9,
        6 | 7 => 7,
        8 => 3,
        _ => 0,
    };
    let _ = write!(line, "=\t{:032x}\t{column}\t", id(dice.below(people)));
    dice.value(column, line);
}

/// Writes the register of `people` and its changes into a folder.
pub(crate) fn write(folder: &Path, people: u64) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut dice = Dice(people);
    let mut line = String::new();
    let mut base = file(folder, BASE)?;
    for number in 0..people {
        line.clear();
        enter(&mut dice, number, &mut line);
        writeln!(base, "{line}")?;
    }
    base.flush()?;
    let mut entered = people;
    for (name, ops) in [(CHANGES, people + people / 5), (WEEK, WEEKLY)] {
        let mut changes = file(folder, name)?;
        for op in 0..ops {
            line.clear();
            if op % 6 == 0 {
                enter(&mut dice, entered, &mut line);
                entered += 1;
            } else {
                change(&mut dice, people, &mut line);
            }
            writeln!(changes, "{line}")?;
        }
        changes.flush()?;
    }
    Ok(())
}

fn file(folder: &Path, name: &str) -> io::Result<BufWriter<std::fs::File>> {
    Ok(BufWriter::with_capacity(1 << 20, std::fs::File::create(folder.join(name))?))
}
