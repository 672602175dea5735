//! The `docker.secrets` provider.

#![cfg_attr(target_family = "wasm", no_main)]

portcullis_guest::export!(portcullis_file_providers::FileProvider<portcullis_file_providers::DockerSecrets>);
