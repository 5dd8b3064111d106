//! Items gone through one after the other, each in the same buffer.

use super::{
    doc::Doc,
    entry::{ScopeEntryMut, ScopeHeadMut},
    message::MessageMut,
    node::{Body, Node},
    setters::{LogRecordMut, SpanMut},
};
use crate::{
    LogsKind, TracesKind,
    fields::{Field, Fields},
    level::Level,
    put,
};

impl Node {
    /// Calls `change` on the message without what it repeats, and on each message that it repeats. Those that are not apart
    /// yet do not come apart: they are written one behind the other as they are left.
    fn each_item(
        &mut self,
        level: Level,
        source: &[u8],
        mut change: impl FnMut(MessageMut<'_>, MessageMut<'_>),
    ) {
        if let Some(children) = &mut self.children {
            for child in children {
                change(MessageMut::of(source, &mut self.body), MessageMut::of(source, &mut child.body));
            }
            return;
        }
        let whole = self.body.bytes(source);
        let repeated = |field: &Field<'_>| level.repeats(field.number);
        let mut out = Vec::with_capacity(whole.len() + whole.len() / 4);
        Fields::of(whole)
            .filter(|field| !repeated(field))
            .for_each(|field| out.extend_from_slice(field.whole));
        let (was, mut header) = (out.len(), Body::Own(Doc::of(&out)));
        let mut item = Doc::default();
        for field in Fields::of(whole).filter(repeated) {
            item.hold(field.value);
            let mut body = Body::Own(item);
            change(MessageMut::of(&[], &mut header), MessageMut::of(&[], &mut body));
            put::bytes(&mut out, field.number, body.bytes(&[]));
            item = body.into_own(&[]);
        }
        if out[..was] != *header.bytes(&[]) {
            out.splice(..was, header.bytes(&[]).iter().copied());
        }
        self.body = Body::Own(Doc::from(out));
    }
}

/// The methods of a scope that holds items of one kind.
macro_rules! each { ($($signal:ident $edit:ident $what:literal $each:ident;)*) => { $(
    impl ScopeEntryMut<'_, $signal> {
        #[doc = concat!("Calls `change` on the scope and each ", $what, ", in order. For who changes most of them: they have one buffer in turn.")]
        pub fn $each(&mut self, mut change: impl FnMut(&mut ScopeHeadMut<'_>, $edit<'_>)) {
            let (source, node) = self.parts();
            node.each_item(Level::Scope, source, |scope, item| change(&mut ScopeHeadMut::of(scope), $edit(item)));
        }
    }
)* } }

each! {
    TracesKind SpanMut "span" each_span;
    LogsKind LogRecordMut "log record" each_log_record;
}
