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
        allow,
        query: mine.query.intersection(&bound.query).cloned().collect(),
        headers: mine.headers.intersection(&bound.headers).cloned().collect(),
        tls,
        credential: mine.credential.clone(),
    })
}

fn narrower_origin<'a>(a: &'a Origin, b: &'a Origin) -> Option<&'a Origin> {
    if b.covers(a) { Some(a) } else { a.covers(b).then_some(b) }
}

fn narrower_rule<'a>(a: &'a RequestPattern, b: &'a RequestPattern) -> Option<&'a RequestPattern> {
    if b.covers(a) { Some(a) } else { a.covers(b).then_some(b) }
}
