//! Division codes of the whole country at five levels, as the National Bureau of Statistics lists them: provinces (2
//! digits), prefectures (4), counties (6), townships (9), villages (12). Some counties and townships of special zones
//! have no office of their own; the list has them all the same.

use std::sync::OnceLock;

const ABOVE: &str = include_str!("../../../../assets/divisions/above.tsv");

/// Names that only fill a level and that nobody says: `北京市市辖区东城区` is 北京市东城区.
const FILLING: [&str; 4] = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

/// One division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division<'t> {
    /// Its whole code.
    pub code: String,
    /// Its name.
    pub name: &'t str,
}

/// Provinces, prefectures and counties by code, in the order of the codes.
fn above() -> &'static [(&'static str, &'static str)] {
    static LINES: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut lines: Vec<_> = ABOVE.lines().skip(1).filter_map(|line| line.split_once('\t')).collect();
        lines.sort_unstable();
        lines
    })
}

/// The name of a province, prefecture or county.
#[must_use]
pub fn name(code: &str) -> Option<&'static str> {
    let lines = above();
    let place = lines.binary_search_by_key(&code, |(code, _)| code).ok()?;
    lines.get(place).map(|(_, name)| *name)
}

/// A county with what is above it, `内蒙古自治区乌兰察布市集宁区`; of a code the list does not have (any more), as much as
/// it knows. The second answer says whether the list has the county itself.
#[must_use]
pub fn whole_name(code: &str) -> (String, bool) {
    let mut whole = String::new();
    let mut last = "";
    let mut known = false;
    for digits in [2, 4, 6] {
        let found = code.get(..digits).and_then(name);
        known = found.is_some();
        if let Some(found) = found.filter(|found| !FILLING.contains(found) && *found != last) {
            whole.push_str(found);
            last = found;
        }
    }
    (whole, known)
}

/// The divisions right below a province or prefecture, or the provinces below the empty code.
#[must_use]
pub fn below(parent: &str) -> Vec<Division<'static>> {
    let digits = parent.len() + 2;
    let lines = above().iter().filter(|(code, _)| code.len() == digits && code.starts_with(parent));
    lines.map(|(code, name)| Division { code: (*code).to_owned(), name }).collect()
}

/// The townships of a county or the villages of a township, read from the text of its province; nothing where the text
/// has no such place. In the text `=NNNNNN` begins a county, `#NNN名` a township of it, and every other line is a village
/// of that township: `.名` where its number follows the one before, `NNN名` where it does not.
#[must_use]
pub fn within<'t>(province: &'t str, parent: &str) -> Vec<Division<'t>> {
    let Some((county, township)) = parent.split_at_checked(6) else { return Vec::new() };
    let lines = province.lines().skip_while(|line| line.strip_prefix('=') != Some(county)).skip(1);
    let mut lines = lines.take_while(|line| !line.starts_with('='));
    if township.is_empty() {
        let townships = lines.filter_map(|line| line.strip_prefix('#')?.split_at_checked(3));
        return townships.map(|(own, name)| Division { code: format!("{county}{own}"), name }).collect();
    }
    let here = |line: &str| line.strip_prefix('#').is_some_and(|line| line.starts_with(township));
    if lines.find(|line| here(line)).is_none() {
        return Vec::new();
    }
    let mut last = 0;
    let villages = lines.map_while(|line| village(line, &mut last));
    villages.map(|(own, name)| Division { code: format!("{parent}{own:03}"), name }).collect()
}

/// A village's number and name; nothing at the first line that is none.
fn village<'t>(line: &'t str, last: &mut u32) -> Option<(u32, &'t str)> {
    let (own, name) = match line.strip_prefix('.') {
        Some(name) => (*last + 1, name),
        None => line.split_at_checked(3).and_then(|(own, name)| Some((own.parse().ok()?, name)))?,
    };
    *last = own;
    Some((own, name))
}

#[cfg(test)]
mod tests {
    use super::{below, name, whole_name, within};

    #[test]
    fn a_county_is_called_as_people_call_it() {
        assert_eq!(whole_name("110101"), ("北京市东城区".to_owned(), true));
        assert_eq!(whole_name("150902"), ("内蒙古自治区乌兰察布市集宁区".to_owned(), true));
        assert_eq!(whole_name("441900"), ("广东省东莞市".to_owned(), true));
        assert_eq!(name("469021"), Some("定安县"));
        assert_eq!(whole_name("469021").0, "海南省定安县");
    }

    #[test]
    fn an_abolished_county_is_known_as_far_as_the_list_goes() {
        // 北京市崇文区, abolished in 2010.
        assert_eq!(whole_name("110103"), ("北京市".to_owned(), false));
        assert_eq!(whole_name("999999"), (String::new(), false));
    }

    #[test]
    fn the_levels_above_the_township_are_whole() {
        assert_eq!(below("").len(), 31);
        let prefectures: Vec<_> = below("").iter().flat_map(|one| below(&one.code)).collect();
        let counties: usize = prefectures.iter().map(|one| below(&one.code).len()).sum();
        assert_eq!((prefectures.len(), counties), (342, 2_978));
    }

    #[test]
    fn townships_and_villages_are_read_where_they_stand() {
        let text = "=150902\n#001新体路街道\n.恩和路社区居民委员会\n.体育场社区居民委员会\n200一村村委会\n.二村村委会\n#002桥东街道\n.甲\n=150921\n#100卓资山镇\n.乙\n";
        let named = |parent| within(text, parent).into_iter().map(|one| (one.code, one.name)).collect::<Vec<_>>();
        assert_eq!(named("150902"), [("150902001".to_owned(), "新体路街道"), ("150902002".to_owned(), "桥东街道")]);
        let villages = named("150902001");
        assert_eq!(villages.len(), 4);
        assert_eq!(villages[1], ("150902001002".to_owned(), "体育场社区居民委员会"));
        assert_eq!(villages[3], ("150902001201".to_owned(), "二村村委会"));
        assert_eq!(named("150902002"), [("150902002001".to_owned(), "甲")]);
        assert!(named("150902100").is_empty() && named("150999").is_empty() && named("15").is_empty());
    }
}
