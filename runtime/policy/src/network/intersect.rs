//! What both a provider's destinations and the ceiling's allow.

use super::{Destination, Origin, RequestPattern};

/// The part of `destinations` that lies within `bounds`. Rules that only partly lie within are dropped: the result never
/// allows what either side refuses. A destination within several bounds appears once for each.
pub(crate) fn intersect(destinations: &[Destination], bounds: &[Destination]) -> Vec<Destination> {
    let pairs = destinations.iter().flat_map(|mine| bounds.iter().map(move |bound| (mine, bound)));
    pairs.filter_map(|(mine, bound)| within(mine, bound)).collect()
}

fn within(mine: &Destination, bound: &Destination) -> Option<Destination> {
    let origin = narrower_origin(&mine.origin, &bound.origin)?.clone();
    let pairs = mine.allow.iter().flat_map(|rule| bound.allow.iter().map(move |limit| (rule, limit)));
    let allow: Vec<_> = pairs.filter_map(|(rule, limit)| narrower_rule(rule, limit).cloned()).collect();
    if allow.is_empty() {
        return None;
    }
    let ranges = mine.private.iter().flat_map(|net| bound.private.iter().map(move |limit| (net, limit)));
    let private = ranges.filter_map(|(net, limit)| {
        if limit.contains(net) { Some(*net) } else { net.contains(limit).then_some(*limit) }
    });
    let mut tls = mine.tls.clone();
    tls.min = tls.min.max(bound.tls.min);
    Some(Destination {
        name: mine.name.clone(),
        origin,
        private: private.collect(),
        nat64: mine.nat64.iter().chain(&bound.nat64).cloned().collect(),
        allow,
        query: mine.query.intersection(&bound.query).cloned().collect(),
        headers: mine.headers.intersection(&bound.headers).cloned().collect(),
        tls,
        via: mine.via.clone(),
        limits: mine.limits.narrowed(bound.limits),
        credential: mine.credential.clone(),
    })
}

fn narrower_origin<'a>(a: &'a Origin, b: &'a Origin) -> Option<&'a Origin> {
    if b.covers(a) { Some(a) } else { a.covers(b).then_some(b) }
}

fn narrower_rule<'a>(a: &'a RequestPattern, b: &'a RequestPattern) -> Option<&'a RequestPattern> {
    if b.covers(a) { Some(a) } else { a.covers(b).then_some(b) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Ceiling;

    /// Requests over a small alphabet, so that patterns meet.
    fn path(parts: &'static [&'static str], end: &'static str) -> impl Strategy<Value = String> {
        (prop::collection::vec(prop::sample::select(parts), 1..4), prop::bool::ANY)
            .prop_map(move |(parts, open)| format!("GET /{}{}", parts.join("/"), if open { end } else { "" }))
    }

    fn destinations(rules: &[String], host: &str) -> Vec<Destination> {
        let [rule, ..] = rules else { return Vec::new() };
        let allow = rules.join(", ");
        let text = format!("network: [{{ name: d, origin: 'https://{host}.x.example', allow: [{allow}] }}]");
        Ceiling::parse("c", &text)
            .unwrap_or_else(|error| panic!("{rule}: {error}"))
            .network
            .unwrap_or_default()
    }

    fn allows(destinations: &[Destination], origin: &Origin, request: &RequestPattern) -> bool {
        let rules = |destination: &Destination| destination.allow.iter().any(|rule| rule.covers(request));
        destinations.iter().any(|destination| destination.origin.covers(origin) && rules(destination))
    }

    proptest! {
        #[test]
        fn no_request_passes_that_either_side_refuses(
            mine in prop::collection::vec(path(&["a", "b", "*"], "/**"), 0..4),
            bound in prop::collection::vec(path(&["a", "b", "*"], "/**"), 0..4),
            hosts in (prop::sample::select(vec!["a", "b", "*"]), prop::sample::select(vec!["a", "b", "*"])),
            request in path(&["a", "b"], ""),
        ) {
            let mine = destinations(&mine, hosts.0);
            let bound = destinations(&bound, hosts.1);
            let result = intersect(&mine, &bound);
            let request = RequestPattern::parse(&request, false).unwrap();
            for host in ["a", "b", "c"] {
                let origin: Origin = format!("https://{host}.x.example").parse().unwrap();
                if allows(&result, &origin, &request) {
                    prop_assert!(allows(&mine, &origin, &request) && allows(&bound, &origin, &request));
                }
            }
            // A bound that is the grant itself takes nothing away.
            let same = intersect(&mine, &mine);
            let origin: Origin = "https://a.x.example".parse().unwrap();
            prop_assert_eq!(allows(&same, &origin, &request), allows(&mine, &origin, &request));
        }
    }

    #[test]
    fn nothing_of_either_side_is_nothing() {
        let some = destinations(&["GET /a".to_owned()], "a");
        assert!(intersect(&some, &[]).is_empty() && intersect(&[], &some).is_empty());
    }
}
