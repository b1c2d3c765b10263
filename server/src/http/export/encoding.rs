//! How an export travels: as it is, or compressed where the client asks for it.

use std::{
    io::{self, Write as _},
    mem,
};

use axum::http::{HeaderMap, HeaderValue, header};
use flate2::{Compression, write::GzEncoder};
use zstd::stream::write::Encoder as ZstdEncoder;

/// By measurement (docs/performance.md): what the next ones save is not worth their time.
const ZSTD_LEVEL: i32 = 1;
const GZIP_LEVEL: u32 = 1;

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Zstd,
}

impl Encoding {
    /// What a request with these headers likes best of what there is; zstd where it does not matter to it.
    pub(super) fn asked_for(headers: &HeaderMap) -> Self {
        let mut best = (Self::Identity, 0);
        let accepted = headers.get_all(header::ACCEPT_ENCODING);
        for coding in
            accepted.iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','))
        {
            let mut parts = coding.split(';').map(str::trim);
            let encoding = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "zstd" => Self::Zstd,
                "gzip" | "x-gzip" => Self::Gzip,
                _ => continue,
            };
            let weight = parts.next().map_or(Some(1000), weight).unwrap_or_default();
            if weight > 0 && (weight, encoding as u8) > (best.1, best.0 as u8) {
                best = (encoding, weight);
            }
        }
        best.0
    }

    pub(super) const fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Zstd => Some(HeaderValue::from_static("zstd")),
        }
    }

    pub(super) fn encoder(self) -> io::Result<Encoder> {
        Ok(match self {
            Self::Identity => Encoder::Identity,
            Self::Gzip => {
                Encoder::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL))))
            }
            Self::Zstd => Encoder::Zstd(Box::new(ZstdEncoder::new(Vec::new(), ZSTD_LEVEL)?)),
        })
    }
}

/// `q=0.5` in thousandths.
fn weight(parameter: &str) -> Option<u32> {
    let weight: f32 = parameter.strip_prefix("q=")?.trim().parse().ok()?;
    (0.0..=1.0).contains(&weight).then_some((weight * 1000.0) as u32)
}

/// What encodes a body, part by part.
pub(super) enum Encoder {
    Identity,
    Gzip(Box<GzEncoder<Vec<u8>>>),
    Zstd(Box<ZstdEncoder<'static, Vec<u8>>>),
}

impl Encoder {
    /// Takes a part; gives what of all parts is encoded so far.
    pub(super) fn take(&mut self, part: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(part),
            Self::Gzip(encoder) => {
                encoder.write_all(&part)?;
                Ok(mem::take(encoder.get_mut()))
            }
            Self::Zstd(encoder) => {
                encoder.write_all(&part)?;
                Ok(mem::take(encoder.get_mut()))
            }
        }
    }

    /// Gives all that was taken. What is encoded is not ended by this.
    pub(super) fn flush(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(Vec::new()),
            Self::Gzip(encoder) => {
                encoder.flush()?;
                Ok(mem::take(encoder.get_mut()))
            }
            Self::Zstd(encoder) => {
                encoder.flush()?;
                Ok(mem::take(encoder.get_mut()))
            }
        }
    }

    /// Ends it; gives what is left.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(Vec::new()),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_says_what_it_likes_best() {
        for (accepted, encoding) in [
            (&[][..], Encoding::Identity),
            (&["gzip, deflate, br, zstd"], Encoding::Zstd),
            (&["gzip", "zstd"], Encoding::Zstd),
            (&["zstd;q=0.5, gzip"], Encoding::Gzip),
            (&["GZIP;q=0.1"], Encoding::Gzip),
            (&["gzip;q=0, br, *"], Encoding::Identity),
            (&["gzip;q=nothing"], Encoding::Identity),
            (&["identity"], Encoding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            for value in accepted {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(Encoding::asked_for(&headers), encoding, "{accepted:?}");
        }
    }
}
