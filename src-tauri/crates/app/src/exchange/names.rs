//! File names that come from outside: what is kept and shown of them is harmless everywhere.

/// Bytes a kept name has at most; with the time before it and a number it stays far below any system's limit.
const MOST: usize = 96;

/// The last part of a name without anything that means something to a file system, a console or the direction of writing.
pub(super) fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\', ':']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let plain: String =
        last.chars().filter(|one| !is_hidden(*one)).map(|one| if is_spelt(one) { one } else { '_' }).collect();
    // Windows drops dots and spaces at the end by itself; a dot at the beginning hides a file elsewhere.
    let plain = plain.trim_matches(|one: char| one == '.' || one.is_whitespace());
    let (stem, ending) = plain.rsplit_once('.').filter(|(_, end)| end.len() <= 8).unwrap_or((plain, ""));
    let room = MOST.saturating_sub(ending.len() + 2);
    let mut kept: String = stem
        .chars()
        .scan(0, |used, one| {
            *used += one.len_utf8();
            (*used <= room).then_some(one)
        })
        .collect();
    if kept.trim().is_empty() {
        "文件".clone_into(&mut kept);
    }
    if is_device(&kept) {
        kept.insert(0, '_');
    }
    if ending.is_empty() { kept } else { format!("{kept}.{ending}") }
}

/// Characters that are not seen: controls, marks of the direction of writing, joiners, variation selectors.
fn is_hidden(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}')
}

fn is_spelt(one: char) -> bool {
    !matches!(one, '<' | '>' | '"' | '|' | '?' | '*' | '\u{fffd}')
}

/// Names that Windows takes for devices, whatever ending they have.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|port| {
        stem.strip_prefix(port)
            .is_some_and(|n| matches!(n, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"))
    });
    numbered || matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$")
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_name_from_outside_is_kept_without_anything_a_system_would_obey() {
        for (given, kept) in [
            ("青山镇 7月.mbx", "青山镇 7月.mbx"),
            ("MBU-0a0b0c-00012-ffeedd.mbx", "MBU-0a0b0c-00012-ffeedd.mbx"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\Windows\\System32\\drivers.mbx", "drivers.mbx"),
            ("C:evil.mbx", "evil.mbx"),
            ("包.mbx:stream", "stream"),
            ("CON", "_CON"),
            ("nul.mbx", "_nul.mbx"),
            ("Com1.a.mbx", "_Com1.a.mbx"),
            ("LPT9 .mbx", "_LPT9 .mbx"),
            ("报表\u{202e}xbm.exe", "报表xbm.exe"),
            ("a\u{0}b\nc\r.mbx", "abc.mbx"),
            ("零\u{200b}宽\u{feff}.mbx", "零宽.mbx"),
            ("a<b>c\"d|e?f*.mbx", "a_b_c_d_e_f_.mbx"),
            (".隐藏.mbx", "隐藏.mbx"),
            ("名字.mbx . .", "名字.mbx"),
            ("..", "文件"),
            ("", "文件"),
            ("\u{202e}", "文件"),
        ] {
            assert_eq!(safe_name(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_name_of_255_bytes_is_shortened_between_characters_and_keeps_its_ending() {
        for long in ["字".repeat(83) + ".mbx", "a".repeat(251) + ".mbx", "𬱖".repeat(62) + ".mbx"] {
            let kept = safe_name(&long);
            assert!(kept.len() <= 96 && kept.ends_with(".mbx") && kept.len() > 80, "{kept}");
        }
        let kept = safe_name(&("a.".to_owned() + &"b".repeat(300)));
        assert!(kept.len() <= 96, "{kept}");
    }
}
