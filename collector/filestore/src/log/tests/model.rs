//! Any operations, any damage.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*};

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Write(Vec<(u8, Option<u16>)>),
    Reopen,
    Compact,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let change = (0..12_u8, proptest::option::weighted(0.6, 0..400_u16));
    let step = prop_oneof![
        8 => vec(change, 0..4).prop_map(Step::Write),
        1 => Just(Step::Reopen),
        1 => Just(Step::Compact),
    ];
    vec(step, 0..60)
}

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// Each value that a key ever had.
type History = BTreeSet<(Vec<u8>, Vec<u8>)>;

/// Does the steps and keeps a map beside; each value that a key ever had, and what was kept after each write.
fn perform(rig: &mut Rig, steps: &[Step]) -> (Model, History) {
    let (mut model, mut history) = (Model::new(), BTreeSet::new());
    for (turn, step) in steps.iter().enumerate() {
        match step {
            Step::Reopen => rig.reopen(SMALL),
            Step::Compact => rig.log().compact().unwrap(),
            Step::Write(changes) => {
                let changes = changes.iter().map(|(key, len)| {
                    let name = format!("k{key}");
                    let Some(len) = len else {
                        model.remove(name.as_bytes());
                        return delete(&name);
                    };
                    let value: Vec<u8> =
                        (0..*len).map(|i| (usize::from(i) * 7 + turn).to_le_bytes()[0]).collect();
                    history.insert((name.clone().into_bytes(), value.clone()));
                    let change = set(&name, &value);
                    model.insert(name.into_bytes(), value);
                    change
                });
                rig.write(changes.collect()).unwrap();
            }
        }
    }
    (model, history)
}

fn kept(rig: &Rig) -> Model {
    rig.all().into_iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_a_map(steps in steps()) {
        let mut rig = Rig::new(SMALL);
        let (model, _) = perform(&mut rig, &steps);
        prop_assert_eq!(&kept(&rig), &model);
        rig.reopen(SMALL);
        prop_assert_eq!(&kept(&rig), &model);
        prop_assert_eq!(rig.found(), []);
    }

    /// The file that was written last ends anywhere: everything is as it was after some write.
    #[test]
    fn a_cut_end_is_an_earlier_state(
        writes in vec(vec((0..12_u8, proptest::option::weighted(0.6, 0..400_u16)), 1..4), 1..20), at in any::<prop::sample::Index>()
    ) {
        let one = Options::default();
        let mut rig = Rig::new(one);
        let mut states = vec![Model::new()];
        let mut model = Model::new();
        for changes in writes {
            let changes: Vec<_> = changes.iter().map(|(key, len)| {
                let name = format!("k{key}");
                match len {
                    None => {
                        model.remove(name.as_bytes());
                        delete(&name)
                    }
                    Some(len) => {
                        let value = vec![*key ^ len.to_le_bytes()[0]; (*len).into()];
                        model.insert(name.clone().into_bytes(), value.clone());
                        set(&name, &value)
                    }
                }
            }).collect();
            rig.write(changes).unwrap();
            states.push(model.clone());
        }
        rig.log = None;
        let file = rig.files().remove(0);
        let cut = at.index(fs::read(&file).unwrap().len());
        fs::File::options().write(true).open(&file).unwrap().set_len(cut as u64).unwrap();
        rig.reopen(one);
        let now = kept(&rig);
        prop_assert!(states.contains(&now));
    }

    /// Any bits of any file are turned: nothing panics, and no value is one that was never there.
    #[test]
    fn damage_never_makes_a_value(
        steps in steps(), flips in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..8), 1..6)
    ) {
        let mut rig = Rig::new(SMALL);
        let (model, history) = perform(&mut rig, &steps);
        rig.log = None;
        let files = rig.files();
        prop_assume!(!files.is_empty());
        let mut touched = BTreeSet::new();
        for (file, at, bit) in flips {
            let file = file.get(&files);
            let mut bytes = fs::read(file).unwrap();
            if bytes.is_empty() {
                continue;
            }
            let at = at.index(bytes.len());
            bytes[at] ^= 1_u8 << bit;
            fs::write(file, bytes).unwrap();
            touched.insert(file.clone());
        }
        rig.reopen(SMALL);
        let now = kept(&rig);
        for (key, value) in &now {
            prop_assert!(history.contains(&(key.clone(), value.clone())));
        }
        if rig.found().is_empty() {
            // Only beginnings were hit, or bits were turned back.
            prop_assert_eq!(&now, &model);
        }
        // It goes on from there.
        rig.set("new", b"value");
        rig.reopen(SMALL);
        prop_assert_eq!(rig.get("new").unwrap(), "value");
    }
}
