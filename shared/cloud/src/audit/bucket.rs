//! The bucket of anchors. An object's key is the anchor's number, so there is one anchor of each
//! number, keys sort as time does, and one that was taken away leaves a gap that the keys alone
//! show. No key is written twice: S3 refuses a second object of the same key here, and on AWS the
//! bucket keeps each version for years whoever asks.

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::types::ChecksumAlgorithm;
use tokio::task::JoinSet;

use super::{Anchor, AnchorFault};
use crate::fault::Fault;
use crate::start::OnUse;

const PREFIX: &str = "anchors/";
const SUFFIX: &str = ".json";

/// How many objects are read side by side.
pub(super) const AT_ONCE: usize = 16;

/// What S3 answers where an object of this key is there already.
const TAKEN: &str = "PreconditionFailed";

/// An anchor as it was found.
pub(super) type Found = Result<Anchor, AnchorFault>;

#[derive(Clone, Debug)]
pub(super) struct Bucket {
    client: OnUse<Client>,
    name: Option<String>,
}

impl Bucket {
    pub(super) const fn new(client: OnUse<Client>, name: Option<String>) -> Self {
        Self { client, name }
    }

    pub(super) fn warm_up(&self) {
        self.client.get();
    }

    fn name(&self) -> Result<&str, Fault> {
        let none = || Fault::give_up("reach the anchors", "this function has no ANCHORS_BUCKET");
        self.name.as_deref().ok_or_else(none)
    }

    /// The numbers of all anchors, in order. What has another key is none.
    pub(super) async fn numbers(&self) -> Result<Vec<u64>, Fault> {
        let mut numbers = Vec::new();
        let mut from = None;
        loop {
            let request = self.client.get().list_objects_v2().bucket(self.name()?).prefix(PREFIX);
            let page = Box::pin(request.set_continuation_token(from).send())
                .await
                .map_err(|error| Fault::sdk("list the anchors", error))?;
            let keys = page.contents.unwrap_or_default().into_iter().filter_map(|it| it.key);
            numbers.extend(keys.filter_map(|key| number(&key)));
            from = page.next_continuation_token;
            if from.is_none() {
                numbers.sort_unstable();
                return Ok(numbers);
            }
        }
    }

    /// Reads anchors, at most [`AT_ONCE`].
    pub(super) async fn read(&self, numbers: &[u64]) -> Result<BTreeMap<u64, Found>, Fault> {
        let mut reading = JoinSet::new();
        for &number in numbers {
            let bucket = self.clone();
            reading.spawn(async move { Ok::<_, Fault>((number, bucket.get(number).await?)) });
        }
        let mut anchors = BTreeMap::new();
        while let Some(read) = reading.join_next().await {
            let (number, bytes) = read.map_err(|error| Fault::retry("read anchors", error))??;
            let found = bytes.ok_or(AnchorFault::Missing);
            anchors.insert(number, found.and_then(|bytes| Anchor::read(number, &bytes)));
        }
        Ok(anchors)
    }

    async fn get(&self, number: u64) -> Result<Option<Vec<u8>>, Fault> {
        let request = self.client.get().get_object().bucket(self.name()?).key(key(number));
        let object = match request.send().await {
            Ok(object) => object,
            Err(error) => match error.as_service_error() {
                Some(GetObjectError::NoSuchKey(_)) => return Ok(None),
                _ => return Err(Fault::sdk("read an anchor", error)),
            },
        };
        let bytes = object.body.collect().await;
        bytes
            .map(|bytes| Some(bytes.to_vec()))
            .map_err(|error| Fault::retry("read an anchor to its end", error))
    }

    /// Writes an anchor. Gives whether it is the one of its number; another run may have been
    /// first. One that was written and whose answer was lost is recognised by its bytes.
    pub(super) async fn write(&self, anchor: &Anchor) -> Result<bool, Fault> {
        let bytes = anchor.write()?;
        let request = self
            .client
            .get()
            .put_object()
            .bucket(self.name()?)
            .key(key(anchor.number))
            .if_none_match("*")
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .content_type("application/json")
            .body(bytes.clone().into());
        match Box::pin(request.send()).await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some(TAKEN) => {
                Ok(self.get(anchor.number).await?.as_ref() == Some(&bytes))
            }
            Err(error) => Err(Fault::sdk("write an anchor", error)),
        }
    }
}

fn key(number: u64) -> String {
    format!("{PREFIX}{number:010}{SUFFIX}")
}

fn number(of: &str) -> Option<u64> {
    let number = of.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok()?;
    // Only the one spelling is accepted, so that a number and its object stand one to one.
    (number > 0 && key(number) == of).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_rubbish_is_none() {
        assert_eq!(number(&key(42)), Some(42));
        assert!(key(9) < key(10));
        for bad in ["anchors/42.json", "anchors/0000000000.json", "anchors/x.json", "0000000042"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
