//! The one form that every record of the process has: typed fields, unknown ones refused.

/// Declares records: structs that are compared, stored and read from JSON in kebab-free
/// `snake_case`, refuse unknown fields, and describe themselves for the API document.
macro_rules! record {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name { $($body)* }
    )*};
}

/// Declares code lists: one word each in JSON, `kebab-case` unless another case is named.
macro_rules! list {
    (in $case:literal $(#[$meta:meta])* pub enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
                 serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = $case)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[allow(missing_docs, reason = "most values of a code list say what they are")]
        pub enum $name { $($(#[$vmeta])* $variant),* }

        impl $name {
            /// Every value, in the order declared.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
    ($($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* })*) => {$(
        list! { in "kebab-case" $(#[$meta])* pub enum $name { $($body)* } }
    )*};
}
