//! What proves that a file is whole: its SHA-256, taken as it is written, and the trailers that carry it.

use std::{fmt::Write as _, io};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

use super::{
    encoding::{Encoder, Encoding},
    written::Written,
    xlsx::package::Package,
};

/// The digest of the body as it travels (RFC 9530).
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");
/// The digest of the file (draft-ietf-httpbis-unencoded-digest), which is the same where nothing compresses.
const UNENCODED_DIGEST: HeaderName = HeaderName::from_static("unencoded-digest");
/// How many entries the file has.
const ENTRIES: HeaderName = HeaderName::from_static("export-entries");

/// The names of the trailers, as they are announced.
pub(super) const TRAILERS: HeaderValue =
    HeaderValue::from_static("Repr-Digest, Unencoded-Digest, Export-Entries");

/// Takes a file part by part: packs it where it is a package, hashes it, encodes it, and hashes what comes of it.
pub(super) struct Seal {
    package: Option<Package>,
    file: Sha256,
    /// How large the file is so far.
    bytes: u64,
    encoder: Encoder,
    /// Of what was encoded; nothing where that is the file itself.
    encoded: Option<Sha256>,
}

impl Seal {
    /// Of a file that is a package, or not.
    pub(super) fn new(encoding: Encoding, packs: bool) -> io::Result<Self> {
        let encoded = (encoding != Encoding::Identity).then(Sha256::new);
        let package = packs.then(Package::new);
        Ok(Self { package, file: Sha256::new(), bytes: 0, encoder: encoding.encoder()?, encoded })
    }

    /// Takes a part of the file; gives a part of the body.
    pub(super) fn take(&mut self, part: Written) -> io::Result<Vec<u8>> {
        let part = match &mut self.package {
            None => part.text,
            Some(package) => package.take(&part)?,
        };
        self.hash(part)
    }

    fn hash(&mut self, part: Vec<u8>) -> io::Result<Vec<u8>> {
        self.file.update(&part);
        self.bytes += part.len() as u64;
        let body = self.encoder.take(part)?;
        if let Some(encoded) = &mut self.encoded {
            encoded.update(&body);
        }
        Ok(body)
    }

    /// How large the file is so far, in bytes.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The SHA-256 of the file so far.
    pub(super) fn sha256(&self) -> String {
        self.file.clone().finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _infallible = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// Gives all that was taken, of a file that broke off.
    pub(super) fn broken_off(mut self) -> io::Result<Vec<u8>> {
        self.encoder.flush()
    }

    /// Ends a file of so many entries.
    pub(super) fn finish(mut self, entries: u64) -> io::Result<Whole> {
        let mut left = match self.package.take() {
            None => Vec::new(),
            Some(package) => self.hash(package.finish()?)?,
        };
        let last = self.encoder.finish()?;
        let sha256 = self.file.finalize().into();
        let file = digest(sha256)?;
        let body = match self.encoded {
            None => file.clone(),
            Some(encoded) => digest(encoded.chain_update(&last).finalize().into())?,
        };
        left.extend(last);
        let mut trailers = HeaderMap::new();
        trailers.insert(REPR_DIGEST, body);
        trailers.insert(UNENCODED_DIGEST, file);
        trailers.insert(ENTRIES, entries.into());
        Ok(Whole { left, trailers, sha256, bytes: self.bytes })
    }
}

/// The end of a whole file.
pub(super) struct Whole {
    /// What is left of its body.
    pub(super) left: Vec<u8>,
    pub(super) trailers: HeaderMap,
    /// Of the file.
    pub(super) sha256: [u8; 32],
    /// How large the file is.
    pub(super) bytes: u64,
}

/// As RFC 9530 writes it.
fn digest(sha256: [u8; 32]) -> io::Result<HeaderValue> {
    let digest = format!("sha-256=:{}:", BASE64_STANDARD.encode(sha256));
    digest.try_into().map_err(io::Error::other)
}
