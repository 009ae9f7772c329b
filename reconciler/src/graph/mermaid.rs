//! Pictures for Mermaid, which Markdown of many sites shows.

use super::{Graph, Node, Shape};
use std::fmt::Write;

/// Returns a picture as a flowchart of Mermaid.
pub fn mermaid(graph: &Graph) -> String {
    let mut text = "flowchart LR\n".to_owned();
    // Writing to a string cannot fail.
    for (at, (uri, host)) in graph.hosts.iter().enumerate() {
        let _ = writeln!(text, "  subgraph h{at} [\"{}\"]", escaped(uri));
        for (place, node) in host.nodes.iter().enumerate() {
            let _ = writeln!(text, "    h{at}n{place}{}", shape(node));
        }
        for (from, to, label) in &host.edges {
            let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(label)) };
            let _ = writeln!(text, "    h{at}n{from} ---{label} h{at}n{to}");
        }
        text.push_str("  end\n");
    }
    text.push_str("  classDef pending stroke-dasharray: 5 5\n");
    text
}

fn shape(node: &Node) -> String {
    let lines: Vec<_> = node.lines.iter().map(|line| escaped(line)).collect();
    let text = lines.join("<br/>");
    match node.shape {
        Shape::Guest => format!("[\"{text}\"]"),
        Shape::PendingGuest => format!("[\"{text}\"]:::pending"),
        Shape::Network => format!("{{{{\"{text}\"}}}}"),
        Shape::Pool | Shape::Disk => format!("[(\"{text}\")]"),
        Shape::Snapshot => format!("([\"{text}\"])"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
