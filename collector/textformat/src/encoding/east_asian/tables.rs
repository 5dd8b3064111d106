//! What bytes say in these encodings, after the WHATWG's Encoding Standard.

use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, GB18030, GBK, SHIFT_JIS};

use super::{
    super::{Lengths, push},
    EastAsian,
};

/// What reads an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tables(EastAsian);

impl Tables {
    /// Those of an encoding.
    #[expect(clippy::unnecessary_wraps, reason = "without the feature there are none")]
    pub(in super::super) const fn of(encoding: EastAsian) -> Option<Self> {
        Some(Self(encoding))
    }

    /// Appends to `to` what `from` says, and to `lengths` what that took. All is taken but a character that has only begun.
    pub(in super::super) fn decode(self, from: &[u8], to: &mut Vec<u8>, lengths: &mut Lengths) -> usize {
        let mut decoder = self.standard().new_decoder_without_bom_handling();
        let mut taken = 0;
        loop {
            let ascii = from[taken..].iter().take_while(|byte| byte.is_ascii()).count();
            to.extend_from_slice(&from[taken..][..ascii]);
            lengths.push_same(ascii);
            taken += ascii;
            let Some(length) = self.length(&from[taken..]) else { return taken };
            let bytes = &from[taken..][..usize::from(length)];
            // Some characters of Big5 are two of Unicode.
            let mut text = [0; 16];
            let (result, _, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut text, false);
            let before = to.len();
            if result == DecoderResult::InputEmpty && written > 0 {
                to.extend_from_slice(&text[..written]);
            } else {
                push(to, char::REPLACEMENT_CHARACTER);
                decoder = self.standard().new_decoder_without_bom_handling();
            }
            lengths.push(length, to.len() - before);
            taken += usize::from(length);
        }
    }

    fn standard(self) -> &'static encoding_rs::Encoding {
        match self.0 {
            EastAsian::Big5 => BIG5,
            EastAsian::EucKr => EUC_KR,
            EastAsian::EucJp => EUC_JP,
            EastAsian::ShiftJis => SHIFT_JIS,
            EastAsian::Gbk => GBK,
            EastAsian::Gb18030 => GB18030,
        }
    }

    /// How many bytes the character at the beginning is, or what is none. Nothing if not all of it is there.
    fn length(self, from: &[u8]) -> Option<u8> {
        let &lead = from.first()?;
        let single = match self.0 {
            EastAsian::ShiftJis => matches!(lead, 0xa0..=0xdf | 0xfd..),
            EastAsian::EucJp => matches!(lead, 0x81..=0x8d | 0x90..=0xa0),
            _ => false,
        };
        let length = match self.0 {
            _ if single || matches!(lead, 0..=0x80 | 0xff) => 1,
            EastAsian::EucJp if lead == 0x8f => 3,
            EastAsian::Gbk | EastAsian::Gb18030 if from.get(1)?.is_ascii_digit() => 4,
            _ => 2,
        };
        let others = from.iter().skip(1).take(usize::from(length) - 1);
        // No character has such a byte in it: what began is none, and the end of a line must not wait for what follows.
        if others.clone().any(|byte| *byte < b'0') {
            return Some(1);
        }
        (others.count() == usize::from(length) - 1).then_some(length)
    }
}
