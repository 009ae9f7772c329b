//! What is said of the name or word under a cursor, and of the template that a cursor calls.

use crate::complete::Asked;
use crate::cursor::{Cursor, Writing};
use crate::describe;
use crate::find;
use crate::nix::evaluate::literal_name;
use crate::place::{Place, Slot};
use lsp_types::{
    Documentation, Hover, HoverContents, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel,
    SignatureHelp, SignatureInformation,
};
use nixvirt_schema::engine::release::described;
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::shorthand::Shorthand;
use nixvirt_schema::engine::table::Type;
use rnix::{SyntaxKind, SyntaxToken, ast};
use rowan::ast::AstNode;

/// Returns what is said of what is under the cursor.
pub fn hover(asked: &Asked<'_>) -> Option<Hover> {
    let token = token(asked)?;
    let text = match under(asked, &token) {
        Some((place, word)) => of_place(asked, &place, word.as_deref())?,
        None => describe::template(template(&token)?, asked.guide),
    };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text }),
        range: Some(asked.document.range(token.text_range())),
    })
}

/// Returns the link to what documents the name under the cursor.
pub fn reference(asked: &Asked<'_>) -> Option<String> {
    let token = token(asked)?;
    match under(asked, &token) {
        Some((place, _)) => match place.slot {
            Slot::Argument(template, _) | Slot::Template(template) => asked.guide.template(template),
            slot => asked.guide.field(&describe::location(&slot)?),
        },
        None => asked.guide.template(template(&token)?),
    }
}

fn token(asked: &Asked<'_>) -> Option<SyntaxToken> {
    let is_word =
        |token: &SyntaxToken| matches!(token.kind(), SyntaxKind::TOKEN_IDENT | SyntaxKind::TOKEN_STRING_CONTENT);
    asked.document.tokens_at(asked.offset).find(is_word)
}

/// Returns the place of the name or value under the cursor, and the word if it is a value.
fn under(asked: &Asked<'_>, token: &SyntaxToken) -> Option<(Place, Option<String>)> {
    let end = usize::from(token.text_range().end());
    let cursor = Cursor::at(asked.document.text(), end);
    let place = cursor.place(&asked.analysis.places, asked.file)?;
    let is_name = token.parent_ancestors().any(|node| node.kind() == SyntaxKind::NODE_ATTRPATH);
    match cursor.writing {
        Writing::Text if !is_name => Some((place, Some(token.text().to_owned()))),
        Writing::Name => Some((place.attribute(cursor.path().last().map(String::as_str))?, None)),
        _ => None,
    }
}

fn of_place(asked: &Asked<'_>, place: &Place, word: Option<&str>) -> Option<String> {
    let text = describe::place(&place.slot, asked.guide)?;
    let meaning = word.and_then(|word| Some(format!("`{word:?}`: {}\n\n---\n\n", meaning(&place.slot, word)?)));
    Some(meaning.unwrap_or_default() + &text)
}

/// Returns what a word means at a place.
fn meaning(slot: &Slot, word: &str) -> Option<String> {
    match slot {
        Slot::Form(variants, _) => {
            let variant = variants.variants.iter().find(|variant| variant.word == word)?;
            Some(described(variant.schema.doc, variant.since).into_owned())
        }
        Slot::Field(found, _) => match found.field.ty {
            Type::Scalar(scalar) => of_word(scalar, word),
            Type::Element(schema) => match schema().shorthand {
                Shorthand::Text(at) => of_word(schema().fields[usize::from(at)].ty.scalar(), word),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn of_word(scalar: &Scalar, word: &str) -> Option<String> {
    match scalar {
        Scalar::Enum(it) => {
            let known = it.words.iter().find(|known| known.word == word)?;
            Some(described(known.doc, known.since).into_owned()).filter(|text| !text.is_empty())
        }
        Scalar::Either(all) => all.iter().find_map(|scalar| of_word(scalar, word)),
        _ => None,
    }
}

/// Returns the template that an expression such as `lib.domain.templates.linux` names.
fn template(token: &SyntaxToken) -> Option<&'static crate::catalog::Template> {
    let select = token.parent_ancestors().find_map(ast::Select::cast)?;
    let path = select.attrpath()?;
    let attrs = path.attrs().filter(|attr| attr.syntax().text_range().start() <= token.text_range().start());
    let names: Vec<_> = attrs.map(|attr| literal_name(&attr)).collect::<Option<_>>()?;
    find::template(&names)
}

/// Returns the signature of the template whose arguments the cursor is in.
pub fn signature(asked: &Asked<'_>) -> Option<SignatureHelp> {
    let cursor = Cursor::at(asked.document.text(), asked.offset);
    let (template, argument) = cursor.call(&asked.analysis.places, asked.file)?;
    let mut label = format!("{} {{ ", template.name);
    let mut parameters = Vec::new();
    for (at, argument) in template.arguments.iter().enumerate() {
        if at > 0 {
            label.push_str(", ");
        }
        let start = label.encode_utf16().count() as u32;
        label.push_str(&argument.name);
        if let Some(default) = &argument.default {
            label.push_str(&format!(" ? {default}"));
        }
        let documentation = MarkupContent { kind: MarkupKind::Markdown, value: describe::argument(argument) };
        parameters.push(ParameterInformation {
            label: ParameterLabel::LabelOffsets([start, label.encode_utf16().count() as u32]),
            documentation: Some(Documentation::MarkupContent(documentation)),
        });
    }
    label.push_str(" }");
    let active = argument.and_then(|name| template.arguments.iter().position(|argument| argument.name == name));
    let signature = SignatureInformation {
        label,
        documentation: Some(Documentation::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value: describe::template(template, asked.guide),
        })),
        parameters: Some(parameters),
        active_parameter: active.map(|at| at as u32),
    };
    Some(SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: None })
}
