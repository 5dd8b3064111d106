//! No room left.

use super::*;

#[test]
fn what_does_not_fit_is_refused_and_the_rest_goes_on() {
    let options = Options { max_size: 2000, ..SMALL };
    let mut rig = Rig::new(options);
    let mut kept = Vec::new();
    for i in 0..100 {
        let key = format!("{i:03}");
        match rig.write(vec![set(&key, &[1; 100]), set(&format!("{key}+"), b"")]) {
            Ok(()) => kept.push(key),
            Err(error) => assert_eq!(error.to_string(), "storage is full: max_size is 2000 bytes"),
        }
    }
    assert!((8..20).contains(&kept.len()), "{kept:?}");
    // A group that fits does not suffer from one that does not.
    let outcomes = rig.log().write(&[vec![set("x", &[0; 5000])], vec![delete("000"), delete("000+")]]);
    assert_eq!(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true]);
    rig.reopen(options);
    assert_eq!(rig.log().keys().len(), 2 * kept.len() - 2);
    // Room comes back when things are forgotten.
    for key in &kept {
        rig.write(vec![delete(key), delete(&format!("{key}+"))]).unwrap();
    }
    rig.set("new", &[2; 500]);
    rig.reopen(options);
    assert_eq!(rig.all(), [("new".into(), vec![2; 500].into())]);
}

#[test]
fn without_a_folder_to_write_to_things_are_refused_and_forgotten() {
    let mut rig = Rig::new(SMALL);
    rig.set("a", &[1; 600]);
    rig.set("b", &[2; 600]);
    // What is written next would go to a new segment.
    rig.reopen(SMALL);
    let away = rig.folder.path().with_extension("away");
    fs::rename(rig.folder.path(), &away).unwrap();
    let error = rig.write(vec![set("c", &[3; 600])]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    rig.delete("a");
    assert_eq!(rig.get("a"), None);
    fs::rename(&away, rig.folder.path()).unwrap();
    // The log hears of it with what is written next.
    rig.set("c", &[3; 600]);
    rig.reopen(SMALL);
    assert_eq!(rig.log().keys().len(), 2);
    assert_eq!(rig.get("a"), None);
}
