//! What can be wrong with a declaration. The report turns these facts into English.

use super::password::Console;
use crate::object::{Id, Type};
use nixvirt_schema::rules::names::NameProblem;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::PathBuf;

/// A declaration of which not even the object's name is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvalidDeclaration {
    /// The type of the object.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Where the object is declared.
    #[serde(flatten)]
    pub place: ManifestPlace,
    /// Problem of the declaration.
    pub error: DeclarationError,
}

/// A place in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ManifestPlace {
    /// The path below the connection: `domains[0].snapshots[1]`.
    pub path: String,
    /// The file that holds the definition; null if the manifest itself does.
    pub definition: Option<PathBuf>,
}

/// Problem of a declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum DeclarationError {
    /// The declaration has neither `definition` nor `xml`.
    NoDefinition,
    /// The declaration has both `definition` and `xml`.
    TwoDefinitions,
    /// The file with the definition cannot be read.
    UnreadableDefinition {
        /// The file.
        file: PathBuf,
        /// Error of the operating system.
        message: String,
    },
    /// The definition is not XML of this type of object.
    InvalidXml {
        /// The file; null if the XML is in the manifest.
        file: Option<PathBuf>,
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
        /// Error of the parser.
        message: String,
    },
    /// The definition does not name the object: a secret has neither `<usage>` nor `<uuid>`, a network filter no `name`,
    /// another object no `<name>`.
    NoName {
        /// The file; null if the XML is in the manifest.
        file: Option<PathBuf>,
    },
    /// The name is invalid. With this name, libvirt would not find the object again, or would use files of another object.
    InvalidName {
        /// The name.
        name: String,
        /// Problem of the name: `empty`, `folder` (`.` and `..`), `slash`, `white-space` or `control`.
        #[schemars(with = "String")]
        problem: NameProblem,
    },
    /// The manifest and the definition name the object differently.
    NameMismatch {
        /// The file; null if the XML is in the manifest.
        file: Option<PathBuf>,
        /// The name in the manifest.
        manifest: String,
        /// The name in the definition.
        definition: String,
    },
    /// The file with a secret's value cannot be read.
    UnreadableValue {
        /// The file.
        file: PathBuf,
        /// Error of the operating system.
        message: String,
    },
    /// The file with the password of a graphics console cannot be read.
    UnreadablePassword {
        /// The file.
        file: PathBuf,
        /// Error of the operating system.
        message: String,
    },
    /// The content of a password file is no password for the console.
    InvalidPassword {
        /// The console.
        console: Console,
        /// The file.
        file: PathBuf,
        /// Problem of the content.
        problem: PasswordProblem,
    },
    /// The definition has no graphics console of the type for which a password file is declared.
    NoConsole {
        /// The console.
        console: Console,
    },
    /// The definition has a password for a console with a password file.
    TwoPasswords {
        /// The console.
        console: Console,
    },
    /// A file with a secret of the definition cannot be read.
    UnreadableSecretFile {
        /// The file.
        file: PathBuf,
        /// Error of the operating system.
        message: String,
    },
    /// The content of a file cannot be a part of the definition.
    InvalidSecretFile {
        /// The name of the placeholder.
        name: String,
        /// The file.
        file: PathBuf,
        /// Problem of the content.
        problem: PasswordProblem,
    },
    /// The definition has no placeholder for a file with a secret, where it could have one.
    NoPlaceholder {
        /// The name of the placeholder.
        name: String,
    },
    /// The files of a seed have no placeholder for a file with a secret.
    NoPlaceholderInSeed {
        /// The name of the placeholder.
        name: String,
    },
    /// A seed cannot have the label.
    InvalidSeedLabel {
        /// The label.
        label: String,
    },
    /// A seed cannot have a file of one of these paths.
    InvalidSeedFile {
        /// The paths of the files.
        paths: Vec<String>,
    },
    /// Another file or a folder of a seed has the same path as a file, if case is ignored.
    SeedPathTaken {
        /// The path.
        path: String,
    },
    /// A seed cannot be in a volume of the format.
    SeedNotRaw {
        /// The format.
        format: String,
    },
    /// The files of a seed are too large together.
    SeedTooLarge,
    /// The declared URL of a file is invalid. The URL is not shown, because it may hold a secret.
    InvalidUrl,
    /// The declared hash of a file is invalid.
    InvalidHash {
        /// The hash.
        hash: String,
    },
    /// The object is declared more than once.
    DeclaredTwice {
        /// Every place where it is declared.
        places: Vec<ManifestPlace>,
    },
    /// Several objects are declared with the same UUID.
    SharedUuid {
        /// The UUID.
        uuid: String,
        /// The names of these objects.
        names: Vec<String>,
    },
    /// Several networks are declared whose bridge, which libvirt makes, has the same name.
    SharedBridge {
        /// The bridge.
        bridge: String,
        /// The names of these networks.
        names: Vec<String>,
    },
    /// Several pools of type `dir` are declared with the same folder.
    SharedFolder {
        /// The folder.
        folder: String,
        /// The names of these pools.
        names: Vec<String>,
    },
    /// The declaration of the object that this one belongs to is invalid.
    InvalidParent {
        /// The pool of a volume, or the domain of a snapshot.
        parent: Id,
    },
}

/// Problem of the content of a file with a password or another secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum PasswordProblem {
    /// The file is empty.
    Empty,
    /// The content is not UTF-8 text in a single line.
    NotALine,
    /// The content is not UTF-8 text.
    NotText,
    /// The password is longer than the console allows.
    TooLong {
        /// The maximum length in bytes.
        max: usize,
    },
}
