//! What a component may consist of: counted before it is compiled, in one pass that costs far less than compiling.
//!
//! wasmtime's own position is that the time and memory of compiling are the embedder's to bound. A compile worker
//! bounds them by force; a compiler on a thread of the host has only these counts. They hold in both.

use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentTypeRef, Encoding, FunctionBody, Operator, Parser, Payload,
};

use super::CompileError;

/// A count that is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Functions that core modules define. JavaScript and Python guests have some ten thousand. Each costs 0.2 ms and
    /// 5 KiB at the least.
    Functions,
    /// Bytes of one function. Compiling takes more than linear time in them; an interpreter's loop has 200 KiB.
    FunctionBytes,
    /// Loops inside one another in one function. Time grows with the cube: 100 take 0.1 s, 500 take 10 s, in 7 KiB.
    /// What people and compilers write has ten or twenty.
    Loops,
    /// Locals of all functions together: 50,000 of them take three bytes to declare. Honest functions have about ten.
    Locals,
    /// Data segments of all modules together. The Go linker, which makes most, stops at this number.
    DataSegments,
    /// Components and modules inside one another. Composed components have two or three layers.
    Depth,
    /// Core modules. A Python guest has about forty.
    Modules,
    /// Instances, counted as often as the component around them is instantiated: a few hundred bytes of components
    /// that instantiate one another ten times each would be flattened into billions.
    Instances,
    /// Lifted and lowered functions, counted like instances. A trampoline each; honest components have some hundreds.
    CanonicalFunctions,
}

impl Bound {
    pub(super) const ALL: [Self; 9] = [
        Self::Functions,
        Self::FunctionBytes,
        Self::Loops,
        Self::Locals,
        Self::DataSegments,
        Self::Depth,
        Self::Modules,
        Self::Instances,
        Self::CanonicalFunctions,
    ];

    /// The most that is compiled.
    pub(super) const fn limit(self) -> u64 {
        match self {
            Self::Functions => 200_000,
            Self::FunctionBytes => 1 << 20,
            Self::Loops => 100,
            Self::Locals => 4_000_000,
            Self::DataSegments => 100_000,
            Self::Depth => 16,
            Self::Modules => 256,
            Self::Instances => 1_000,
            Self::CanonicalFunctions => 50_000,
        }
    }

    /// What is counted, for messages.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::FunctionBytes => "bytes in one function",
            Self::Loops => "loops inside one another",
            Self::Locals => "locals",
            Self::DataSegments => "data segments",
            Self::Depth => "layers of components",
            Self::Modules => "core modules",
            Self::Instances => "instances",
            Self::CanonicalFunctions => "lifted and lowered functions",
        }
    }

    fn check(self, found: u64) -> Result<(), CompileError> {
        if found > self.limit() { Err(CompileError::too_complex(self, found)) } else { Ok(()) }
    }
}

/// Refuses a component that exceeds a bound.
pub(super) fn check(component: &[u8]) -> Result<(), CompileError> {
    let mut survey = Survey::default();
    for payload in Parser::new(0).parse_all(component) {
        survey.payload(payload?)?;
    }
    Ok(())
}

impl From<BinaryReaderError> for CompileError {
    fn from(error: BinaryReaderError) -> Self {
        Self::invalid(&error.to_string())
    }
}

/// What has been counted so far.
#[derive(Default)]
struct Survey {
    functions: u64,
    locals: u64,
    data_segments: u64,
    modules: u64,
    /// The component or module that is being read, and those around it.
    open: Vec<Layer>,
}

/// One component. A core module is one too, without any of this.
#[derive(Default)]
struct Layer {
    is_module: bool,
    /// Its index space of components. `None` is one that comes from elsewhere.
    components: Vec<Option<Cost>>,
    cost: Cost,
}

/// What one instantiation comes to, with all that is inside.
#[derive(Clone, Copy, Default)]
struct Cost {
    instances: u64,
    canonical_functions: u64,
}

impl Cost {
    fn add(&mut self, other: Self) -> Result<(), CompileError> {
        self.instances = self.instances.saturating_add(other.instances);
        self.canonical_functions = self.canonical_functions.saturating_add(other.canonical_functions);
        Bound::Instances.check(self.instances)?;
        Bound::CanonicalFunctions.check(self.canonical_functions)
    }

    const fn instances(instances: u64) -> Self {
        Self { instances, canonical_functions: 0 }
    }
}

impl Survey {
    fn payload(&mut self, payload: Payload<'_>) -> Result<(), CompileError> {
        match payload {
            Payload::Version { encoding, .. } => {
                self.open.push(Layer { is_module: encoding == Encoding::Module, ..Layer::default() });
                return Bound::Depth.check(self.open.len() as u64);
            }
            Payload::End(_) => self.close(),
            Payload::ModuleSection { .. } => {
                self.modules = self.modules.saturating_add(1);
                return Bound::Modules.check(self.modules);
            }
            Payload::CodeSectionStart { count, .. } => {
                self.functions = self.functions.saturating_add(count.into());
                return Bound::Functions.check(self.functions);
            }
            Payload::CodeSectionEntry(body) => {
                Bound::FunctionBytes.check(body.range().len() as u64)?;
                for local in body.get_locals_reader()? {
                    self.locals = self.locals.saturating_add(local?.0.into());
                }
                Bound::Locals.check(self.locals)?;
                return Bound::Loops.check(deepest_loops(&body)?);
            }
            Payload::DataSection(section) => {
                self.data_segments = self.data_segments.saturating_add(section.count().into());
                return Bound::DataSegments.check(self.data_segments);
            }
            other => self.component(other)?,
        }
        Ok(())
    }

    /// What only components have: their index space of components, and what they instantiate.
    fn component(&mut self, payload: Payload<'_>) -> Result<(), CompileError> {
        let mut cost = Cost::default();
        match payload {
            Payload::InstanceSection(section) => cost.add(Cost::instances(section.count().into()))?,
            Payload::ComponentCanonicalSection(section) => cost.canonical_functions = section.count().into(),
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    cost.add(Cost::instances(1))?;
                    if let ComponentInstance::Instantiate { component_index, .. } = instance? {
                        cost.add(self.find(0, component_index).ok_or_else(unknown)?)?;
                    }
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    if matches!(import?.ty, ComponentTypeRef::Component(_)) {
                        self.define(None);
                    }
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    match alias? {
                        ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, count, index } => {
                            self.define(self.find(count, index));
                        }
                        ComponentAlias::InstanceExport { kind: ComponentExternalKind::Component, .. } => {
                            self.define(None);
                        }
                        _ => {}
                    }
                }
            }
            // An export gives what it exports an index once more.
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ComponentExternalKind::Component {
                        self.define(self.find(0, export.index));
                    }
                }
            }
            _ => return Ok(()),
        }
        match self.open.last_mut() {
            Some(layer) => layer.cost.add(cost),
            None => Ok(()),
        }
    }

    fn define(&mut self, component: Option<Cost>) {
        if let Some(layer) = self.open.last_mut() {
            layer.components.push(component);
        }
    }

    fn find(&self, outwards: u32, index: u32) -> Option<Cost> {
        let layer = self.open.iter().rev().nth(usize::try_from(outwards).ok()?)?;
        *layer.components.get(usize::try_from(index).ok()?)?
    }

    fn close(&mut self) {
        let closed = self.open.pop();
        if let (Some(closed), Some(around)) = (closed, self.open.last_mut())
            && !closed.is_module
        {
            around.components.push(Some(closed.cost));
        }
    }
}

/// How many loops are inside one another at most.
fn deepest_loops(body: &FunctionBody<'_>) -> Result<u64, BinaryReaderError> {
    let mut open = Vec::new();
    let (mut now, mut most) = (0_u64, 0);
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Loop { .. } => {
                open.push(1);
                now = now.saturating_add(1);
                most = most.max(now);
            }
            Operator::Block { .. } | Operator::If { .. } | Operator::TryTable { .. } => open.push(0),
            // The last one ends the function itself. Wherever this is wrong, the validator refuses the function.
            Operator::End => now = now.saturating_sub(open.pop().unwrap_or_default()),
            _ => {}
        }
    }
    Ok(most)
}

/// A component that takes a component as an argument could be passed to itself: no count bounds that.
fn unknown() -> CompileError {
    CompileError::invalid("it instantiates a component that it does not contain, which is not supported")
}

#[cfg(test)]
mod tests;
