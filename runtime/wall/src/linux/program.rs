//! From a list of allowed system calls to the program that the kernel runs at every call.
//!
//! To install a filter the kernel runs it once for every number there is. That takes longer than all else that the wall
//! does, so this is a search tree over ranges of numbers: eight steps in place of one for each call of the list.

use std::collections::BTreeMap;

use seccompiler::sock_filter;

/// What the filter says of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow,
    Check(Check),
}

/// A condition on one argument: some bits of its lower half have one of these values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    argument: u32,
    /// Whether the upper half must be zero. Where the kernel reads 32 bits, what stands there is chance.
    whole: bool,
    mask: u32,
    values: Vec<u32>,
}

impl Check {
    /// An argument of 32 bits that is one of these.
    pub(super) fn values(argument: u32, values: Vec<u32>) -> Self {
        Self { argument, whole: false, mask: u32::MAX, values }
    }

    /// Flags, of which those of `mask` are exactly `value`.
    pub(super) fn bits(argument: u32, mask: u32, value: u32) -> Self {
        Self { argument, whole: false, mask, values: vec![value] }
    }

    /// No pointer.
    pub(super) fn null(argument: u32) -> Self {
        Self { argument, whole: true, mask: u32::MAX, values: vec![0] }
    }
}

/// What the filter returns to the kernel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answers {
    pub(super) allow: u32,
    pub(super) deny: u32,
    /// For a call by the conventions of another processor.
    pub(super) foreign: u32,
}

/// Where the kernel's description of a call has what.
const NUMBER: u32 = 0;
const PROCESSOR: u32 = 4;
const ARGUMENTS: u32 = 16;

/// Instructions: load a word, keep some bits, compare, return.
const LOAD: u16 = 0x20;
const AND: u16 = 0x54;
const EQUAL: u16 = 0x15;
const AT_LEAST: u16 = 0x35;
const RETURN: u16 = 0x06;

/// Compiles the filter. `None` where the list is so long that a jump would not reach.
pub(super) fn compile(
    processor: u32,
    allowed: &BTreeMap<u32, Verdict>,
    answers: Answers,
) -> Option<Vec<sock_filter>> {
    let mut code = Backwards::default();
    let foreign = code.step(RETURN, answers.foreign);
    let deny = code.step(RETURN, answers.deny);
    let allow = code.step(RETURN, answers.allow);
    let mut targets = BTreeMap::new();
    for (number, verdict) in allowed {
        let target = match verdict {
            Verdict::Allow => allow,
            Verdict::Check(check) => code.check(check, allow, deny)?,
        };
        targets.insert(*number, target);
    }
    code.search(&ranges(&targets, deny))?;
    let number = code.step(LOAD, NUMBER);
    code.jump(EQUAL, processor, number, foreign)?;
    code.step(LOAD, PROCESSOR);
    Some(code.0.into_iter().rev().collect())
}

/// Where each range of numbers begins, and where its calls go; neighbours that go to the same place are one.
fn ranges(targets: &BTreeMap<u32, usize>, deny: usize) -> Vec<(u32, usize)> {
    let mut ranges = vec![(0, deny)];
    let mut add = |start: u32, target: usize| match ranges.last_mut() {
        Some((from, last)) if *from == start => *last = target,
        Some((_, last)) if *last == target => {}
        _ => ranges.push((start, target)),
    };
    for (number, target) in targets {
        add(*number, *target);
        // The highest number of all has no range behind it.
        if let Some(next) = number.checked_add(1) {
            add(next, deny);
        }
    }
    ranges
}

/// Jumps lead forward only, so the program is written from its end: a place is known before anything leads to it.
#[derive(Default)]
struct Backwards(Vec<sock_filter>);

impl Backwards {
    fn push(&mut self, instruction: sock_filter) -> usize {
        self.0.push(instruction);
        self.0.len().saturating_sub(1)
    }

    fn step(&mut self, code: u16, k: u32) -> usize {
        self.push(sock_filter { code, jt: 0, jf: 0, k })
    }

    fn jump(&mut self, code: u16, k: u32, yes: usize, no: usize) -> Option<usize> {
        let distance = |to: usize| u8::try_from(self.0.len().checked_sub(to)?.checked_sub(1)?).ok();
        let (jt, jf) = (distance(yes)?, distance(no)?);
        Some(self.push(sock_filter { code, jt, jf, k }))
    }

    fn check(&mut self, check: &Check, allow: usize, deny: usize) -> Option<usize> {
        let lower = ARGUMENTS.checked_add(check.argument.checked_mul(8)?)?;
        let mut next = deny;
        for value in &check.values {
            next = self.jump(EQUAL, *value, allow, next)?;
        }
        if check.mask != u32::MAX {
            self.step(AND, check.mask);
        }
        let mut start = self.step(LOAD, lower);
        if check.whole {
            self.jump(EQUAL, 0, start, deny)?;
            start = self.step(LOAD, lower.checked_add(4)?);
        }
        Some(start)
    }

    /// Halves the ranges until one is left.
    fn search(&mut self, ranges: &[(u32, usize)]) -> Option<usize> {
        let (lower, upper) = ranges.split_at(ranges.len() / 2);
        match (lower, upper) {
            ([], [(_, target)]) => Some(*target),
            (_, [(start, _), ..]) => {
                let upper = self.search(upper)?;
                let lower = self.search(lower)?;
                self.jump(AT_LEAST, *start, upper, lower)
            }
            (_, []) => None,
        }
    }
}

#[cfg(test)]
#[path = "program_tests.rs"]
mod tests;
