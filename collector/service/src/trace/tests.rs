use super::*;

#[derive(Default)]
struct All(Mutex<Vec<Span>>);

impl Watch for All {
    fn ended(&self, span: &Span) {
        locked(&self.0).push(span.clone());
    }
}

fn fails() -> BoxFuture<'static, Result<(), Refused>> {
    Box::pin(async { Err(Refused::permanent("no")) })
}

#[tokio::test]
async fn spans_belong_to_those_that_they_begin_in_and_everybody_sees_the_same() {
    let (one, other) = (Arc::<All>::default(), Arc::<All>::default());
    let tracing = Tracing::default();
    tracing.add(one.clone());
    tracing.add(other.clone());
    let work = Box::pin(async { tracing.span("go/inner", &|| "inner".to_owned(), fails()).await });
    tracing.span("go/outer", &|| "outer".to_owned(), work).await.unwrap_err();
    let seen = locked(&one.0).clone();
    let [inner, outer] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((inner.name.as_str(), inner.scope, outer.name.as_str()), ("inner", "go/inner", "outer"));
    assert_eq!((outer.parent, inner.parent), (None, Some(outer.place.id)));
    assert!(inner.place.trace == outer.place.trace && outer.place.sampled && inner.took <= outer.took);
    assert!(inner.error.as_deref().unwrap().contains("no"), "{inner:?}");
    let places = |all: &All| locked(&all.0).iter().map(|span| span.place).collect::<Vec<_>>();
    assert_eq!(places(&one), places(&other));

    tracing.remove(&one);
    assert!(tracing.is_on());
    tracing.remove(&other);
    assert!(!tracing.is_on());
    tracing.span("", &|| unreachable!("nobody wants a name"), fails()).await.unwrap_err();
    assert_eq!(locked(&other.0).len(), 2);
}

#[tokio::test]
async fn what_is_dropped_on_the_way_has_failed() {
    let all = Arc::<All>::default();
    let tracing = Tracing::default();
    tracing.add(all.clone());
    let never = tracing.span("", &|| "never".to_owned(), Box::pin(std::future::pending()));
    assert!(tokio::time::timeout(Duration::from_millis(1), never).await.is_err());
    assert_eq!(locked(&all.0)[0].error.as_deref(), Some("context canceled"));
}

/// The span of a request with these headers, to a collector with these propagators.
async fn asked(propagators: &[&str], headers: &[(&str, &str)]) -> Span {
    let all = Arc::<All>::default();
    let tracing = Tracing::default();
    tracing.add(all.clone());
    let propagators: Vec<String> = propagators.iter().map(|&name| name.to_owned()).collect();
    tracing.propagate(&propagators).unwrap();
    let header =
        |name: &str| headers.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let error = |answer: &u8| (*answer > 0).then(|| answer.to_string());
    tracing.request("go/http", "POST /".to_owned(), &header, Box::pin(async { 5 }), error).await;
    let mut all = locked(&all.0);
    all.remove(0)
}

#[tokio::test]
async fn a_senders_span_is_the_parent_where_that_is_asked_for() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";
    let w3c = |flags: &str| format!("00-{TRACE}-{SPAN}-{flags}");
    let single = |rest: &str| format!("{TRACE}-{SPAN}{rest}");
    let several = [("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN), ("x-b3-sampled", "0")];
    for (propagators, headers, sampled) in [
        (&["tracecontext"][..], &[("traceparent", &*w3c("01"))][..], true),
        (&["tracecontext"], &[("traceparent", &w3c("00"))], false),
        (&["tracecontext"], &[("traceparent", &format!("cc-{TRACE}-{SPAN}-01-later"))], true),
        (&["b3"], &[("b3", &single(""))], true),
        (&["b3"], &[("b3", &single("-d"))], true),
        (&["b3"], &[("b3", &single("-0"))], false),
        (&["b3", "tracecontext"], &several, false),
        (&["b3"], &[several[0], several[1], ("x-b3-flags", "1")], true),
    ] {
        let span = asked(propagators, headers).await;
        let expected = (Some(0x00f0_67aa_0ba9_02b7), 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736, sampled);
        assert_eq!((span.parent, span.place.trace, span.place.sampled), expected, "{headers:?}");
        assert!(span.server && span.error.as_deref() == Some("5"), "{span:?}");
    }
    for (propagators, headers) in [
        (&[][..], &[("traceparent", &*w3c("01"))][..]),
        (&["b3"], &[("traceparent", &w3c("01"))]),
        (&["tracecontext"], &[("traceparent", &format!("{}-x", w3c("01")))]),
        (&["tracecontext"], &[("traceparent", &format!("ff-{TRACE}-{SPAN}-01"))]),
        (&["tracecontext"], &[("traceparent", &format!("00-{}-{SPAN}-01", "0".repeat(32)))]),
        (&["tracecontext"], &[("traceparent", &w3c("01").to_uppercase().replace("00F0", "00G0"))]),
        (&["tracecontext"], &[("traceparent", "")]),
        (&["b3"], &[("b3", "0")]),
        (&["b3"], &[("x-b3-traceid", TRACE)]),
    ] {
        let span = asked(propagators, headers).await;
        assert!(span.parent.is_none() && span.place.sampled, "{headers:?}: {span:?}");
    }
}

#[test]
fn a_propagator_that_there_is_not() {
    let refused = Tracing::default().propagate(&["jaeger".to_owned()]);
    assert_eq!(refused, Err("unsupported trace propagator"));
}
