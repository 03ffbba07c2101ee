//! Exclusive XML Canonicalization 1.0 without comments (W3C), of one element of a tree.

use super::tree::{Element, Node, resolve};

/// The canonical bytes of `apex`. `inclusive` is the `PrefixList` of `InclusiveNamespaces`, with
/// `#default` for the default namespace. With `without`, the child of that place is left out: what
/// the transform *enveloped signature* does.
pub(super) fn canonical(apex: &Element, inclusive: &[&str], without: Option<usize>) -> String {
    let mut writer = Writer {
        out: String::with_capacity(4_096),
        rendered: Vec::new(),
        inclusive,
    };
    writer.element(apex, without);
    writer.out
}

struct Writer<'e> {
    out: String,
    /// Namespace declarations that output ancestors carry, the innermost last.
    rendered: Vec<(&'e str, &'e str)>,
    inclusive: &'e [&'e str],
}

impl<'e> Writer<'e> {
    /// As deep as the tree may be.
    fn element(&mut self, element: &'e Element, without: Option<usize>) {
        let outer = self.rendered.len();
        self.out.push('<');
        self.name(&element.prefix, &element.name);
        self.declarations(element);
        let mut attributes: Vec<_> = element.attributes.iter().collect();
        attributes.sort_by(|a, b| (&*a.uri, &*a.name).cmp(&(&*b.uri, &*b.name)));
        for attribute in attributes {
            self.out.push(' ');
            self.name(&attribute.prefix, &attribute.name);
            self.value(&attribute.value);
        }
        self.out.push('>');
        for (place, child) in element.children.iter().enumerate() {
            match child {
                _ if Some(place) == without => {}
                Node::Element(child) => self.element(child, None),
                Node::Text(text) => self.text(text),
            }
        }
        self.out.push_str("</");
        self.name(&element.prefix, &element.name);
        self.out.push('>');
        self.rendered.truncate(outer);
    }

    fn name(&mut self, prefix: &str, name: &str) {
        if !prefix.is_empty() {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(name);
    }

    /// The declarations that this element visibly uses, or that are to be treated as if, and that
    /// no output ancestor made already.
    fn declarations(&mut self, element: &'e Element) {
        let mut used: Vec<(&'e str, &'e str)> = vec![(&element.prefix, &element.uri)];
        let prefixed = element.attributes.iter();
        let prefixed = prefixed.filter(|a| !a.prefix.is_empty() && *a.prefix != *"xml");
        used.extend(prefixed.map(|a| (&*a.prefix, &*a.uri)));
        for &prefix in self.inclusive {
            let prefix = if prefix == "#default" { "" } else { prefix };
            if let Some(uri) = resolve(&element.scope, prefix) {
                used.push((prefix, uri));
            }
        }
        used.sort_unstable();
        used.dedup();
        for (prefix, uri) in used {
            let before = self.rendered.iter().rev().find(|(p, _)| *p == prefix);
            let before = before.map_or("", |(_, uri)| uri);
            if before == uri {
                continue;
            }
            self.rendered.push((prefix, uri));
            self.out.push_str(" xmlns");
            if !prefix.is_empty() {
                self.out.push(':');
                self.out.push_str(prefix);
            }
            self.value(uri);
        }
    }

    fn value(&mut self, value: &str) {
        self.out.push_str("=\"");
        escape(&mut self.out, value, |c| match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '"' => Some("&quot;"),
            '\t' => Some("&#x9;"),
            '\n' => Some("&#xA;"),
            '\r' => Some("&#xD;"),
            _ => None,
        });
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        escape(&mut self.out, text, |c| match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            '\r' => Some("&#xD;"),
            _ => None,
        });
    }
}

fn escape(out: &mut String, text: &str, special: fn(char) -> Option<&'static str>) {
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        if let Some(written) = special(c) {
            out.push_str(text.get(plain..at).unwrap_or_default());
            out.push_str(written);
            plain = at + c.len_utf8();
        }
    }
    out.push_str(text.get(plain..).unwrap_or_default());
}
