use super::*;

fn config(max_days: i64, max_backups: i64) -> Rotation {
    Rotation { max_megabytes: 1, max_days, max_backups }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_full_file_is_put_aside_under_the_time() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sub/data.json");
    let mut output = Rotated::new(&path, &config(0, 2));
    let record = vec![b'x'; 600 << 10];
    for _ in 0..5 {
        output.write(&record).unwrap();
    }
    let names = names(path.parent().unwrap());
    // Five files of one record each: the current one and the two newest of four.
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[2], "data.json");
    for name in &names[..2] {
        let time = name.strip_prefix("data-").unwrap().strip_suffix(".json").unwrap();
        assert!(is_timestamp(time), "{name}");
    }
    assert_eq!(fs::metadata(&path).unwrap().len(), 600 << 10);
}

#[test]
fn a_file_that_is_there_is_continued() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    fs::write(&path, "old\n").unwrap();
    Rotated::new(&path, &config(0, 0)).write(b"new\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "old\nnew\n");
    assert_eq!(names(dir.path()), ["data"]);
}

#[test]
fn too_large_a_record_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let error =
        Rotated::new(&dir.path().join("data"), &config(0, 0)).write(&vec![0; (1 << 20) + 1]).unwrap_err();
    assert_eq!(error.to_string(), "write length 1048577 exceeds maximum file size 1048576");
}

#[test]
fn only_backups_of_this_file_are_cleaned_up() {
    let dir = tempfile::tempdir().unwrap();
    let old = [
        "data-2020-01-01T00-00-00.000.json",
        "data-2020-01-02T00-00-00.000-size.json",
        "data-2020-01-01T00-00-00.json",
        "data-2020-01-01T00-00-00.000.txt",
        "other-2020-01-01T00-00-00.000.json",
        "data-x020-01-01T00-00-00.000.json",
    ];
    for name in old {
        fs::write(dir.path().join(name), "").unwrap();
    }
    let output = Rotated::new(&dir.path().join("data.json"), &config(1, 0));
    output.clean_up(SystemTime::now());
    assert_eq!(
        names(dir.path()),
        [
            "data-2020-01-01T00-00-00.000.txt",
            "data-2020-01-01T00-00-00.json",
            "data-x020-01-01T00-00-00.000.json",
            "other-2020-01-01T00-00-00.000.json",
        ]
    );
}

#[test]
fn two_rotations_in_one_millisecond_do_not_overwrite() {
    let dir = tempfile::tempdir().unwrap();
    let output = Rotated::new(&dir.path().join("data.json"), &config(0, 0));
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_663_131_734_173);
    let first = output.backup(now);
    assert_eq!(first.file_name().unwrap(), "data-2022-09-14T05-02-14.173.json");
    fs::write(&first, "").unwrap();
    assert_eq!(output.backup(now).file_name().unwrap(), "data-2022-09-14T05-02-14.174.json");
}
