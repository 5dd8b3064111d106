//! The numbers of OTLP's fields, by message and name: `Span::attributes` is 9.

macro_rules! numbers { ($($message:ident $read:ident
    { $($n:literal $field:ident $kind:ident $(($t:ident))? $(@ $mark:ident)?)* })*) => { $(
    #[doc = concat!("The fields of a `", stringify!($message), "`.")]
    #[allow(non_snake_case, non_upper_case_globals, missing_docs, reason = "named as the schema names them")]
    pub mod $message { $( pub const $field: u32 = $n; )* }
)* } }

super::otlp!(numbers);
