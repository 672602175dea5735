//! What `wit-bindgen` makes of `wit/`: every import that this crate can use, and the export of a backend.
//!
//! A component imports only what its code calls: the linker drops the rest.

wit_bindgen::generate!({
    path: "../../wit",
    inline: "
        package portcullis:guest;

        world guest {
            include portcullis:secrets/backend@0.1.0;
            import wasi:config/store@0.2.0-rc.1;
            import wasi:filesystem/types@0.2.12;
            import wasi:filesystem/preopens@0.2.12;
            import wasi:clocks/wall-clock@0.2.12;
            import wasi:clocks/monotonic-clock@0.2.12;
            import wasi:io/poll@0.2.12;
            import wasi:io/streams@0.2.12;
            import wasi:cli/stderr@0.2.12;
            import wasi:random/insecure@0.2.12;
            import wasi:http/types@0.2.12;
            import wasi:http/outgoing-handler@0.2.12;
        }
    ",
    world: "portcullis:guest/guest",
    generate_all,
    pub_export_macro: true,
    export_macro_name: "export_guest",
    default_bindings_module: "portcullis_guest::bindings",
    runtime_path: "portcullis_guest::bindings::wit_bindgen_runtime",
});

#[doc(hidden)]
pub use wit_bindgen::rt as wit_bindgen_runtime;
