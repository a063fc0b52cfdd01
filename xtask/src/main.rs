//! Project chores: `cargo xtask tidy|ci|…`.

fn main() {}
