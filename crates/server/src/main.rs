//! The binary `jinban`.

fn main() {}
