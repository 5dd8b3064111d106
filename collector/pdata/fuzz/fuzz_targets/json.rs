//! JSON that was taken is written as JSON that reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slimcol_pdata::{Data, Signal};

fuzz_target!(|input: &[u8]| {
    let Some((first, text)) = input.split_first() else { return };
    let signal = Signal::ALL[usize::from(first % 3)];
    let Ok(data) = Data::from_json(signal, text) else { return };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    data.write_json(&mut first);
    let again = Data::from_json(signal, &first).expect("what was written can be read");
    again.write_json(&mut second);
    assert_eq!(first, second);
    assert_eq!(data.items(), again.items());
});
