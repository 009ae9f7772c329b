//! Marks that the macros do not know, or that mean nothing at their place, are compile errors. Beside each file in
//! `errors/` are the errors that the compiler prints for it; `dev/run bless` writes them.

#[test]
fn marks() {
    trybuild::TestCases::new().compile_fail("tests/errors/*.rs");
}
