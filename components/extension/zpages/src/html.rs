//! HTML. What is text becomes [`Html`] only by being escaped, so that no page can forget it.

use std::fmt::Display;

/// The looks of all pages.
const STYLE: &str = include_str!("style.css");

/// A piece of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Html(String);

/// Where a page can be left for: path and name.
pub(crate) type Links = Vec<(&'static str, &'static str)>;

impl Html {
    /// Text as it is read.
    pub(crate) fn text(text: impl Display) -> Self {
        let mut html = String::new();
        for c in text.to_string().chars() {
            match c {
                '&' => html += "&amp;",
                '<' => html += "&lt;",
                '>' => html += "&gt;",
                '"' => html += "&quot;",
                '\'' => html += "&#39;",
                c => html.push(c),
            }
        }
        Self(html)
    }

    /// A text that leads elsewhere.
    pub(crate) fn link(to: &str, text: impl Display) -> Self {
        Self(format!("<a href=\"{}\">{}</a>", Self::text(to).0, Self::text(text).0))
    }

    /// A text in a colour of its own: `class` is one of the style's.
    pub(crate) fn badge(class: &'static str, text: impl Display) -> Self {
        Self(format!("<span class=\"badge {class}\">{}</span>", Self::text(text).0))
    }

    /// Pieces one after the other, each in a line of its own where there is no room.
    pub(crate) fn list(items: Vec<Self>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| format!("<li>{}</li>", item.0)).collect();
        if items.is_empty() { Self::text("–") } else { Self(format!("<ul>{}</ul>", items.concat())) }
    }

    /// The same and `other` behind it.
    #[must_use]
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.0 += &other.0;
        self
    }

    /// A heading.
    pub(crate) fn heading(text: impl Display) -> Self {
        Self(format!("<h2>{}</h2>", Self::text(text).0))
    }

    /// A paragraph.
    pub(crate) fn paragraph(text: impl Display) -> Self {
        Self(format!("<p>{}</p>", Self::text(text).0))
    }

    /// Names and what they have. Each cell knows its column's name, for screens where a row is as tall as it has cells.
    pub(crate) fn table(columns: &[&str], rows: Vec<Vec<Self>>) -> Self {
        let head: String =
            columns.iter().map(|c| ["<th scope=\"col\">", &Self::text(c).0, "</th>"].concat()).collect();
        let row = |cells: Vec<Self>| -> String {
            let cells = cells.iter().zip(columns);
            let cells = cells.map(|(cell, column)| {
                format!("<td data-column=\"{}\"><div>{}</div></td>", Self::text(column).0, cell.0)
            });
            format!("<tr>{}</tr>", cells.collect::<String>())
        };
        let body: String = rows.into_iter().map(row).collect();
        Self(format!("<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"))
    }

    /// Pairs of a name and a value.
    pub(crate) fn properties(rows: Vec<(&str, Self)>) -> Self {
        let row = |(name, value): (&str, Self)| {
            format!("<div><dt>{}</dt><dd>{}</dd></div>", Self::text(name).0, value.0)
        };
        Self(format!("<dl>{}</dl>", rows.into_iter().map(row).collect::<String>()))
    }

    /// A whole document at `here`, which is one of `links`.
    pub(crate) fn document(self, collector: &str, title: &str, here: &str, links: &Links) -> String {
        let link = |(path, name): &(&str, &str)| {
            let current = if *path == here { " aria-current=\"page\"" } else { "" };
            format!("<a href=\"{path}\"{current}>{name}</a>")
        };
        let links: String = links.iter().map(link).collect();
        let (collector, title) = (Self::text(collector).0, Self::text(title).0);
        // The icon is nothing, so that browsers do not ask for one.
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">\
             <title>{title} · {collector}</title><style>{STYLE}</style></head>\
             <body><header><strong>{collector}</strong><nav>{links}</nav></header>\
             <main><h1>{title}</h1>{}</main></body></html>\n",
            self.0
        )
    }
}

/// A text as part of an address's query.
pub(crate) fn query(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            byte => {
                encoded.push('%');
                encoded.extend(
                    [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
                );
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        let evil = "<script>alert('&\"')</script>";
        let safe = "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;";
        assert_eq!(Html::text(evil).0, safe);
        let all = Html::link(evil, evil)
            .and(&Html::badge("ok", evil))
            .and(&Html::heading(evil))
            .and(&Html::table(&[evil], vec![vec![Html::text(evil)]]))
            .and(&Html::properties(vec![(evil, Html::text(evil))]))
            .document(evil, evil, "/", &vec![("/", "here")]);
        assert!(!all.contains("<script") && !all.contains("('"), "{all}");
        assert_eq!(all.matches(safe).count(), 13, "{all}");
    }

    #[test]
    fn queries_hold_any_text() {
        assert_eq!(query("traces/a b&c=ü"), "traces%2Fa%20b%26c%3D%C3%BC");
    }
}
