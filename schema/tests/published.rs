//! The JSON Schemas in `schema/json/` are those of the tables; `dev/run bless` writes them.

use expect_test::expect_file;
use nixvirt_schema::json_schema::schema;
use nixvirt_schema::kind::Kind;

#[test]
fn json_schemas_are_current() {
    for kind in Kind::ALL {
        let path = format!("{}/json/{}.json", env!("CARGO_MANIFEST_DIR"), kind.name());
        expect_file![path].assert_eq(&format!("{:#}\n", schema(*kind)));
    }
}
