//! The reader of JSON: strict, without recursion.
//!
//! * `lexer`: the tokens of RFC 8259 and where they are.

mod lexer;

use crate::document::{Cursor, Edit, Fault, Findings, MAX_DEPTH, Record, Replacement, Trail};
use crate::handle::handle_in;
use crate::scan_error::ScanErrorKind;
use lexer::{Lexer, Text, Token};

/// Finds the references of a JSON text.
///
/// Of keys that occur twice in an object, every one is read: which of them counts is for the reader of the result.
pub(crate) fn read(text: &str) -> Result<Findings, Fault> {
    let mut reader = Reader {
        lexer: Lexer::new(text),
        cursor: Cursor::new(text),
        open: Vec::new(),
        trail: Trail::default(),
        findings: Findings::of(text),
    };
    let mut expects = Expects::Value { or_end: false };
    while let Some(next) = reader.step(expects)? {
        expects = next;
    }
    Ok(reader.findings.finish())
}

struct Reader<'t> {
    lexer: Lexer<'t>,
    cursor: Cursor<'t>,
    open: Vec<Container>,
    trail: Trail<'t>,
    findings: Findings,
}

#[derive(Clone, Copy)]
enum Container {
    Array { index: usize },
    Object,
}

/// What may come next.
#[derive(Clone, Copy)]
enum Expects {
    Value { or_end: bool },
    Key { or_end: bool },
    AfterValue,
}

impl<'t> Reader<'t> {
    /// Reads one token, or a key with its colon; says what may follow, or `None` at the end.
    fn step(&mut self, expects: Expects) -> Result<Option<Expects>, Fault> {
        match expects {
            Expects::Value { or_end } => self.value(or_end).map(Some),
            Expects::Key { or_end } => self.key(or_end).map(Some),
            Expects::AfterValue => self.after_value(),
        }
    }

    fn value(&mut self, or_end: bool) -> Result<Expects, Fault> {
        let expected = if or_end { "a value or ']'" } else { "a value" };
        match self.lexer.next(expected)? {
            Token::ArrayStart => {
                self.enter(Container::Array { index: 0 })?;
                self.trail.enter_list();
                Ok(Expects::Value { or_end: true })
            }
            Token::ObjectStart => {
                self.enter(Container::Object)?;
                self.trail.enter_map();
                Ok(Expects::Key { or_end: true })
            }
            Token::ArrayEnd if or_end => Ok(self.leave()),
            Token::String(string) => {
                self.string(&string);
                Ok(Expects::AfterValue)
            }
            Token::Literal(text) => {
                if text != "null" {
                    self.findings.note(&self.trail, text);
                }
                Ok(Expects::AfterValue)
            }
            _ => Err(self.lexer.unexpected(expected)),
        }
    }

    fn key(&mut self, or_end: bool) -> Result<Expects, Fault> {
        let expected = if or_end { "a key or '}'" } else { "a key" };
        match self.lexer.next(expected)? {
            Token::ObjectEnd if or_end => Ok(self.leave()),
            Token::String(key) => {
                self.trail.key(key.value);
                match self.lexer.next("':'")? {
                    Token::Colon => Ok(Expects::Value { or_end: false }),
                    _ => Err(self.lexer.unexpected("':'")),
                }
            }
            _ => Err(self.lexer.unexpected(expected)),
        }
    }

    fn after_value(&mut self) -> Result<Option<Expects>, Fault> {
        let Some(container) = self.open.last_mut() else {
            return self.lexer.end().map(|()| None);
        };
        match container {
            Container::Array { index } => match self.lexer.next("',' or ']'")? {
                Token::Comma => {
                    *index += 1;
                    self.trail.index(*index);
                    Ok(Some(Expects::Value { or_end: false }))
                }
                Token::ArrayEnd => Ok(Some(self.leave())),
                _ => Err(self.lexer.unexpected("',' or ']'")),
            },
            Container::Object => match self.lexer.next("',' or '}'")? {
                Token::Comma => Ok(Some(Expects::Key { or_end: false })),
                Token::ObjectEnd => Ok(Some(self.leave())),
                _ => Err(self.lexer.unexpected("',' or '}'")),
            },
        }
    }

    fn enter(&mut self, container: Container) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.lexer.fault(ScanErrorKind::TooDeep { limit: MAX_DEPTH }));
        }
        self.open.push(container);
        Ok(())
    }

    fn leave(&mut self) -> Expects {
        self.open.pop();
        self.trail.leave();
        Expects::AfterValue
    }

    fn string(&mut self, string: &Text<'t>) {
        let Some(handle) = handle_in(&string.value) else {
            self.findings.note(&self.trail, &string.value);
            return;
        };
        let Some(node) = self.trail.node(&mut self.findings.paths) else { return };
        let (line, column) = self.cursor.advance_to(string.range.start);
        let handle = self.findings.intern(handle, &self.trail);
        self.findings.add_record(Record { handle, node, line, column });
        self.findings.add_edit(Edit { range: string.range.clone(), handle, with: Replacement::Value });
    }
}
