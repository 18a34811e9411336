//! 中文大写金额, as the central bank's rules for vouchers have it (《支付结算办法》附件一).

use super::Fen;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];

impl Fen {
    /// The amount in words: `壹拾万元零伍分`, `壹拾元壹角整`.
    #[must_use]
    pub fn in_words(self) -> String {
        let (yuan, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let (jiao, fen) = ((rest / 10) as usize, (rest % 10) as usize);
        let mut words = String::from(if self.0 < 0 { "负" } else { "" });
        if yuan > 0 {
            whole(yuan, &mut words);
            words.push('元');
        }
        if jiao > 0 {
            words.push_str(DIGITS[jiao]);
            words.push('角');
        } else if fen > 0 && yuan > 0 {
            words.push('零');
        }
        if fen > 0 {
            words.push_str(DIGITS[fen]);
            words.push('分');
        } else {
            words.push_str(if self.0 == 0 { "零元整" } else { "整" });
        }
        words
    }
}

/// A number above nothing.
fn whole(number: u64, words: &mut String) {
    for (unit, name) in [(100_000_000, "亿"), (10_000, "万")] {
        if number >= unit {
            whole(number / unit, words);
            words.push_str(name);
            let rest = number % unit;
            // A nought stands for the places that are passed over, before the name of the unit or behind it.
            if rest > 0 {
                if rest < unit / 10 || (number / unit).is_multiple_of(10) {
                    words.push('零');
                }
                whole(rest, words);
            }
            return;
        }
    }
    let mut passed = false;
    for place in (0..PLACES.len()).rev() {
        let power = 10_u64.pow(place as u32);
        let digit = (number / power % 10) as usize;
        if digit == 0 {
            // Only what stands between two digits is passed over.
            passed = number >= power;
        } else {
            words.push_str(if passed { "零" } else { "" });
            words.push_str(DIGITS[digit]);
            words.push_str(PLACES[place]);
            passed = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Fen;

    #[test]
    fn amounts_are_written_in_words_as_the_banks_ask() {
        for (fen, words) in [
            (10_000_005, "壹拾万元零伍分"),
            (1_010, "壹拾元壹角整"),
            (140_950, "壹仟肆佰零玖元伍角整"),
            (600_714, "陆仟零柒元壹角肆分"),
            (168_032, "壹仟陆佰捌拾元叁角贰分"),
            (10_700_053, "壹拾万零柒仟元伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (32_504, "叁佰贰拾伍元零肆分"),
            (13_402_500, "壹拾叁万肆仟零贰拾伍元整"),
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角整"),
            (-130_000, "负壹仟叁佰元整"),
            (100_000_000_000_000, "壹万亿元整"),
            (10_000_000_100, "壹亿零壹元整"),
            (100_010_000_000, "壹拾亿零壹拾万元整"),
        ] {
            assert_eq!(Fen(fen).in_words(), words, "{fen}");
        }
        assert!(Fen(i64::MAX).in_words().starts_with("玖亿贰仟贰佰叁拾叁万"));
    }
}
