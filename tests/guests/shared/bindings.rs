//! What `wit-bindgen` makes of the interfaces that the SDK leaves out. Types that both have are the SDK's.

wit_bindgen::generate!({
    path: "../../wit",
    inline: "
        package portcullis:attack;

        world attack {
            import wasi:cli/environment@0.2.12;
            import wasi:cli/exit@0.2.12;
            import wasi:cli/stdin@0.2.12;
            import wasi:cli/stdout@0.2.12;
            import wasi:random/random@0.2.12;
            import wasi:random/insecure@0.2.12;
            import wasi:random/insecure-seed@0.2.12;
            import wasi:sockets/instance-network@0.2.12;
            import wasi:sockets/ip-name-lookup@0.2.12;
            import wasi:sockets/tcp-create-socket@0.2.12;
            import wasi:sockets/udp-create-socket@0.2.12;
        }
    ",
    world: "portcullis:attack/attack",
    with: {
        "wasi:clocks/monotonic-clock@0.2.12": portcullis_guest::bindings::wasi::clocks::monotonic_clock,
        "wasi:io/error@0.2.12": portcullis_guest::bindings::wasi::io::error,
        "wasi:io/poll@0.2.12": portcullis_guest::bindings::wasi::io::poll,
        "wasi:io/streams@0.2.12": portcullis_guest::bindings::wasi::io::streams,
    },
    generate_all,
    runtime_path: "portcullis_guest::bindings::wit_bindgen_runtime",
});
