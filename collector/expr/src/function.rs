//! The functions of the language: their names, what they take, what they give.

mod data;
mod list;
mod number;
mod text;

use slimcol_config::Duration;
use slimcol_expreval::{Each, Run, Time, Value, text_of};

use crate::types::Type;

/// The function of that name that works item by item.
pub(crate) fn each(name: &str) -> Option<Each> {
    Some(match name {
        "all" => Each::All,
        "any" => Each::Any,
        "none" => Each::None,
        "one" => Each::One,
        "filter" => Each::Filter,
        "map" => Each::Map,
        "count" => Each::Count,
        "sum" => Each::Sum,
        "find" => Each::Find,
        "findIndex" => Each::FindIndex,
        "findLast" => Each::FindLast,
        "findLastIndex" => Each::FindLastIndex,
        "groupBy" => Each::GroupBy,
        "sortBy" => Each::SortBy,
        "reduce" => Each::Reduce,
        _ => return None,
    })
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Any,
    Text,
    Int,
    List,
    Map,
    /// What has a length.
    Sized,
    Number,
    /// A number, or a text that is one.
    Numeric,
}

/// A function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) takes: &'static [Takes],
    /// How many of the parameters must be there.
    pub(crate) least: usize,
    /// Whether the last parameter repeats.
    pub(crate) variadic: bool,
    pub(crate) gives: Type,
    pub(crate) run: Run,
}

const fn function(
    name: &'static str,
    takes: &'static [Takes],
    optional: usize,
    gives: Type,
    run: Run,
) -> Function {
    Function { name, takes, least: takes.len() - optional, variadic: false, gives, run }
}

const fn variadic(name: &'static str, takes: &'static [Takes], gives: Type, run: Run) -> Function {
    Function { name, takes, least: 1, variadic: true, gives, run }
}

use Takes::{Any, Int, List, Map, Number, Numeric, Sized as Length, Text};

static FUNCTIONS: &[Function] = &[
    function("len", &[Length], 0, Type::Int, data::len),
    function("type", &[Any], 0, Type::Text, data::type_of),
    function("get", &[Any, Any], 0, Type::Unknown, data::get),
    function("keys", &[Map], 0, Type::List, data::keys),
    function("values", &[Map], 0, Type::List, data::values),
    function("toPairs", &[Map], 0, Type::List, data::to_pairs),
    function("fromPairs", &[List], 0, Type::Map, data::from_pairs),
    function("toJSON", &[Any], 0, Type::Text, data::to_json),
    function("fromJSON", &[Text], 0, Type::Unknown, data::from_json),
    function("toBase64", &[Text], 0, Type::Text, data::to_base64),
    function("fromBase64", &[Text], 0, Type::Text, data::from_base64),
    function("string", &[Any], 0, Type::Text, text::string),
    function("trim", &[Text, Text], 1, Type::Text, text::trim),
    function("trimPrefix", &[Text, Text], 1, Type::Text, text::trim_prefix),
    function("trimSuffix", &[Text, Text], 1, Type::Text, text::trim_suffix),
    function("upper", &[Text], 0, Type::Text, text::upper),
    function("lower", &[Text], 0, Type::Text, text::lower),
    function("split", &[Text, Text, Int], 1, Type::List, text::split),
    function("splitAfter", &[Text, Text, Int], 1, Type::List, text::split_after),
    function("replace", &[Text, Text, Text, Int], 1, Type::Text, text::replace),
    function("repeat", &[Text, Int], 0, Type::Text, text::repeat),
    function("join", &[List, Text], 1, Type::Text, text::join),
    function("indexOf", &[Text, Text], 0, Type::Int, text::index_of),
    function("lastIndexOf", &[Text, Text], 0, Type::Int, text::last_index_of),
    function("hasPrefix", &[Text, Text], 0, Type::Bool, text::has_prefix),
    function("hasSuffix", &[Text, Text], 0, Type::Bool, text::has_suffix),
    function("int", &[Numeric], 0, Type::Int, number::int),
    function("float", &[Numeric], 0, Type::Float, number::float),
    function("abs", &[Number], 0, Type::Unknown, number::abs),
    function("ceil", &[Number], 0, Type::Float, number::ceil),
    function("floor", &[Number], 0, Type::Float, number::floor),
    function("round", &[Number], 0, Type::Float, number::round),
    variadic("max", &[Any], Type::Unknown, number::max),
    variadic("min", &[Any], Type::Unknown, number::min),
    variadic("mean", &[Any], Type::Float, number::mean),
    variadic("median", &[Any], Type::Float, number::median),
    function("bitand", &[Int, Int], 0, Type::Int, number::bitand),
    function("bitor", &[Int, Int], 0, Type::Int, number::bitor),
    function("bitxor", &[Int, Int], 0, Type::Int, number::bitxor),
    function("bitnand", &[Int, Int], 0, Type::Int, number::bitnand),
    function("bitshl", &[Int, Int], 0, Type::Int, number::bitshl),
    function("bitshr", &[Int, Int], 0, Type::Int, number::bitshr),
    function("bitushr", &[Int, Int], 0, Type::Int, number::bitushr),
    function("bitnot", &[Int], 0, Type::Int, number::bitnot),
    function("first", &[List], 0, Type::Unknown, list::first),
    function("last", &[List], 0, Type::Unknown, list::last),
    function("take", &[List, Int], 0, Type::List, list::take),
    function("reverse", &[List], 0, Type::List, list::reverse),
    function("uniq", &[List], 0, Type::List, list::uniq),
    variadic("concat", &[List], Type::List, list::concat),
    function("flatten", &[List], 0, Type::List, list::flatten),
    function("sort", &[List, Text], 1, Type::List, list::sort),
    function("now", &[], 0, Type::Time, |_, _| Ok(Value::Time(Time::now()))),
    function("duration", &[Text], 0, Type::Duration, |args, _| {
        let text = text_of(&args[0])?;
        Duration::parse(text).map(|duration| Value::Duration(duration.0)).map_err(|why| why.in_full(text))
    }),
];

/// Functions of the Go library that are not here.
pub(crate) const ABSENT: &[&str] = &["date", "timezone"];

/// The function of that name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}
