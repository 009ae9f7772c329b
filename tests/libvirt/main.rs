//! The commands with a real libvirt. Tests that share its daemon say how: see `nixvirt_tests::libvirtd`.

mod acceptance;
mod activation;
mod brief;
mod commands;
mod connections;
mod console_passwords;
mod convergence;
mod defined;
mod doctor;
mod drift;
mod faults;
mod import_host;
mod isolation;
mod model;
mod one_run;
mod package;
mod preserved;
mod random_specs;
mod reconcile;
mod recorded;
mod refusals;
mod secret_files;
mod steps;
mod storage;
mod templates;
mod virtdeclare;
