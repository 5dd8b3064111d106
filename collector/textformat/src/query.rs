//! Queries, as Go's `url.ParseQuery` reads them.

/// The parameters of a query, each with all its values.
pub type Parameters = Vec<(String, Vec<String>)>;

/// The parameters, and what is wrong with those that are left out.
pub fn read(query: &str) -> (Parameters, Option<String>) {
    let mut error = None;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        if part.contains(';') {
            error = Some("invalid semicolon separator in query".into());
            continue;
        }
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match (unescaped(name, true), unescaped(value, true)) {
            (Ok(name), Ok(value)) => pairs.push((name, value)),
            (Err(fault), _) | (_, Err(fault)) => error = error.or(Some(fault)),
        }
    }
    // Sorted by name the values of a name are together, in their order; it keeps the place of its first value.
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    slimcol_order::sort_by(&mut order, |a, b| pairs[*a].0.cmp(&pairs[*b].0));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in order {
        match groups.last_mut() {
            Some(group) if pairs[group[0]].0 == pairs[at].0 => group.push(at),
            _ => groups.push(vec![at]),
        }
    }
    slimcol_order::sort_by_key(&mut groups, |group| group[0]);
    let mut take = |group: Vec<usize>| {
        let name = std::mem::take(&mut pairs[group[0]].0);
        (name, group.into_iter().map(|at| std::mem::take(&mut pairs[at].1)).collect())
    };
    (groups.into_iter().map(&mut take).collect(), error)
}

/// A text without its escapes; in queries a plus is a space.
pub(crate) fn unescaped(text: &str, query: bool) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        match first {
            b'%' => {
                let digit = |at: usize| others.get(at).and_then(|b| char::from(*b).to_digit(16));
                let (Some(high), Some(low)) = (digit(0), digit(1)) else {
                    let shown = String::from_utf8_lossy(&others[..others.len().min(2)]).into_owned();
                    return Err(format!("invalid URL escape {:?}", format!("%{shown}")));
                };
                bytes.push(u8::try_from(high << 4 | low).unwrap_or_default());
                rest = &others[2..];
            }
            b'+' if query => bytes.push(b' '),
            other => bytes.push(*other),
        }
    }
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}
