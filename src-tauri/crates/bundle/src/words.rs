//! Fingerprints people read to each other over the phone: eight everyday words of two characters.
//!
//! Eight of 256 words carry 64 bits. The hash is repeated 65,536 times, so that finding other bytes with the same words
//! costs 2^80 hashes, while the honest side waits a few hundredths of a second.

use sha2::{Digest, Sha256};

use crate::word_list::WORDS;

const ROUNDS: u32 = 1 << 16;
const COUNT: usize = 8;

/// The eight words of some bytes, separated by spaces.
#[must_use]
pub fn of(bytes: &[u8]) -> String {
    let mut digest: [u8; 32] = Sha256::new().chain_update(b"mbx/words/1").chain_update(bytes).finalize().into();
    for _ in 0..ROUNDS {
        digest = Sha256::digest(digest).into();
    }
    let words: Vec<&str> = digest.iter().take(COUNT).map(|byte| WORDS[usize::from(*byte)]).collect();
    words.join(" ")
}

/// Whether what a clerk typed or confirmed are these words; spaces and punctuation do not matter.
#[must_use]
pub fn same(typed: &str, words: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    !letters(words).is_empty() && letters(typed) == letters(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn words_are_distinct_and_of_two_characters() {
        let distinct: HashSet<_> = WORDS.iter().collect();
        assert_eq!(distinct.len(), 256);
        assert!(WORDS.iter().all(|word| word.chars().count() == 2));
    }

    #[test]
    fn no_two_words_sound_alike_even_in_a_southern_mouth() {
        let mut heard = HashSet::new();
        for word in WORDS {
            assert!(heard.insert(sound(word)), "{word} sounds like another word");
        }
    }

    /// The sound without tones, with the distinctions dropped that many speakers do not make: n/l, zh/z, ch/c, sh/s,
    /// f/h before u, -n/-ng.
    fn sound(word: &str) -> String {
        use pinyin::ToPinyin;
        word.to_pinyin()
            .map(|syllable| {
                let plain = syllable.unwrap().plain();
                let merged = plain.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace("ng", "n");
                merged.replacen('n', "l", usize::from(merged.starts_with('n'))).replace("hu", "fu")
            })
            .collect::<Vec<_>>()
            .join("'")
    }

    #[test]
    fn one_changed_bit_changes_the_words_and_typing_them_is_forgiving() {
        let words = of(b"county");
        assert_eq!(words.split(' ').count(), 8);
        assert_ne!(words, of(b"counts"));
        assert!(same(&words.replace(' ', "，"), &words) && same(&words.replace(' ', ""), &words));
        assert!(!same("", &words) && !same(&of(b"counts"), &words) && !same("", ""));
    }
}
