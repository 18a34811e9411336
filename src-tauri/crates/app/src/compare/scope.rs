//! Whose business a row of another office's list is: a county's list taken in at one township names everybody else's people
//! too, and none of them is missing here.

use std::collections::HashSet;

use mingbai_domain::catalogue::Village;
use mingbai_domain::region;

use super::side::Someone;
use crate::division;
use crate::error::AppError;
use crate::office::Context;

/// The townships and villages this office answers for, by the names people write.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    own_townships: HashSet<String>,
    /// Townships of the county that are another office's.
    other_townships: HashSet<String>,
    villages: HashSet<String>,
}

/// `集宁区白海子镇人民政府` and `白海子` are written for the same township: what stands before it of the county is left out.
fn short(name: &str) -> &str {
    let name = name.trim();
    let county = name.char_indices().skip(1).find(|(_, c)| matches!(c, '县' | '区' | '旗' | '市'));
    let rest = county.and_then(|(at, c)| name.get(at + c.len_utf8()..)).filter(|rest| rest.chars().count() > 2);
    let name = rest.unwrap_or(name);
    let endings = ["人民政府", "街道办事处", "街道", "镇", "乡"];
    endings
        .iter()
        .fold(name, |name, ending| name.strip_suffix(ending).filter(|stem| stem.chars().count() > 1).unwrap_or(name))
}

impl Scope {
    /// The area of this office: its villages on the register and those the official list puts there.
    ///
    /// # Errors
    /// A register or an official list that cannot be read.
    pub(crate) fn read(context: &Context<'_>) -> Result<Self, AppError> {
        let area = context.profile()?.area.clone();
        let mut scope = Self::default();
        for row in context.read()?.all::<Village>()? {
            scope.add_village(&row.record.name.unwrap_or_default());
        }
        if scope.villages.is_empty() {
            return Ok(scope);
        }
        let county = area.get(..6).unwrap_or_default();
        for (code, name) in division::below(county)? {
            let own = region::contains(&area, &code) || region::contains(&code, &area);
            let names = if own { &mut scope.own_townships } else { &mut scope.other_townships };
            names.insert(short(&name).to_owned());
            if own {
                for (_, name) in division::below(&code)? {
                    scope.add_village(&name);
                }
            }
        }
        scope.other_townships.retain(|name| !scope.own_townships.contains(name));
        Ok(scope)
    }

    fn add_village(&mut self, name: &str) {
        let name = region::short_village_name(name);
        if !name.is_empty() {
            self.villages.insert(name.to_owned());
        }
    }

    /// Whether a row says that it is about a place which is not this office's: its township, or else a village nobody
    /// knows here. A row that says no place may be anybody's.
    pub(crate) fn is_elsewhere(&self, someone: &Someone) -> bool {
        let township = short(&someone.township);
        if self.own_townships.contains(township) {
            return false;
        }
        self.other_townships.contains(township)
            || !someone.village_key.is_empty()
                && !self.villages.is_empty()
                && !self.villages.contains(&someone.village_key)
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, short};
    use crate::compare::side::Someone;

    fn at(township: &str, village: &str) -> Someone {
        Someone { township: township.to_owned(), village_key: village.to_owned(), ..Someone::default() }
    }

    #[test]
    fn a_row_of_another_township_is_not_ours_though_its_village_has_the_name_of_one_of_ours() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let scope = Scope {
            own_townships: names(&["王庄"]),
            other_townships: names(&["李家堡"]),
            villages: names(&["红星", "大榆树"]),
        };
        assert!(scope.is_elsewhere(&at("李家堡镇", "红星")));
        assert!(
            !scope.is_elsewhere(&at("王庄镇人民政府", "新立")),
            "a village of ours that has nobody on the register"
        );
        assert!(!scope.is_elsewhere(&at("", "红星")));
        assert!(scope.is_elsewhere(&at("", "前进")), "a village nobody knows here");
        assert!(!scope.is_elsewhere(&at("", "")), "a row that says no place may be ours");
        assert!(!Scope::default().is_elsewhere(&at("", "前进")), "an office without villages knows no place");
    }

    #[test]
    fn a_township_is_the_same_with_and_without_what_it_is() {
        for name in ["白海子镇", "白海子", "白海子镇人民政府", "集宁区白海子镇", "集宁区白海子镇人民政府"]
        {
            assert_eq!(short(name), "白海子");
        }
        assert_eq!(short("桥东街道办事处"), "桥东");
    }
}
