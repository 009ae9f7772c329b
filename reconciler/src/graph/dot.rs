//! Pictures for Graphviz.

use super::{Graph, Node, Shape};
use std::fmt::Write;

/// Returns a picture in the language of Graphviz.
pub fn dot(graph: &Graph) -> String {
    let mut text = "graph {\n  rankdir=LR\n  node [fontname=\"sans-serif\" style=filled fillcolor=white]\n".to_owned();
    // Writing to a string cannot fail.
    for (at, (uri, host)) in graph.hosts.iter().enumerate() {
        let _ = writeln!(text, "  subgraph cluster_{at} {{\n    label={}\n    fontname=\"sans-serif\"", quoted(uri));
        for (place, node) in host.nodes.iter().enumerate() {
            let _ = writeln!(text, "    h{at}n{place} [{} label={}]", style(node), quoted(&node.lines.join("\n")));
        }
        for (from, to, label) in &host.edges {
            let label = if label.is_empty() { String::new() } else { format!(" [label={}]", quoted(label)) };
            let _ = writeln!(text, "    h{at}n{from} -- h{at}n{to}{label}");
        }
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

fn style(node: &Node) -> &'static str {
    match node.shape {
        Shape::Guest => "shape=box fillcolor=\"#dbeafe\"",
        Shape::PendingGuest => "shape=box fillcolor=\"#dbeafe\" style=\"filled,dashed\"",
        Shape::Network => "shape=hexagon fillcolor=\"#dcfce7\"",
        Shape::Pool => "shape=folder fillcolor=\"#fef3c7\"",
        Shape::Disk => "shape=cylinder fillcolor=\"#fef9e7\"",
        Shape::Snapshot => "shape=note",
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
