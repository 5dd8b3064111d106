//! Calls: how many arguments, of which types.

use slimcol_expreval::{Each, EachItem, Fault, Op, Step};

use super::{Lowering, Scope, fault};
use crate::{
    ast::Node,
    function::{ABSENT, Function, Takes, each, find},
    types::Type,
};

impl Lowering {
    pub(super) fn call(
        &mut self,
        node: &Node,
        name: &str,
        args: &[Node],
        global: bool,
    ) -> Result<(Step, Type), Fault> {
        if let Some(each) = each(name) {
            return self.each(each, name, args);
        }
        let enabled = global || !self.disabled.contains(&name);
        if enabled && ABSENT.contains(&name) {
            return Err(fault(node, format!("{name}() is not supported")));
        }
        let mut ops = Vec::with_capacity(args.len());
        let mut types = Vec::with_capacity(args.len());
        for arg in args {
            let (op, of) = self.node(arg)?;
            ops.push(op);
            types.push(of);
        }
        match find(name).filter(|_| enabled) {
            Some(function) => {
                check(node, function, args, &types)?;
                // Without a method for it: a text that is one stays as it is.
                Ok((Step::Function(function.run, ops), gives(function, &types)))
            }
            None => Ok((Step::Call(name.into(), ops), Type::Unknown)),
        }
    }

    fn each(&mut self, each: Each, name: &str, args: &[Node]) -> Result<(Step, Type), Fault> {
        let mut args = args.iter();
        let Some(list_node) = args.next() else {
            return Err(Fault { message: format!("not enough arguments to call {name}"), at: 0 });
        };
        let (list, of) = self.node(list_node)?;
        if !of.is_list() && of != Type::Unknown {
            return Err(fault(list_node, format!("builtin {name} takes only array (got {of})")));
        }
        let item = if matches!(list.step, Step::Range(_)) { Type::Int } else { Type::Unknown };
        let mut predicate: Option<(Op, Type)> = None;
        if let Some(node) = args.next() {
            self.scopes.push(Scope {
                item,
                index: matches!(each, Each::Map | Each::Reduce),
                acc: each == Each::Reduce,
            });
            let lowered = self.node(node);
            self.scopes.pop();
            let (op, of) = lowered?;
            if each.asks() && !of.maybe(Type::Bool) {
                let message = match of {
                    Type::Nil => "predicate should has one input and one output param".into(),
                    _ => format!("predicate should return boolean (got {of})"),
                };
                return Err(fault(node, message));
            }
            predicate = Some((op, of));
        }
        let mut extra = None;
        if let Some(node) = args.next() {
            let (op, of) = self.node(node)?;
            if each == Each::SortBy && !of.maybe(Type::Text) {
                let message = format!("sortBy order argument must be a string (got {of})");
                return Err(fault(node, message));
            }
            extra = Some(op);
        }
        let gives = match each {
            Each::All | Each::Any | Each::None | Each::One => Type::Bool,
            Each::Filter | Each::Map | Each::SortBy => Type::List,
            // Without a find it is nil, which Go's checker does not say either.
            Each::Count | Each::FindIndex | Each::FindLastIndex => Type::Int,
            Each::Find | Each::FindLast | Each::Sum | Each::Reduce => Type::Unknown,
            Each::GroupBy => Type::Map,
        };
        let predicate = predicate.map(|(op, _)| op);
        Ok((Step::Each(Box::new(EachItem { each, list, predicate, extra })), gives))
    }
}

/// The type of what a function gives for arguments of these types.
fn gives(function: &Function, types: &[Type]) -> Type {
    match function.name {
        "abs" => types[0],
        _ => function.gives,
    }
}

fn check(node: &Node, function: &Function, args: &[Node], types: &[Type]) -> Result<(), Fault> {
    let name = function.name;
    let wanted = function.takes.len();
    // Go tells some functions' arguments by rule, others by type; the words differ.
    let by_rule = function.variadic
        || name == "get"
        || (function.least == wanted
            && matches!(
                function.takes.first(),
                Some(Takes::Sized | Takes::Number | Takes::Numeric | Takes::List | Takes::Map)
            ));
    let got = args.len();
    if got < function.least || (got > wanted && !function.variadic) {
        let message = match (by_rule, got < function.least) {
            (true, _) if name == "concat" => {
                format!("invalid number of arguments (expected at least 1, got {got})")
            }
            (true, _) if !function.variadic => {
                format!("invalid number of arguments (expected {wanted}, got {got})")
            }
            (_, true) => format!("not enough arguments to call {name}"),
            (_, false) => format!("too many arguments to call {name}"),
        };
        return Err(fault(node, message));
    }
    for (index, (arg, of)) in args.iter().zip(types).enumerate() {
        let takes = function.takes[index.min(wanted - 1)];
        if fits(takes, *of) {
            continue;
        }
        if !by_rule || matches!(takes, Takes::Text | Takes::Int) {
            let wanted = match takes {
                Takes::Text => "string",
                Takes::List => "[]interface {}",
                _ => "int",
            };
            let message = match of {
                _ if name == "take" => format!("cannot take {of} elements"),
                Type::Nil => format!("cannot use nil as argument (type {wanted}) to call {name}"),
                _ => format!("cannot use {of} as argument (type {wanted}) to call {name} "),
            };
            return Err(fault(if name == "take" { node } else { arg }, message));
        }
        let message = match name {
            "first" | "last" => format!("cannot get {name} element from {of}"),
            "keys" | "values" => format!("cannot get {name} from {of}"),
            "toPairs" => format!("cannot transform {of} to pairs"),
            "fromPairs" => format!("cannot transform {of} from pairs"),
            "take" => format!("cannot take from {of}"),
            "reverse" | "uniq" | "concat" | "flatten" => format!("cannot {name} {of}"),
            _ => format!("invalid argument for {name} (type {of})"),
        };
        return Err(fault(node, message));
    }
    Ok(())
}

fn fits(takes: Takes, of: Type) -> bool {
    of == Type::Unknown
        || match takes {
            Takes::Any => true,
            Takes::Text => of == Type::Text,
            Takes::Int => of == Type::Int,
            Takes::List => of.is_list(),
            Takes::Map => of == Type::Map,
            Takes::Sized => of.is_list() || matches!(of, Type::Text | Type::Map),
            Takes::Number => of.is_number(),
            Takes::Numeric => of.is_number() || matches!(of, Type::Text | Type::Duration),
        }
}
