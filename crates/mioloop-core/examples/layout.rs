//! Prints the shared byte layouts as TypeScript: `cargo run -p mioloop-core --example layout`.

fn main() {
    print!("{}", mioloop_core::layout::typescript());
}
