//! Things of Go that show through the reference's behaviour: paths, operating system errors, how values are
//! printed.

mod errno;
mod fold;
mod path;
mod print;
mod text;

pub use errno::{OsError, PathError};
pub use path::{clean, is_abs, join};
pub use print::{print_value, type_name};
pub use text::lossy;

pub(crate) use fold::equal_fold;
pub(crate) use print::kind_name;
pub(crate) use text::push_lossy;
