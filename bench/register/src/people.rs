//! Invented people of an invented county, the same for the same number every time: rosters of 47 columns as they are
//! exported, and what somebody types to find some of them.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use mingbai_sheets::workbook::Cell;
use mingbai_sheets::write::{ROSTER_COLUMNS, plain_xlsx};

use crate::Result;

/// People in one file.
pub(crate) const A_FILE: usize = 100_000;
/// People of one village, about.
const A_VILLAGE: usize = 1_500;
/// Different things that are typed of each kind.
const WANTED: usize = 400;

const FAMILY: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林",
    "郑", "谢", "罗", "梁", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于",
    "蒋", "蔡",
];
const FIRST: [&str; 30] = [
    "伟", "秀", "桂", "建", "海", "志", "春", "文", "小", "德", "淑", "明", "雪", "永", "立", "凤", "玉", "国", "晓",
    "俊", "红", "丽", "金", "世", "长", "福", "兴", "永", "广", "庆",
];
const LAST: [&str; 30] = [
    "英", "兰", "梅", "国", "燕", "强", "花", "军", "红", "福", "珍", "辉", "芳", "贵", "新", "霞", "敏", "静", "磊",
    "勇", "杰", "涛", "平", "云", "林", "荣", "华", "峰", "山", "生",
];
const VILLAGE: [&str; 20] = [
    "王庄",
    "李家沟",
    "前营",
    "后营",
    "大榆树",
    "三义",
    "红旗",
    "柳河",
    "石门",
    "白土",
    "新民",
    "向阳",
    "东沟",
    "西坡",
    "南梁",
    "北滩",
    "杏树",
    "老虎山",
    "胜利",
    "团结",
];
/// Areas that ids begin with: most people are from here, some from many places.
const AREAS: u64 = 300;
const HEALTH: [&str; 5] = ["健康", "健康", "健康", "长期慢性病", "患有大病"];

/// SplitMix64: enough for invented people, the same on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len() as u64) as usize).copied().unwrap_or_default()
    }
}

/// Somebody and where they live.
struct Somebody {
    village: String,
    household: String,
    name: String,
    sex: &'static str,
    birth: String,
    id: String,
    phone: String,
    relation: &'static str,
    health: &'static str,
    head: String,
    head_id: String,
    person_number: String,
    old: bool,
}

/// Everybody, household by household.
struct Crowd {
    dice: Dice,
    number: usize,
    /// The household being told: its number, how many it still has, its head.
    home: (usize, u64, String, String),
    /// Area, birth and sequence of every id.
    taken: HashSet<(u64, String, usize)>,
}

impl Crowd {
    fn next(&mut self) -> Somebody {
        self.number += 1;
        let number = self.number;
        let is_head = self.home.1 == 0;
        if is_head {
            self.home = (self.home.0 + 1, 2 + self.dice.below(4), String::new(), String::new());
        }
        self.home.1 -= 1;
        let place = number / A_VILLAGE;
        let village = format!("{}{}村", VILLAGE[place % VILLAGE.len()], numeral(place / VILLAGE.len()));
        let family = self.dice.one(&FAMILY);
        let given = if self.dice.below(6) == 0 {
            self.dice.one(&LAST).to_owned()
        } else {
            format!("{}{}", self.dice.one(&FIRST), self.dice.one(&LAST))
        };
        let name = format!("{family}{given}");
        let year = if is_head { 1940 + self.dice.below(50) } else { 1935 + self.dice.below(88) };
        let birth = format!("{year}{:02}{:02}", 1 + self.dice.below(12), 1 + self.dice.below(28));
        let area = match self.dice.below(10) {
            0 => 110_000 + 37 * self.dice.below(AREAS),
            _ => 159_901,
        };
        // Nobody has the id of another who was born there that day.
        let mut sequence = number % 1000;
        while !self.taken.insert((area, birth.clone(), sequence)) {
            sequence = (sequence + 1) % 1000;
        }
        let id = citizen_id(&format!("{area}{birth}{sequence:03}"));
        let sex = if sequence % 2 == 1 { "男" } else { "女" };
        if is_head {
            (self.home.2, self.home.3) = (name.clone(), id.clone());
        }
        Somebody {
            village,
            household: format!("1599012{:08}", self.home.0),
            name,
            sex,
            birth: birth.clone(),
            id,
            phone: format!("1{}{:09}", 3 + self.dice.below(6), self.dice.below(1_000_000_000)),
            relation: if is_head { "户主" } else { "之子" },
            health: HEALTH[self.dice.below(5) as usize],
            head: self.home.2.clone(),
            head_id: self.home.3.clone(),
            person_number: format!("159901{number:012}"),
            old: year < 1960,
        }
    }
}

fn numeral(place: usize) -> &'static str {
    const TENS: [&str; 40] = [
        "", "东", "西", "南", "北", "中", "上", "下", "大", "小", "新", "老", "前", "后", "内", "外", "头", "口", "岗",
        "湾", "梁", "坪", "塘", "桥", "庙", "井", "林", "泉", "坡", "沟", "川", "峪", "屯", "堡", "寨", "集", "铺",
        "店", "营", "台",
    ];
    TENS.get(place % TENS.len()).copied().unwrap_or_default()
}

/// Seventeen digits and the check character that follows from them (GB 11643).
fn citizen_id(digits: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('0');
    format!("{digits}{check}")
}

fn cells(who: &Somebody) -> Vec<Cell> {
    let said = |column: &str| -> String {
        match column {
            "省" => "内蒙古自治区".into(),
            "市" => "示范市".into(),
            "县" => "示范县".into(),
            "乡" => "青石乡".into(),
            "村" => who.village.clone(),
            "户编号" => who.household.clone(),
            "人口编号" => who.person_number.clone(),
            "姓名" => who.name.clone(),
            "性别" => who.sex.into(),
            "出生日期" => who.birth.clone(),
            "证件类型" => "居民身份证（户口簿）".into(),
            "证件号码" => who.id.clone(),
            "民族" => "汉族".into(),
            "户联系电话" | "成员联系电话" => who.phone.clone(),
            "年度" => "2026".into(),
            "与户主关系" => who.relation.into(),
            "文化程度" => "初中".into(),
            "在校生状况" => "非在校生".into(),
            "劳动技能" => if who.old { "无劳动力" } else { "普通劳动力" }.into(),
            "务工时间（月）" => if who.old { "0" } else { "8" }.into(),
            "健康状况" => who.health.into(),
            "政治面貌" => "群众".into(),
            "是否享受低保" | "是否特困供养人员" | "是否国外务工" | "是否接受大病医疗救助" => {
                "否".into()
            }
            "是否参加新型农村合作医疗（城乡居民基本医疗保险）"
            | "是否参加大病保险"
            | "是否参加城乡居民基本养老保险"
            | "是否会讲普通话" => "是".into(),
            "是否参加城镇职工基本养老保险"
            | "是否参加商业补充医疗保险"
            | "是否接受其他健康扶贫"
            | "是否参加城镇职工基本医疗保险" => "否".into(),
            "务工所在地" => if who.old { "" } else { "本县城区" }.into(),
            "户主姓名" => who.head.clone(),
            "户主证件号码" => who.head_id.clone(),
            "识别标准" => "国家标准".into(),
            "产业分类" => "种植业".into(),
            _ => String::new(),
        }
    };
    let cell = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
    ROSTER_COLUMNS.iter().map(|column| cell(said(column))).collect()
}

/// The roster files of a folder, in their order.
pub(crate) fn files(folder: &Path, people: usize) -> Vec<PathBuf> {
    (0..people.div_ceil(A_FILE)).map(|part| folder.join(format!("roster-{part}.xlsx"))).collect()
}

/// Writes the rosters, everybody as plain text for the peers, and what is typed to find some of them.
pub(crate) fn write(folder: &Path, people: usize) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut crowd =
        Crowd { dice: Dice(1), number: 0, home: (0, 0, String::new(), String::new()), taken: HashSet::new() };
    let mut plain = String::new();
    let mut wanted: [Vec<String>; 4] = Default::default();
    let mut dice = Dice(2);
    for file in files(folder, people) {
        let here = A_FILE.min(people - crowd.number);
        let mut rows = Vec::with_capacity(here);
        for _ in 0..here {
            let who = crowd.next();
            rows.push(cells(&who));
            let initials = mingbai_store::initials(&who.name).into_iter().next().unwrap_or_default();
            writeln!(plain, "{}\t{initials}\t{}\t{}\t{}", who.name, who.id, who.phone, who.household)?;
            if dice.below(people as u64) < WANTED as u64 {
                let piece = dice.below(12) as usize;
                let length = 4 + dice.below(5) as usize;
                let tail = 4 + dice.below(5) as usize;
                wanted[0].push(who.name.clone());
                wanted[1].push(initials);
                wanted[2].push(who.id.chars().skip(piece).take(length).collect());
                wanted[3].push(who.phone.chars().skip(who.phone.len() - tail).collect());
            }
        }
        let created = chrono::NaiveDate::default().and_time(chrono::NaiveTime::MIN);
        fs::write(&file, plain_xlsx(&[], &ROSTER_COLUMNS, &rows, created)?)?;
    }
    fs::write(folder.join("people.tsv"), plain)?;
    for (name, typed) in ["name", "initials", "id", "phone"].iter().zip(wanted) {
        fs::write(folder.join(format!("{name}.txt")), typed.join("\n"))?;
    }
    Ok(())
}
