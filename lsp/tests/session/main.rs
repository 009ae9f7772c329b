//! The server as an editor sees it: messages of the protocol, and what they are answered.

mod completion;
mod editor;
mod files;
mod hover;
mod problems;
