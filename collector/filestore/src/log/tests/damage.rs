//! Files that are not as they were written.

use super::*;

/// A log of one segment with ten values of a hundred bytes, closed.
fn ten() -> Rig {
    let mut rig = Rig::new(Options::default());
    for i in 0..10_u8 {
        rig.set(&format!("{i}"), &[i; 100]);
    }
    rig.log = None;
    rig
}

fn keys(rig: &Rig) -> String {
    rig.all().iter().map(|(key, _)| std::str::from_utf8(key).unwrap().to_owned()).collect()
}

#[test]
fn an_unfinished_end_is_cut_off_and_said_once() {
    let mut rig = ten();
    let file = rig.files().remove(0);
    let whole = len(&file);
    fs::File::options().write(true).open(&file).unwrap().set_len(whole - 1).unwrap();
    rig.reopen(Options::default());
    assert_eq!(keys(&rig), "012345678");
    let Finding::Unfinished { file: said, at, bytes } = rig.found().remove(0) else {
        panic!("not unfinished")
    };
    assert_eq!((said, at + bytes), (file, whole - 1));
    rig.set("9", b"again");
    rig.reopen(Options::default());
    assert_eq!(keys(&rig), "0123456789");
    assert_eq!(rig.found(), []);
}

#[test]
fn damage_in_the_middle_costs_what_is_damaged() {
    let mut rig = ten();
    let file = rig.files().remove(0);
    let mut bytes = fs::read(&file).unwrap();
    let record = (bytes.len() - record::FIRST) / 10;
    // In the value of the fourth and in the head of the seventh.
    bytes[record::FIRST + 3 * record + 100] ^= 1;
    bytes[record::FIRST + 6 * record + 5] ^= 1;
    fs::write(&file, bytes).unwrap();
    rig.reopen(Options::default());
    assert_eq!(keys(&rig), "01245789");
    let at = (record::FIRST + 3 * record) as u64;
    assert_eq!(rig.found(), [Finding::Damaged { file, at, bytes: 2 * record as u64 }]);
}

#[test]
fn a_damaged_beginning_has_a_twin() {
    for at in [0, 10, 17, 25, 39] {
        let mut rig = ten();
        let file = rig.files().remove(0);
        let mut bytes = fs::read(&file).unwrap();
        bytes[at] ^= 0x80;
        fs::write(&file, bytes).unwrap();
        rig.reopen(Options::default());
        assert_eq!(keys(&rig), "0123456789", "{at}");
    }
}

#[test]
fn a_value_that_is_damaged_later_is_no_value() {
    let rig = Rig::new(Options::default());
    rig.set("a", &[1; 100]);
    let file = rig.files().remove(0);
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, bytes).unwrap();
    let error = rig.log().get(b"a").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(error.to_string().ends_with("100 bytes at 64 are damaged"), "{error}");
}

#[test]
fn what_looks_like_a_record_is_none() {
    let mut rig = ten();
    let file = rig.files().remove(0);
    let whole = fs::read(&file).unwrap();
    // A value that is a segment, in a record whose head is damaged so that the search for the next one passes through it.
    rig.reopen(Options::default());
    for i in 0..10 {
        rig.delete(&format!("{i}"));
    }
    rig.set("copy", &whole);
    rig.set("end", b"");
    rig.log = None;
    let file = rig.files().pop().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let copied = bytes.windows(4).position(|four| four == b"copy").unwrap();
    bytes[copied] ^= 1;
    fs::write(&file, bytes).unwrap();
    rig.reopen(Options::default());
    assert_eq!(keys(&rig), "end");
    assert_eq!(rig.found().len(), 1);
}

#[test]
fn foreign_files_are_left_alone() {
    let mut rig = ten();
    fs::write(rig.folder.path().join("notes.txt"), "mine").unwrap();
    fs::write(rig.folder.path().join("0000000009.log"), "not a segment").unwrap();
    rig.reopen(Options::default());
    assert_eq!(keys(&rig), "0123456789");
    assert!(matches!(rig.found()[..], [Finding::Unfinished { at: 0, bytes: 13, .. }]));
    assert_eq!(fs::read_to_string(rig.folder.path().join("notes.txt")).unwrap(), "mine");
}
