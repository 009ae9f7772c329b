//! `#[element]`, `#[parts]` and `#[values]`: plain structs and enums become the tables of `nixvirt-schema`.
//!
//! No value of these types is ever built. Of each struct, the macros leave an empty type of the same name,
//! its table, and a view with one method per field, through which rules read a spec.
//!
//! A mark that is unknown, or stands where it means nothing, is a compile error.

mod element;
mod fields;
mod marks;
mod values;

use proc_macro::TokenStream;
use syn::{Attribute, DeriveInput, Expr, ExprLit, Lit, Meta, parse_macro_input};

/// Makes the table of an element of libvirt's XML.
///
/// # On a struct
///
/// Each field is a part of the element, in the order in which libvirt writes them. The type of a field says where the
/// part stands:
///
/// | type of the field | part |
/// |---|---|
/// | a scalar: number, `String`, `#[values]` enum, pattern … | attribute |
/// | an `#[element]` | child element |
/// | `Present` | empty child element; `true` in a spec |
/// | `Xml` | child element with XML of any kind |
/// | `Option<T>` | the same, and may be absent |
/// | `Vec<T>` | the same, any number of times |
///
/// ```ignore
/// /// Disk of a guest.
/// #[element]
/// pub struct Disk {
///     /// Kind of device that the guest sees.
///     pub device: Option<DiskDevice>,
///     /// Place of the disk in the guest.
///     pub target: DiskTarget,
/// }
/// ```
///
/// # On an enum
///
/// `#[element("type")]`: each variant is a form of the element, and the attribute `type` decides which. Its word is the
/// variant's name (`VirtioSerial` is `virtio-serial`); the fields are the parts of that form.
///
/// ```ignore
/// /// Source of random numbers.
/// #[element("model")]
/// pub enum RngBackend {
///     /// File of the host.
///     Random {},
///     /// Entropy-gathering daemon.
///     Egd { r#type: RngEgdType },
/// }
/// ```
///
/// # Arguments
///
/// - `"type"`, on an enum: the attribute that decides between the forms.
/// - `within = "kind"`, on an enum: the deciding word is the text of the child `<kind>` in XML. A spec has it as an
///   attribute.
/// - `rules`: the type's method `fn rules(self, report: &mut Report<'_>)`, on its `View`, checks each value.
/// - `notation = pci::NOTATION`: a text may stand for the attributes: `address = "0000:01:00.0"`. The path names a
///   static `Notation`.
/// - `keyed`: options of the modules may have repeated children as sets by name: `devices.disk.root`. `xmlKeyed` in the
///   JSON Schema.
///
/// # A single value in place of the set
///
/// Without a mark, the types of the parts decide. If all parts may be absent but the text, a single value is that text:
/// `vcpu = 4`. If all parts may be absent and none is text, `true` is the element without parts: `apic = true`. The
/// marks `switch` and `unit` and the argument `notation` add more short forms.
///
/// # Marks of a field
///
/// ## `text`
/// The part is the text of the element: `<vcpu>4</vcpu>`. At most one per element.
///
/// ## `child`
/// A scalar is the text of a child element of its own, `<name>vm</name>`, in place of an attribute.
///
/// ## `xml = "qemu:arg"`
/// Name in XML, if it differs from the name in a spec. A prefix must be one of the format's namespaces.
///
/// ## `name = "suspend-to-mem"`
/// Name in a spec and in XML, if it is no name in Rust.
///
/// ## `within = "type"`
/// The part stands on (an attribute) or in (the text) the child `<type>`, out of which specs lift it: `os.arch` is
/// `<os><type arch='…'/></os>`.
///
/// ## `required`
/// A `Vec` holds at least one. Any other part is required without `Option`.
///
/// ## `absent = "empty"`
/// What is written if the part is absent: an `empty` element, the `uuid` that is derived from the name of the object,
/// or the `mac` address that is derived from the name of the domain and the index of the network card.
///
/// ## `secret`
/// The part holds a secret: no message shows it, and records and plans have a placeholder.
///
/// ## `placeholders`
/// The text may hold placeholders such as `@token@`, which stand for secrets in files. See `secretFiles` of a domain.
///
/// ## `default = "no"`
/// What libvirt takes if the part is absent. A comparison takes an absent part for this value.
///
/// ## `output`
/// libvirt reports the part for a running object, and ignores it in a definition. A comparison ignores it too.
///
/// ## `since = "12.8"`
/// The release of libvirt that introduced the part. Parts that libvirt 9.0 or a later release introduced have it.
///
/// ## `optional_since = "12.8"`
/// The release of libvirt since which the part may be absent, if earlier ones require it.
///
/// ## `repeated_since = "11.10"`
/// The release of libvirt since which the part may occur several times, if earlier ones accept one.
///
/// ## `unitless = "bytes"`
/// Unit of a size that is written without one. It is `KiB` without this mark.
///
/// ## `switch`
/// `true` or `false` in place of the set is this part: `relaxed = true` is `<relaxed state='on'/>`. The part must be
/// `YesNo` or `OnOff`, and all others optional.
///
/// ## `unit`
/// The part is the unit of a number that is the text of the element, so that a spec may have both in one string:
/// `memory = "8 GiB"`. The other parts must be optional.
///
/// ## `unit_of = "size"`
/// The part is the unit of the number `size`, an attribute of the same element, so that a spec may have both in one
/// string: `size = "2 MiB"` is `<page size='2' unit='MiB'/>`.
///
/// ## `form`
/// The type is an `#[element("…")]` enum. The element has the forms of that enum, and the parts of a form are parts of
/// the element itself, written where the field stands.
///
/// ```ignore
/// pub struct Disk {
///     /// Storage of the disk.
///     #[form]
///     pub storage: DiskStorage, // `disk.type` decides; `disk.source` is a part of one form
/// }
/// ```
///
/// ## `flatten`
/// The type is a `#[parts]` struct. Its parts are parts of the element itself, written where the field stands.
///
/// # Marks of a form
///
/// ## `xml = "x86_64"`
/// The word, if it is not the variant's name.
///
/// ## `default`
/// The form that an element has if the deciding attribute is absent.
///
/// ## `since = "12.8"`
/// The release of libvirt that introduced the form.
#[proc_macro_attribute]
pub fn element(args: TokenStream, input: TokenStream) -> TokenStream {
    let args = parse_macro_input!(args as element::Args);
    let input = parse_macro_input!(input as DeriveInput);
    element::expand(&args, &input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes the rows of parts that several elements share. A field marked `#[flatten]` puts them into an element.
///
/// The fields have the marks of [`macro@element`], but for those that concern the whole element: `form`, `switch` and
/// `unit`.
///
/// ```ignore
/// /// Parts of a PCI address.
/// #[parts]
/// pub struct PciParts {
///     /// PCI domain of the device.
///     pub domain: Option<Hex<4>>,
/// }
///
/// #[element("type")]
/// pub enum Address {
///     Pci {
///         #[flatten]
///         pci: PciParts,
///     },
/// }
/// ```
#[proc_macro_attribute]
pub fn parts(args: TokenStream, input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    element::expand_parts(&args.into(), &input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a scalar of an enum: the words that an attribute or text may hold.
///
/// The word of a variant is its name: `VirtioScsi` is `virtio-scsi`. `#[xml = "x86_64"]` gives any other word.
/// `#[since = "12.8"]` is the release of libvirt that introduced the word. `#[same = "17"]` is another text that libvirt
/// reads like the word.
#[proc_macro_attribute]
pub fn values(args: TokenStream, input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    values::expand(&args.into(), &input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// The doc comment, its lines joined to one text.
fn doc(attributes: &[Attribute]) -> String {
    let lines: Vec<_> = attributes.iter().filter_map(doc_line).collect();
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// `VirtioScsi` as `virtio-scsi`.
fn kebab(ident: &str) -> String {
    let mut word = String::new();
    for (at, letter) in ident.char_indices() {
        if letter.is_uppercase() && at > 0 {
            word.push('-');
        }
        word.extend(letter.to_lowercase());
    }
    word
}
