//! The page that says what each part of a domain becomes for KubeVirt.

use nixvirt_schema::kubevirt::domain::SCOPES;
use nixvirt_schema::kubevirt::table::{Note, Row, Scope, Take};

const INTRODUCTION: &str = "\
# Domains for KubeVirt

[`lib.domain.toKubeVirt`](library.md#libdomaintokubevirt) and `nixvirt render --to kubevirt` convert a domain to a `VirtualMachine` of
KubeVirt. The tables below list each part of a domain that is converted, and each part that needs no counterpart in KubeVirt. A few rows are for parts that
KubeVirt lacks: their remark is the text of a warning, or of an error. Any other
part is left out, with the warning [`kubevirt-lost`](../guides/kubevirt.md#2-read-the-warnings).

A dash in the second column means that the part sets nothing by itself: the remark says why, or where its value goes. A row
with a dash also covers all attributes and child elements of its part, and all cases that no row of this part above it names. Of several rows that set one path, the last one counts. `devices.disks[]` means the entry of the device
in the list `devices.disks`. Paths that start with `networks[]` are in a `NetworkAttachmentDefinition`, a document of its own. All other paths are in
the `VirtualMachine`, below `spec.template.spec.domain` unless they start with `apiVersion`, `kind`, `metadata` or `spec`.

The parts `active`, `capacity`, `content`, `download`, `cloud-init`, `ignition`, `sysprep`, `secret-files`, `pod-network`, `gpu` and
`host-device` are not in the XML: they come from the declaration of the domain and from the arguments of the conversion.

`{domain}` and `{item}` are the names of the virtual machine and of the device in Kubernetes, and `{value}` is the value of the part. Other
words in braces are the values of other parts.
";

/// Returns the text of the page.
pub fn page() -> String {
    INTRODUCTION.to_owned() + &SCOPES.iter().map(section).collect::<String>()
}

fn section(scope: &Scope) -> String {
    let title = if scope.path.is_empty() { "domain" } else { scope.path };
    let rows: String = scope.rows.iter().map(line).collect();
    // The style sheet of the book breaks the long paths in a table of this class.
    format!("\n## {title}\n\n<div class=\"paths\">\n\n| part | becomes | remark |\n|---|---|---|\n{rows}\n</div>\n")
}

fn line(row: &Row) -> String {
    let from = match row.from.replace('@', "") {
        whole if whole.is_empty() => "the element itself".to_owned(),
        from => format!("`{from}`"),
    };
    let conditions = row.when.iter().map(|(path, words)| match words {
        [""] => format!("`{}` is absent", path.replace('@', "")),
        ["*"] => format!("`{}` is present", path.replace('@', "")),
        words => {
            let words =
                words.iter().map(|word| if word.is_empty() { "absent".to_owned() } else { format!("`{word}`") });
            format!("`{}` is {}", path.replace('@', ""), words.collect::<Vec<_>>().join(" or "))
        }
    });
    let conditions = conditions.collect::<Vec<_>>().join(", ");
    let when = if conditions.is_empty() { String::new() } else { format!(", where {conditions}") };
    format!("| {from}{when} | {} | {} |\n", becomes(row), remark(row))
}

fn becomes(row: &Row) -> String {
    let path = row.to.strip_prefix("machine.").unwrap_or(row.to);
    let path = path.strip_prefix("spec.template.spec.domain.").unwrap_or(path);
    match row.take {
        Take::Nothing => "—".to_owned(),
        _ if path.is_empty() => "—".to_owned(),
        Take::True => format!("`{path}: true`"),
        Take::False => format!("`{path}: false`"),
        Take::Empty => format!("`{path}: {{}}`"),
        Take::Filled(text) | Take::Name(text) | Take::Label(text) => format!("`{path}: {}`", text.replace('@', "")),
        Take::Text | Take::Number | Take::Quantity(_) | Take::Switch | Take::Words(_) => format!("`{path}`"),
    }
}

fn remark(row: &Row) -> String {
    let words = match row.take {
        Take::Words(words) => words.iter().map(|(from, to)| match (*from, *to) {
            (from, "") => format!("`{from}` is left out"),
            (from, "=") => format!("`{from}` stays"),
            ("*", to) => format!("any other becomes `{to}`, with a warning"),
            (from, to) => format!("`{from}` becomes `{to}`"),
        }),
        _ => return note(row),
    };
    let words = words.collect::<Vec<_>>().join("; ");
    match note(row) {
        note if note.is_empty() => words,
        note => format!("{words}; {note}"),
    }
}

fn note(row: &Row) -> String {
    match row.note {
        Note::None => String::new(),
        Note::Because(text) | Note::Lost(text) | Note::Needs(text) | Note::Impossible(text) => text.replace('@', ""),
    }
}
