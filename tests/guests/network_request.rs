//! Sends the requests that its handles spell, as they are spelled, and tells what came back. See `shared/request.rs`.

// rows: absolute, below_wildcard, beside, bomb, broken_off, certificates, h2_floods, handshake, hop_by_hop, leads_both_ways, leads_inside, leads_inside_embedded, long_answer, many_headers, methods, nothing_granted, odd_bytes, odd_v4, odd_v6, oracle, other_spellings, own_host, proxied, rebound, rebound_pooled, redirected, redirected_credential, shared_pool, shared_suffix, slow, smuggled_answer, timeouts, unlisted, userinfo

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::answer::{ask, text};
use portcullis_hostile_guests::request::Request;

portcullis_hostile_guests::export_each!(attack);

fn attack(spelled: &str) -> String {
    Request::parse(spelled).map_or_else(|| String::from("no request"), |request| text(&ask(&request)))
}
