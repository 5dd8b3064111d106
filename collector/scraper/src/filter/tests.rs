use slimcol_config::{NoSettings, Settings, from_yaml};

use super::*;

struct Disks(Filters);

impl Settings for Disks {
    fn read(from: &mut Section<'_>) -> Self {
        Self(Filters::read(from, "include", "exclude", "devices"))
    }
}

#[test]
fn names_are_taken_in_and_left_out() {
    for (yaml, admitted) in [
        ("", "sda sdb loop0"),
        ("include: {devices: [sda, loop0], match_type: strict}", "sda loop0"),
        ("exclude: {devices: ['^loop', b], match_type: regexp}", "sda"),
        (
            "{include: {devices: [sd], match_type: regexp}, exclude: {devices: [sdb], match_type: strict}}",
            "sda",
        ),
        ("include: {devices: []}", "sda sdb loop0"),
        (
            "include: {devices: [s], match_type: regexp, regexp: {cacheenabled: true, cachemaxnumentries: 9}}",
            "sda sdb",
        ),
    ] {
        let Disks(filters) = from_yaml(yaml).unwrap();
        let names: Vec<_> = ["sda", "sdb", "loop0"].into_iter().filter(|name| filters.admit(name)).collect();
        assert_eq!(names.join(" "), admitted, "{yaml}");
    }
}

#[test]
fn mistakes_are_named() {
    for (yaml, message) in [
        ("include: {devices: [a]}", "unrecognized match_type: '', valid types are: [regexp strict]"),
        (
            "exclude: {devices: [a], match_type: glob}",
            "unrecognized match_type: 'glob', valid types are: [regexp strict]",
        ),
        ("include: {devices: ['a('], match_type: regexp}", "error parsing regexp: "),
    ] {
        let error = from_yaml::<Disks>(yaml).map(|_| NoSettings).unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
