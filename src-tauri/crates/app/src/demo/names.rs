//! Names nobody bears: common characters put together at random, by generation and sex. Mongolian names with and without
//! the father's name after `·`.

use chrono::Datelike;
use mingbai_domain::citizen_id::Sex;

use super::dice::Dice;
use super::flagship::FLAGSHIP;
use super::model::DemoHousehold;

/// Family names with their weights, roughly as common as they are.
const SURNAMES: &[(u32, &str)] = &[
    (24, "王"),
    (24, "李"),
    (22, "张"),
    (17, "刘"),
    (14, "赵"),
    (12, "杨"),
    (11, "陈"),
    (9, "郭"),
    (9, "高"),
    (8, "孙"),
    (8, "马"),
    (7, "武"),
    (7, "贾"),
    (7, "樊"),
    (6, "周"),
    (6, "吴"),
    (6, "任"),
    (6, "白"),
    (6, "郝"),
    (6, "温"),
    (5, "徐"),
    (5, "胡"),
    (5, "朱"),
    (5, "何"),
    (5, "梁"),
    (5, "宋"),
    (5, "韩"),
    (5, "冯"),
    (5, "董"),
    (5, "曹"),
    (5, "田"),
    (5, "石"),
    (5, "崔"),
    (5, "康"),
    (5, "史"),
    (4, "于"),
    (4, "程"),
    (4, "薛"),
    (4, "阎"),
    (4, "范"),
    (4, "姚"),
    (4, "孟"),
    (4, "段"),
    (4, "乔"),
    (4, "贺"),
    (4, "苗"),
    (4, "苏"),
    (4, "魏"),
    (3, "罗"),
    (3, "郑"),
    (3, "谢"),
    (3, "唐"),
    (3, "袁"),
    (3, "吕"),
    (3, "丁"),
    (3, "潘"),
    (3, "杜"),
    (3, "夏"),
    (3, "方"),
    (3, "金"),
    (3, "秦"),
    (3, "侯"),
    (3, "尹"),
    (3, "牛"),
    (3, "霍"),
    (2, "蔺"),
    (2, "闫"),
    (2, "郗"),
    (2, "亢"),
    (2, "仝"),
    (1, "欧阳"),
    (1, "上官"),
    (1, "司马"),
    (1, "呼延"),
    (1, "皇甫"),
];

const HUI: &[&str] = &["马", "白", "丁", "哈", "沙", "海", "杨", "金"];
const MANCHU: &[&str] = &["关", "佟", "那", "赫", "金", "富", "舒", "郎"];

/// First and second characters of given names, by generation (born before 1963, before 1983, before 2000, later) and sex.
const MEN: [(&str, &str); 4] = [
    ("福德国建志永玉文长金万有根树连占富全", "山财贵林生明海才义成军庆元喜保仓旺福"),
    ("建志永海军晓卫小东立占利俊春贵", "强伟平刚勇峰龙兵斌军林生明东辉"),
    ("志海鹏晓小建伟文利凯佳宏", "飞杰超鹏宇磊波涛亮龙强"),
    ("子浩宇俊泽梓嘉天博一", "轩涵宇豪杰博洋辰睿航"),
];
const WOMEN: [(&str, &str); 4] = [
    ("桂秀玉凤淑翠兰素美改金粉果二", "英兰珍芳梅莲花香琴云娥霞枝女"),
    ("丽艳海春小晓美爱红俊秀巧润", "霞梅红丽萍芳燕娟玲琴英平枝"),
    ("丽婷晓小海雅艳文佳春", "娜婷敏静洁燕楠霞芳慧"),
    ("雨子欣梦诗思佳一若语", "涵萱怡琪彤瑶妍诺桐晴"),
];
const SINGLE_MEN: [&str; 4] =
    ["虎全祥瑞富明宽锁满义", "军强勇平龙斌林刚亮明", "鹏磊超杰亮飞凯涛波鑫", "宇浩轩睿博泽辰航铭阳"];
const SINGLE_WOMEN: [&str; 4] =
    ["英兰珍梅翠莲花巧枝凤", "霞萍丽红艳燕玲娟秀芳", "娜婷静敏楠洁慧倩颖雪", "涵怡萱琪彤瑶妍诺桐晴"];

const MONGOLIAN_MEN: &[&str] = &[
    "巴特尔",
    "阿古拉",
    "苏和",
    "朝鲁",
    "那顺",
    "乌力吉",
    "布和",
    "额尔敦",
    "孟和",
    "宝音",
    "特木尔",
    "毕力格",
    "哈斯",
    "乌恩",
];
const MONGOLIAN_LONG_MEN: &[&str] =
    &["乌力吉巴图", "额尔敦巴雅尔", "格日勒图", "那顺巴雅尔", "孟和巴图", "宝音德力格尔"];
const MONGOLIAN_WOMEN: &[&str] =
    &["其其格", "乌兰", "萨仁", "娜仁", "托娅", "高娃", "乌日娜", "斯琴", "阿茹娜", "塔娜"];
const MONGOLIAN_LONG_WOMEN: &[&str] = &["萨仁其木格", "乌云其其格", "娜仁托娅", "斯琴高娃", "乌兰图雅", "阿拉坦其其格"];

/// How the family of a household is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FamilyName {
    /// A surname in front.
    Surname(String),
    /// No surname: the father's own name may follow after `·`.
    Father(String),
}

/// The family name of a household of this nationality.
pub(super) fn family_name(dice: &mut Dice, ethnicity: &str) -> FamilyName {
    match ethnicity {
        "蒙古族" if dice.percent(70) => FamilyName::Father(dice.pick(MONGOLIAN_MEN).to_owned()),
        "回族" => FamilyName::Surname(dice.pick(HUI).to_owned()),
        "满族" => FamilyName::Surname(dice.pick(MANCHU).to_owned()),
        _ => FamilyName::Surname(dice.weighted(SURNAMES).to_owned()),
    }
}

/// The whole name of somebody of this family.
pub(super) fn full_name(dice: &mut Dice, family: &FamilyName, sex: Sex, birth_year: i32) -> String {
    match family {
        FamilyName::Surname(surname) => format!("{surname}{}", given(dice, sex, birth_year)),
        FamilyName::Father(father) => mongolian(dice, sex, father),
    }
}

fn given(dice: &mut Dice, sex: Sex, birth_year: i32) -> String {
    let generation = match birth_year {
        ..1963 => 0,
        1963..1983 => 1,
        1983..2000 => 2,
        _ => 3,
    };
    let (pairs, singles) = match sex {
        Sex::Male => (MEN, SINGLE_MEN),
        Sex::Female => (WOMEN, SINGLE_WOMEN),
    };
    if dice.percent(18) {
        return character(dice, singles[generation]).to_string();
    }
    let (first, second) = pairs[generation];
    let first = character(dice, first);
    let second = character(dice, second);
    [first, second].iter().collect()
}

fn mongolian(dice: &mut Dice, sex: Sex, father: &str) -> String {
    let (short, long) = match sex {
        Sex::Male => (MONGOLIAN_MEN, MONGOLIAN_LONG_MEN),
        Sex::Female => (MONGOLIAN_WOMEN, MONGOLIAN_LONG_WOMEN),
    };
    if dice.percent(40) {
        return (dice.pick(long)).to_owned();
    }
    let own = dice.pick(short);
    if own == father || dice.percent(30) { own.to_owned() } else { format!("{own}·{father}") }
}

fn character(dice: &mut Dice, from: &str) -> char {
    let characters: Vec<char> = from.chars().collect();
    dice.pick(&characters)
}

/// Characters that old fonts and code pages do not have.
pub(super) const RARE: [(Sex, char); 4] =
    [(Sex::Male, '䶮'), (Sex::Female, '㛃'), (Sex::Female, '𬱖'), (Sex::Male, '𠅤')];
/// The name two women of one village share.
pub(super) const NAMESAKE: &str = "李秀兰";

/// Gives some people rare characters, and two women of the first village one name.
pub(super) fn plant_rare(dice: &mut Dice, households: &mut [DemoHousehold]) {
    let mut order: Vec<usize> = (0..households.len()).filter(|h| households[*h].number != FLAGSHIP).collect();
    dice.shuffle(&mut order);
    let mut rare: Vec<(Sex, char)> = RARE.to_vec();
    for h in &order {
        let Some(person) = households[*h].members.iter_mut().skip(1).find(|p| {
            let plain = (2..=3).contains(&p.name.chars().count()) && !p.name.contains('·');
            plain && p.ethnicity == "汉族" && p.birth.year() > 1975 && rare.iter().any(|(sex, _)| *sex == p.sex)
        }) else {
            continue;
        };
        if let Some(place) = rare.iter().position(|(sex, _)| *sex == person.sex) {
            let (_, character) = rare.remove(place);
            let mut kept: Vec<char> = person.name.chars().collect();
            kept.truncate(if rare.len().is_multiple_of(2) { 1 } else { 2 });
            kept.push(character);
            person.name = kept.into_iter().collect();
        }
        if rare.is_empty() {
            break;
        }
    }
    let mut bearers =
        households.iter().filter(|h| h.village == 0).flat_map(|h| &h.members).filter(|p| p.name == NAMESAKE).count();
    for h in order {
        let household = &mut households[h];
        let wife = household
            .members
            .iter_mut()
            .find(|p| p.relation == "配偶" && p.sex == Sex::Female && p.ethnicity == "汉族" && p.birth.year() < 1978);
        if household.village == 0
            && bearers < 2
            && let Some(wife) = wife
        {
            NAMESAKE.clone_into(&mut wife.name);
            bearers += 1;
        }
    }
}
