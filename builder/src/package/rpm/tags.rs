//! The numbers that RPM knows things by.

#![allow(missing_docs, reason = "the names are RPM's own, which documents them")]

pub(super) mod header {
    pub(crate) const SIGNATURES: u32 = 62;
    pub(crate) const IMMUTABLE: u32 = 63;
    pub(crate) const LANGUAGES: u32 = 100;
    pub(crate) const NAME: u32 = 1000;
    pub(crate) const VERSION: u32 = 1001;
    pub(crate) const RELEASE: u32 = 1002;
    pub(crate) const SUMMARY: u32 = 1004;
    pub(crate) const DESCRIPTION: u32 = 1005;
    pub(crate) const BUILD_TIME: u32 = 1006;
    pub(crate) const BUILD_HOST: u32 = 1007;
    pub(crate) const SIZE: u32 = 1009;
    pub(crate) const LICENSE: u32 = 1014;
    pub(crate) const PACKAGER: u32 = 1015;
    pub(crate) const GROUP: u32 = 1016;
    pub(crate) const URL: u32 = 1020;
    pub(crate) const OS: u32 = 1021;
    pub(crate) const ARCH: u32 = 1022;
    /// The scripts before and after installing and before and after removing; each has its interpreter at another number.
    pub(crate) const SCRIPTS: [(u32, u32); 4] = [(1023, 1085), (1024, 1086), (1025, 1087), (1026, 1088)];
    pub(crate) const FILE_SIZES: u32 = 1028;
    pub(crate) const FILE_MODES: u32 = 1030;
    pub(crate) const FILE_RDEVS: u32 = 1033;
    pub(crate) const FILE_MTIMES: u32 = 1034;
    pub(crate) const FILE_DIGESTS: u32 = 1035;
    pub(crate) const FILE_LINK_TOS: u32 = 1036;
    pub(crate) const FILE_FLAGS: u32 = 1037;
    pub(crate) const FILE_USERS: u32 = 1039;
    pub(crate) const FILE_GROUPS: u32 = 1040;
    pub(crate) const SOURCE_RPM: u32 = 1044;
    pub(crate) const FILE_VERIFY_FLAGS: u32 = 1045;
    /// Names, then versions, then flags.
    pub(crate) const PROVIDES: [u32; 3] = [1047, 1113, 1112];
    pub(crate) const REQUIRES: [u32; 3] = [1049, 1050, 1048];
    pub(crate) const RECOMMENDS: [u32; 3] = [5046, 5047, 5048];
    pub(crate) const CHANGE_TIMES: u32 = 1080;
    pub(crate) const CHANGE_NAMES: u32 = 1081;
    pub(crate) const CHANGE_TEXTS: u32 = 1082;
    pub(crate) const FILE_DEVICES: u32 = 1095;
    pub(crate) const FILE_INODES: u32 = 1096;
    pub(crate) const FILE_LANGS: u32 = 1097;
    pub(crate) const DIR_INDEXES: u32 = 1116;
    pub(crate) const BASE_NAMES: u32 = 1117;
    pub(crate) const DIR_NAMES: u32 = 1118;
    pub(crate) const PAYLOAD_FORMAT: u32 = 1124;
    pub(crate) const PAYLOAD_COMPRESSOR: u32 = 1125;
    pub(crate) const PAYLOAD_FLAGS: u32 = 1126;
    pub(crate) const FILE_DIGEST_ALGORITHM: u32 = 5011;
    pub(crate) const ENCODING: u32 = 5062;
    pub(crate) const PAYLOAD_DIGEST: u32 = 5092;
    pub(crate) const PAYLOAD_DIGEST_ALGORITHM: u32 = 5093;
    pub(crate) const PAYLOAD_DIGEST_ALT: u32 = 5097;
}

pub(super) mod signature {
    pub(crate) const SHA256: u32 = 273;
    pub(crate) const SIZE: u32 = 1000;
    pub(crate) const PAYLOAD_SIZE: u32 = 1007;
}

/// Flags of a dependency.
pub(super) mod sense {
    pub(crate) const ANY: u32 = 0;
    pub(crate) const LESS_OR_EQUAL: u32 = 1 << 1 | EQUAL;
    pub(crate) const EQUAL: u32 = 1 << 3;
    pub(crate) const INTERPRETER: u32 = 1 << 8;
    pub(crate) const PRE: u32 = 1 << 9;
    pub(crate) const POST: u32 = 1 << 10;
    pub(crate) const PREUN: u32 = 1 << 11;
    pub(crate) const POSTUN: u32 = 1 << 12;
    pub(crate) const RPMLIB: u32 = 1 << 24;
    pub(crate) const CONFIG: u32 = 1 << 28;
}

/// Flags of a file.
pub(super) mod file {
    pub(crate) const CONFIG: u32 = 1;
    pub(crate) const DOC: u32 = 1 << 1;
    pub(crate) const NO_REPLACE: u32 = 1 << 4;
    pub(crate) const LICENSE: u32 = 1 << 7;
}
