//! Codes of files that are no spec and no manifest. The codes of problems in them are in the catalog of the rules.

/// Why a file is no spec and no manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileCode {
    /// The file cannot be read.
    Unreadable,
    /// The file is not JSON.
    NotJson,
    /// The file is not Nix.
    NotNix,
    /// The file can be of several kinds.
    UnknownKind,
    /// The file is a manifest of another version.
    UnsupportedVersion,
}

impl FileCode {
    /// All codes.
    pub const ALL: [FileCode; 5] = [
        FileCode::Unreadable,
        FileCode::NotJson,
        FileCode::NotNix,
        FileCode::UnknownKind,
        FileCode::UnsupportedVersion,
    ];

    /// Returns the code that `check --json` prints. It stays the same from release to release.
    pub fn code(self) -> &'static str {
        match self {
            FileCode::Unreadable => "unreadable",
            FileCode::NotJson => "not-json",
            FileCode::NotNix => "not-nix",
            FileCode::UnknownKind => "unknown-kind",
            FileCode::UnsupportedVersion => "unsupported-version",
        }
    }

    /// Returns the explanation of the code.
    pub fn meaning(self) -> &'static str {
        match self {
            FileCode::Unreadable => {
                "The file cannot be read. It is missing, is no regular file, or its permissions forbid reading it."
            }
            FileCode::NotJson => {
                "The file is not JSON. `nixvirt import` converts XML to a spec, and `nix eval --json` evaluates Nix."
            }
            FileCode::NotNix => {
                "The name of the file does not end in `.nix`, and `nixvirt lsp --check` reads only Nix. `nixvirt check` reads JSON."
            }
            FileCode::UnknownKind => {
                "The file can be the spec of several kinds of objects. The option --kind, a name such as lan.network.json or \
                 a folder such as networks/ says which kind is meant."
            }
            FileCode::UnsupportedVersion => {
                "The manifest has a version that this nixvirt does not read. Use the module and the command of the same release."
            }
        }
    }
}
