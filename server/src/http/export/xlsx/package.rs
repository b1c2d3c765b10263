//! What an XLSX is packed in: a ZIP, written from front to back (each member's size stands after it).

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::super::written::Written;

/// The same as of gzip: what the next ones save is not worth their time.
const LEVEL: i64 = 1;

/// Takes members piece by piece.
pub(in super::super) struct Package {
    zip: ZipWriter<StreamWriter<Packed>>,
    packed: Packed,
}

impl Package {
    pub(in super::super) fn new() -> Self {
        let packed = Packed::default();
        Self { zip: ZipWriter::new_stream(packed.clone()), packed }
    }

    /// Takes a part; gives what of all parts is packed so far.
    pub(in super::super) fn take(&mut self, part: &Written) -> io::Result<Vec<u8>> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL));
        let mut from = 0;
        for (at, name) in &part.members {
            // Before the first member there is nothing, and nowhere to put it.
            if *at > from {
                self.zip.write_all(&part.text[from..*at])?;
            }
            self.zip.start_file(name.as_ref(), options)?;
            from = *at;
        }
        if part.text.len() > from {
            self.zip.write_all(&part.text[from..])?;
        }
        Ok(self.packed.take())
    }

    /// Ends it; gives what is left: the directory, without which nothing opens it. Dropped before this, it never
    /// gives that away.
    pub(in super::super) fn finish(self) -> io::Result<Vec<u8>> {
        self.zip.finish()?;
        Ok(self.packed.take())
    }
}

/// Where the ZIP is written to, and taken from. Nobody ever waits for it: both are the same thread.
#[derive(Clone, Default)]
struct Packed(Arc<Mutex<Vec<u8>>>);

impl Packed {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
