//! Hex, as OTLP/JSON has trace and span ids.

/// Appends `bytes` in lower-case hex.
pub fn encode(to: &mut Vec<u8>, bytes: &[u8]) {
    let (start, (words, rest)) = (to.len(), bytes.as_chunks::<4>());
    to.resize(start + words.len() * 8, 0);
    for (digits, word) in to[start..].as_chunks_mut::<8>().0.iter_mut().zip(words) {
        *digits = digits_of(*word);
    }
    for byte in rest {
        to.extend_from_slice(&digits_of([0, 0, 0, *byte])[6..]);
    }
}

/// The digits of all four bytes at once: each half of a byte gets a byte of its own in a word, and what makes it a digit.
#[inline]
const fn digits_of(bytes: [u8; 4]) -> [u8; 8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut word = u32::from_be_bytes(bytes) as u64;
    word = (word | word << 16) & 0x0000_ffff_0000_ffff;
    word = (word | word << 8) & 0x00ff_00ff_00ff_00ff;
    word = (word | word << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let letters = (word + 6 * EACH) >> 4 & EACH;
    (word + b'0' as u64 * EACH + letters * (b'a' - b'0' - 10) as u64).to_be_bytes()
}

/// Appends the bytes that `text`, of even length, stands for in either case; or the first character that is no digit.
pub(super) fn decode(to: &mut Vec<u8>, text: &[u8]) -> Result<(), u8> {
    for pair in text.as_chunks::<2>().0 {
        to.push(digit(pair[0])? << 4 | digit(pair[1])?);
    }
    Ok(())
}

const fn digit(text: u8) -> Result<u8, u8> {
    match text {
        b'0'..=b'9' => Ok(text - b'0'),
        b'a'..=b'f' => Ok(text - b'a' + 10),
        b'A'..=b'F' => Ok(text - b'A' + 10),
        _ => Err(text),
    }
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn every_byte_has_its_digits_wherever_it_stands() {
        let bytes: Vec<u8> = (0..=255).collect();
        let expected = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        for start in 0..9 {
            for end in [start, start + 1, 200, 255, 256] {
                let mut out = b"x".to_vec();
                encode(&mut out, &bytes[start..end]);
                assert_eq!(String::from_utf8(out).unwrap(), format!("x{}", &expected[start * 2..end * 2]));
            }
        }
    }
}
