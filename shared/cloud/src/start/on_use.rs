//! A client that is made when it is first used. A function that never uses it neither makes it nor
//! has its code: the linker leaves out what nothing calls.

use std::sync::{Arc, OnceLock};

use aws_types::SdkConfig;

/// A client that can be made.
pub trait Made: Sized {
    /// Makes it, with the time limits and retries it is used with here.
    fn over(sdk: &SdkConfig) -> Self;
}

/// A client, made at most once. Clones share it.
#[derive(Clone, Debug)]
pub struct OnUse<C>(Arc<Held<C>>);

#[derive(Debug)]
struct Held<C> {
    sdk: SdkConfig,
    made: OnceLock<C>,
}

impl<C: Made> OnUse<C> {
    pub(crate) fn new(sdk: &SdkConfig) -> Self {
        Self(Arc::new(Held { sdk: sdk.clone(), made: OnceLock::new() }))
    }

    pub(crate) fn get(&self) -> &C {
        self.0.made.get_or_init(|| C::over(&self.0.sdk))
    }
}

impl<C> From<C> for OnUse<C> {
    fn from(client: C) -> Self {
        let sdk = SdkConfig::builder().build();
        Self(Arc::new(Held { sdk, made: OnceLock::from(client) }))
    }
}
