//! Domains as virtual machines of KubeVirt.
//!
//! [`domain::SCOPES`] is the one table of what becomes what. [`convert`](convert::convert) walks along a domain's XML and the table;
//! plain Nix does the same with the table in `schema/json/kubevirt.json`. The guide shows the table.

pub mod convert;
pub mod domain;
pub mod table;
pub mod yaml;
