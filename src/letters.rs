//! Letters that cannot be seen, or that look like others: what each is called, and what was meant.

/// A letter that is not what it seems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Odd {
    /// The letter.
    pub letter: char,
    /// What was meant; none for what only has to go.
    pub meant: Option<char>,
    what: &'static str,
}

/// Letters of other alphabets, and the Latin ones that look the same.
const ALPHABETS: [(&str, &str, &str); 2] = [
    ("Cyrillic", "АВЕКМНОРСТУХЅІЈаеорсухіјѕԁԛԝ", "ABEKMHOPCTYXSIJaeopcyxijsdqw"),
    ("Greek", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονραι", "ABEZHIKMNOPTYXovpai"),
];

/// Letters with marks, and how they are written without.
const PLAIN: [(&str, &str); 14] = [
    ("äæ", "ae"),
    ("öœø", "oe"),
    ("ü", "ue"),
    ("ßẞ", "ss"),
    ("àáâãåāăą", "a"),
    ("çćč", "c"),
    ("ďđð", "d"),
    ("èéêëēęě", "e"),
    ("ìíîïīı", "i"),
    ("łľ", "l"),
    ("ñńň", "n"),
    ("òóôõōő", "o"),
    ("ùúûūůű", "u"),
    ("śšşș", "s"),
];

/// What a letter is, where it is not what it seems.
pub fn odd(letter: char) -> Option<Odd> {
    if letter.is_ascii() {
        return None;
    }
    let (what, meant) = match letter {
        '\u{a0}' => ("a no-break space", Some(' ')),
        '\u{202f}' => ("a narrow no-break space", Some(' ')),
        '\u{3000}' => ("a full-width space", Some(' ')),
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' => {
            ("a space of its own width", Some(' '))
        }
        '\u{200b}' => ("a zero-width space", None),
        '\u{200c}' | '\u{200d}' | '\u{2060}' => ("a joiner of letters", None),
        '\u{feff}' => ("a byte order mark", None),
        '\u{ad}' => ("a soft hyphen", None),
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            ("a mark of the direction of writing", None)
        }
        '\u{2010}' | '\u{2011}' => ("a hyphen of its own", Some('-')),
        '–' => ("an en dash", Some('-')),
        '—' => ("an em dash", Some('-')),
        '−' => ("a minus sign", Some('-')),
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = u32::from(letter) - 0xff01 + u32::from('!');
            ("full-width", char::from_u32(ascii))
        }
        _ => {
            let alike = |(what, theirs, ours): &(&'static str, &str, &str)| {
                let at = theirs.chars().position(|other| other == letter)?;
                Some((*what, ours.chars().nth(at)))
            };
            ALPHABETS.iter().find_map(alike)?
        }
    };
    Some(Odd { letter, meant, what })
}

impl Odd {
    /// Whether it is a letter of another alphabet, which is nothing odd among its like.
    pub fn is_foreign(&self) -> bool {
        self.letter.is_alphabetic() && self.what != "full-width"
    }

    /// What it is, as a sentence.
    pub fn told(&self) -> String {
        let Self { letter, what, .. } = *self;
        let code = format!("U+{:04X}", u32::from(letter));
        match self.meant {
            None => format!("{what} ({code}) stands here, which cannot be seen"),
            Some(' ') => format!("{what} ({code}) stands where a plain one belongs"),
            Some(meant) if self.is_foreign() => {
                format!("`{letter}` is a {what} letter ({code}) that looks like `{meant}`")
            }
            Some(meant) if what == "full-width" => {
                format!("`{letter}` is a full-width `{meant}` ({code})")
            }
            Some(meant) => format!("`{letter}` is {what} ({code}), not a `{meant}`"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self.meant {
            None => "delete it".to_owned(),
            Some(' ') => "delete it and write a plain space".to_owned(),
            Some(meant) => format!("write `{meant}`"),
        }
    }
}

/// The letters of a text that are not what they seem, and their places. One of another alphabet is odd
/// only in a word that could be Latin as a whole.
pub fn odd_letters(text: &str) -> impl Iterator<Item = (usize, Odd)> {
    let mut word = 0;
    text.char_indices().filter_map(move |(at, letter)| {
        if !letter.is_alphanumeric() {
            word = at + letter.len_utf8();
        }
        let odd = odd(letter)?;
        let rest = text.get(word..).unwrap_or_default();
        let mut letters = rest.chars().take_while(|letter| letter.is_alphanumeric());
        let mut looks_latin =
            || letters.all(|letter| letter.is_ascii() || self::odd(letter).is_some());
        (!odd.is_foreign() || looks_latin()).then_some((at, odd))
    })
}

/// A text in small Latin letters, with what has another spelling there in that.
pub fn latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        let plain = PLAIN.iter().find(|(marked, _)| marked.contains(letter));
        match (plain, odd(letter)) {
            (Some((_, plain)), _) => out.push_str(plain),
            (None, Some(odd)) => out.extend(odd.meant.map(|meant| meant.to_ascii_lowercase())),
            (None, None) => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{latin, odd_letters};

    #[test]
    fn what_is_odd_is_called_by_its_name() {
        for (text, told, help) in [
            (
                "a\u{a0}b",
                "a no-break space (U+00A0) stands where a plain one belongs",
                "delete it and write a plain space",
            ),
            (
                "a\u{200b}b",
                "a zero-width space (U+200B) stands here, which cannot be seen",
                "delete it",
            ),
            ("a ＝ b", "`＝` is a full-width `=` (U+FF1D)", "write `=`"),
            ("２", "`２` is a full-width `2` (U+FF12)", "write `2`"),
            ("DЕ", "`Е` is a Cyrillic letter (U+0415) that looks like `E`", "write `E`"),
            ("−5", "`−` is a minus sign (U+2212), not a `-`", "write `-`"),
        ] {
            let (_, odd) = odd_letters(text).next().unwrap_or_else(|| unreachable!("{text}"));
            assert_eq!((odd.told().as_str(), odd.help().as_str()), (told, help));
        }
    }

    #[test]
    fn another_alphabet_among_its_like_is_nothing_odd() {
        for text in ["Москва", "größe", "Ελλάδα", "plain text", "日本"] {
            assert_eq!(odd_letters(text).next(), None, "{text}");
        }
    }

    #[test]
    fn other_spellings_are_plain_letters() {
        for (text, plain) in [("Größe", "groesse"), ("crème", "creme"), ("ｆｉｔ", "fit")] {
            assert_eq!(latin(text), plain);
        }
    }
}
