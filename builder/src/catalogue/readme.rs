//! A component's README as HTML, for a page that stands alone.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// The README without its title. Links within the source tree lead nowhere from a page that stands alone, so they are plain
/// text, and HTML in it is shown as written.
pub(super) fn html_of(readme: &str) -> String {
    let parser = Parser::new_ext(readme, Options::ENABLE_TABLES);
    let mut title = false;
    let mut links: Vec<bool> = Vec::new();
    let events = parser.filter_map(|event| match event {
        Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H1, .. }) => {
            title = true;
            None
        }
        Event::End(TagEnd::Heading(pulldown_cmark::HeadingLevel::H1)) => {
            title = false;
            None
        }
        _ if title => None,
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let outside = dest_url.starts_with("https://");
            links.push(outside);
            outside.then_some(event)
        }
        Event::End(TagEnd::Link) => links.pop().unwrap_or(false).then_some(event),
        Event::Start(Tag::Image { .. } | Tag::HtmlBlock) | Event::End(TagEnd::Image | TagEnd::HtmlBlock) => {
            None
        }
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        event => Some(event),
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_becomes_a_part_of_a_page() {
        for (readme, expected) in [
            ("# `otlp` *receiver*\n\nTakes <b>it</b>.\n", "<p>Takes &lt;b&gt;it&lt;/b&gt;.</p>\n"),
            ("[a](../b.md) [c](https://d)\n", "<p>a <a href=\"https://d\">c</a></p>\n"),
            ("<script>x</script>\n", "&lt;script&gt;x&lt;/script&gt;\n"),
            (
                "| key |\n|---|\n| `a` |\n",
                "<table><thead><tr><th>key</th></tr></thead><tbody>\n<tr><td><code>a</code></td></tr>\n</tbody></table>\n",
            ),
        ] {
            assert_eq!(html_of(readme), expected);
        }
    }
}
