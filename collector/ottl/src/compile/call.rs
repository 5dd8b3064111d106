//! Calls: arguments in the places of their parameters, each as its parameter takes it.

use slimcol_ottleval::{
    Expression,
    function::{Argument, Call, Function, Item, Parameter, Ready, Takes},
    functions::camel,
};

use super::Compiler;
use crate::{
    ast::{self, ArgumentValue},
    place::Error,
};

impl Compiler<'_> {
    pub(super) fn converter(&self, tree: &ast::Call) -> Result<Expression, Error> {
        Ok(Expression::Call(self.call(tree)?, self.keys(&tree.keys, tree.at)?))
    }

    pub(super) fn call(&self, tree: &ast::Call) -> Result<Call, Error> {
        let name = &tree.name;
        let undefined = || {
            if let Some(why) = self.scope.functions.absent(name) {
                return self.error(tree.at, format!("undefined function {name:?}: {why}"));
            }
            let near = self.nearest(name);
            let hint = near.map_or_else(String::new, |near| format!(", did you mean {near:?}?"));
            self.error(tree.at, format!("undefined function {name:?}{hint}"))
        };
        let function = self.scope.functions.find(name).ok_or_else(undefined)?;
        let arguments = self.arguments(function, tree)?;
        let mut call = Call { function, arguments, ready: Ready::Nothing };
        call.ready = (function.prepare)(&call)
            .map_err(|text| self.error(tree.at, format!("couldn't create function: {text}")))?;
        Ok(call)
    }

    /// The function whose name differs from `name` in case or underscores only.
    fn nearest(&self, name: &str) -> Option<&'static str> {
        let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
        let wanted = plain(name);
        self.scope.functions.all().map(|function| function.name).find(|own| plain(own) == wanted)
    }

    fn arguments(
        &self,
        function: &'static Function,
        tree: &ast::Call,
    ) -> Result<Box<[Option<Argument>]>, Error> {
        let name = function.name;
        let parameters = function.parameters;
        let wrong = |at, text: String| {
            self.error(at, format!("error while parsing arguments for call to {name:?}: {text}"))
        };
        let mut named = false;
        for argument in &tree.arguments {
            if named && argument.name.is_none() {
                return Err(wrong(argument.at, "unnamed argument used after named argument".to_owned()));
            }
            named |= argument.name.is_some();
        }
        let required = parameters.iter().filter(|parameter| !parameter.optional).count();
        let (given, most) = (tree.arguments.len(), parameters.len());
        if !(required..=most).contains(&given) {
            let text = format!("incorrect number of arguments. Expected: {most} Received: {given}");
            return Err(wrong(tree.at, text));
        }
        let mut found: Vec<Option<Argument>> = parameters.iter().map(|_| None).collect();
        for (at, argument) in tree.arguments.iter().enumerate() {
            let place = match &argument.name {
                None => at,
                // Go's documents write `endIndex` where its code has `end_index`, and it takes both.
                Some(name) => parameters
                    .iter()
                    .position(|parameter| parameter.name == name || camel(parameter.name) == camel(name))
                    .ok_or_else(|| wrong(argument.at, format!("no such parameter: {name}")))?,
            };
            let invalid = |text| wrong(argument.at, format!("invalid argument at position {at}: {text}"));
            found[place] = Some(self.argument(&parameters[place], &argument.value, &invalid)?);
        }
        let missing =
            parameters.iter().zip(&found).find(|(parameter, own)| !parameter.optional && own.is_none());
        match missing {
            Some((parameter, _)) => {
                Err(wrong(tree.at, format!("missing value for the required parameter {}", parameter.name)))
            }
            None => Ok(found.into()),
        }
    }

    fn argument(
        &self,
        parameter: &Parameter,
        given: &ArgumentValue,
        invalid: &dyn Fn(String) -> Error,
    ) -> Result<Argument, Error> {
        let takes = parameter.takes;
        if takes == Takes::Function {
            let (ArgumentValue::Function(name) | ArgumentValue::Value(ast::Value::Enum(_, name))) = given
            else {
                return Err(invalid("invalid function name given".to_owned()));
            };
            let function = self.scope.functions.find(name);
            let function = function.ok_or_else(|| invalid(format!("undefined function {name}")))?;
            return Ok(Argument::Function(function));
        }
        if takes == Takes::Lambda {
            let ArgumentValue::Value(ast::Value::Lambda(at, tree)) = given else {
                return Err(invalid("must be a lambda expression".to_owned()));
            };
            return Ok(Argument::Lambda(Box::new(self.lambda(*at, tree)?)));
        }
        let ArgumentValue::Value(value) = given else {
            return Err(invalid("a function's name is not expected here".to_owned()));
        };
        if let Some((item, what)) = takes.item() {
            let ast::Value::List(values) = value else {
                return Err(invalid(format!("must be a list of type {what}")));
            };
            let items = values.iter().enumerate().map(|(at, value)| {
                let within =
                    |text| invalid(format!("error while parsing list argument at index {at}: {text}"));
                self.item(item, value, &within).map(Item)
            });
            return Ok(Argument::List(items.collect::<Result<_, _>>()?));
        }
        match (takes, value) {
            (Takes::Place | Takes::MapPlace | Takes::ListPlace, ast::Value::Math(ast::Math::Path(path))) => {
                Ok(Argument::Place(self.place(path)?))
            }
            (Takes::Place | Takes::MapPlace | Takes::ListPlace, _) => {
                Err(invalid("must be a path".to_owned()))
            }
            _ => Ok(Argument::Expression(self.item(takes, value, invalid)?)),
        }
    }

    fn item(
        &self,
        takes: Takes,
        value: &ast::Value,
        invalid: &dyn Fn(String) -> Error,
    ) -> Result<Expression, Error> {
        let fits = match takes {
            Takes::LiteralText => (matches!(value, ast::Value::Str(_)), "must be a string"),
            Takes::LiteralBool => (matches!(value, ast::Value::Boolean(_)), "must be a bool"),
            // A sign makes arithmetic of a number, in Go too.
            Takes::LiteralInt => (matches!(value, ast::Value::Math(ast::Math::Int(_))), "must be an int"),
            Takes::LiteralNumber => (
                matches!(value, ast::Value::Math(ast::Math::Int(_) | ast::Math::Float(_))),
                "must be a float",
            ),
            _ => (true, ""),
        };
        if !fits.0 {
            return Err(invalid(fits.1.to_owned()));
        }
        let expression = self.value(value)?;
        if let Some(literal) = expression.literal() {
            takes.refuse(literal).map_err(|fault| invalid(fault.to_string()))?;
        }
        Ok(expression)
    }
}
