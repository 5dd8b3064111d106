//! The items of a module, as far as they can be a factory.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::{UseTree, Visibility, parse::Parse as _};

/// An item that gives a module's user the name that is looked for.
pub(super) struct Export {
    /// Where its name is written.
    pub(super) span: Span,
    /// Whether other crates see it.
    pub(super) is_public: bool,
    /// What it is.
    pub(super) what: Exported,
}

/// What a name stands for.
pub(super) enum Exported {
    /// A static or a constant of type `Factory`; `makes` is the word of `Factory::word` that it begins with.
    Factory { makes: Option<String> },
    /// Something else, in words.
    NoFactory(&'static str),
    /// What is called `name` in the module at `path`.
    Elsewhere { path: Vec<String>, name: String },
}

/// Items longer than this are not read as a `use`: nobody writes them, and reading them takes recursion.
const LONGEST: usize = 512;

/// The item of a module that gives `name`.
pub(super) fn find(module: &[TokenTree], name: &str) -> Option<Export> {
    items(module).find_map(|item| constant(item, name).or_else(|| import(item, name)))
}

/// Where a module's content is.
pub(super) enum Body {
    /// Right there.
    Here(TokenStream),
    /// In a file of its own.
    File,
}

/// The module `name` of a module.
pub(super) fn module(module: &[TokenTree], name: &str) -> Option<Body> {
    items(module).find_map(|item| {
        let (_, _, rest) = visibility(item);
        match rest {
            [TokenTree::Ident(word), TokenTree::Ident(found), end, ..] if word == "mod" && found == name => {
                match end {
                    TokenTree::Group(body) => Some(Body::Here(body.stream())),
                    _ => Some(Body::File),
                }
            }
            _ => None,
        }
    })
}

/// The items of a module without their attributes: what ends with a semicolon or with braces. What is only for tests is no
/// item. `const X: T = T { … };` comes in two, of which the first is all that counts.
fn items(module: &[TokenTree]) -> impl Iterator<Item = &[TokenTree]> {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    module.split_inclusive(ends).filter_map(|mut item| {
        let mut is_test = false;
        loop {
            item = match item {
                [TokenTree::Punct(hash), TokenTree::Group(attribute), rest @ ..] if hash.as_char() == '#' => {
                    is_test |= attribute.stream().to_string().replace(' ', "") == "cfg(test)";
                    rest
                }
                [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(_), rest @ ..]
                    if hash.as_char() == '#' && bang.as_char() == '!' =>
                {
                    rest
                }
                _ => return (!is_test).then_some(item),
            };
        }
    })
}

/// Whether an item is seen anywhere, whether it is seen by more than its own module, and what follows.
fn visibility(item: &[TokenTree]) -> (bool, bool, &[TokenTree]) {
    match item {
        [TokenTree::Ident(word), TokenTree::Group(_), rest @ ..] if word == "pub" => (false, true, rest),
        [TokenTree::Ident(word), rest @ ..] if word == "pub" => (true, true, rest),
        _ => (false, false, item),
    }
}

/// `pub static NAME: path::Factory = Factory::kind…`, or a constant.
fn constant(item: &[TokenTree], name: &str) -> Option<Export> {
    let (is_public, _, rest) = visibility(item);
    let [TokenTree::Ident(word), TokenTree::Ident(found), rest @ ..] = rest else { return None };
    if found != name {
        return None;
    }
    let export = |what| Some(Export { span: found.span(), is_public, what });
    match word.to_string().as_str() {
        "static" | "const" => {}
        "fn" => return export(Exported::NoFactory("a function")),
        _ => return export(Exported::NoFactory("no static")),
    }
    let is =
        |token: &TokenTree, sign: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign);
    let mut halves = rest.splitn(2, |token| is(token, '='));
    let (ty, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    let path = ty.iter().skip(1).all(|token| matches!(token, TokenTree::Ident(_)) || is(token, ':'));
    let is_factory = path && matches!(ty.last(), Some(TokenTree::Ident(last)) if last == "Factory");
    if !is_factory {
        return export(Exported::NoFactory("of another type"));
    }
    let words = value.iter().take_while(|token| matches!(token, TokenTree::Ident(_)) || is(token, ':'));
    let words: Vec<String> =
        words.filter(|token| matches!(token, TokenTree::Ident(_))).map(ToString::to_string).collect();
    let makes = words.iter().rposition(|word| word == "Factory").and_then(|at| words.get(at + 1).cloned());
    export(Exported::Factory { makes })
}

/// `pub use path::NAME`, also renamed and in braces.
fn import(item: &[TokenTree], name: &str) -> Option<Export> {
    let (_, _, rest) = visibility(item);
    if item.len() > LONGEST || !matches!(rest.first(), Some(TokenTree::Ident(word)) if word == "use") {
        return None;
    }
    let mut tokens: Vec<TokenTree> = item.to_vec();
    if !matches!(tokens.last(), Some(TokenTree::Punct(_))) {
        tokens.push(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone).into());
    }
    let stream: TokenStream = tokens.into_iter().collect();
    if flat(stream.clone()) > LONGEST {
        return None;
    }
    let import = syn::parse::Parser::parse2(syn::ItemUse::parse, stream).ok()?;
    let mut path = Vec::new();
    let (span, original) = named(&import.tree, name, &mut path)?;
    let is_public = matches!(import.vis, Visibility::Public(_));
    Some(Export { span, is_public, what: Exported::Elsewhere { path, name: original } })
}

/// How many tokens there are, those in brackets too, up to a little more than count.
fn flat(stream: TokenStream) -> usize {
    let mut open: Vec<TokenTree> = stream.into_iter().collect();
    let mut count = 0;
    while let Some(token) = open.pop() {
        count += 1;
        if count > LONGEST {
            break;
        }
        if let TokenTree::Group(group) = token {
            open.extend(group.stream());
        }
    }
    count
}

/// The leaf of `tree` that brings `name`: where it is and what it is called where it comes from, which is at `path`.
fn named(tree: &UseTree, name: &str, path: &mut Vec<String>) -> Option<(Span, String)> {
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            let found = named(&inner.tree, name, path);
            if found.is_none() {
                path.pop();
            }
            found
        }
        UseTree::Name(leaf) => (leaf.ident == name).then(|| (leaf.ident.span(), name.to_owned())),
        UseTree::Rename(leaf) => (leaf.rename == name).then(|| (leaf.rename.span(), leaf.ident.to_string())),
        UseTree::Group(group) => group.items.iter().find_map(|tree| named(tree, name, path)),
        UseTree::Glob(_) => None,
    }
}
