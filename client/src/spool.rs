//! Accepted entries on disk, until they are acknowledged.
//!
//! The folder holds segments, files named by ascending numbers with one entry a line. Entries are
//! only ever added to the newest segment. A segment is deleted when all in it is settled, so after a
//! crash some entries are sent again, which their `id` makes harmless.

use std::{
    collections::VecDeque,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::entry::Entry;

/// After this many bytes a new segment is begun.
const SEGMENT_BYTES: u64 = 1 << 20;

/// Held locked by the recorder that uses the folder.
const LOCK: &str = "lock";

/// Lines of old segments that are no entries, kept for people to look at.
const UNREADABLE: &str = "unreadable.txt";

pub(crate) struct Spool {
    folder: PathBuf,
    sync_each: bool,
    /// Complete segments that hold something unsettled, oldest first, with the number of the newest
    /// entry in each.
    complete: VecDeque<(PathBuf, u64)>,
    newest: Option<Segment>,
    next_number: u64,
    /// Locked while it is open.
    _lock: File,
}

struct Segment {
    path: PathBuf,
    file: File,
    bytes: u64,
    /// The number of the newest entry in it.
    last: u64,
}

/// What earlier runs left in a spool.
pub(crate) struct Backlog {
    /// Oldest first.
    pub(crate) segments: Vec<PathBuf>,
    pub(crate) entries: u64,
}

#[derive(Debug)]
pub(crate) enum OpenError {
    InUse,
    Io(io::Error),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Spool {
    /// Opens the spool in this folder, which is made if need be. The entries of the backlog are
    /// counted as numbers 1, 2, …
    pub(crate) fn open(folder: &Path, sync_each: bool) -> Result<(Self, Backlog), OpenError> {
        private_folder().create(folder)?;
        let lock = private_file().create(true).append(true).open(folder.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut spool = Self {
            folder: folder.to_owned(),
            sync_each,
            complete: VecDeque::new(),
            newest: None,
            next_number: 1,
            _lock: lock,
        };
        let entries = spool.take_over()?;
        let segments = spool.complete.iter().map(|(path, _)| path.clone()).collect();
        Ok((spool, Backlog { segments, entries }))
    }

    /// Finds the segments of earlier runs; the number of entries in them.
    fn take_over(&mut self) -> io::Result<u64> {
        let mut found = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let path = file?.path();
            if let Some(number) = number_of(&path) {
                found.push((number, path));
            }
        }
        found.sort();
        let mut entries = 0;
        for (number, path) in found {
            self.next_number = number + 1;
            let content = read(&path)?;
            if content.torn {
                tracing::warn!(segment = %path.display(), "the last line was not written whole");
            }
            if !content.unreadable.is_empty() {
                self.keep_unreadable(&path, &content.unreadable)?;
            }
            if content.entries.is_empty() {
                fs::remove_file(&path)?;
            } else {
                entries += content.entries.len() as u64;
                self.complete.push_back((path, entries));
            }
        }
        Ok(entries)
    }

    fn keep_unreadable(&self, segment: &Path, lines: &[Vec<u8>]) -> io::Result<()> {
        let path = self.folder.join(UNREADABLE);
        tracing::error!(
            lines = lines.len(),
            segment = %segment.display(),
            kept = %path.display(),
            "the spool holds lines that are no entries"
        );
        let mut file = private_file().create(true).append(true).open(path)?;
        file.write_all(&[lines.join(&b'\n'), b"\n".to_vec()].concat())
    }

    /// Adds the entry of this number. After an error the entry is not in the spool.
    pub(crate) fn append(&mut self, json: &str, number: u64) -> io::Result<()> {
        if let Some(full) = self.newest.take_if(|segment| segment.bytes >= SEGMENT_BYTES) {
            self.complete.push_back((full.path, full.last));
        }
        let mut segment = match self.newest.take() {
            Some(segment) => segment,
            None => self.create()?,
        };
        let line = format!("{json}\n");
        let written = segment
            .file
            .write_all(line.as_bytes())
            .and_then(|()| if self.sync_each { segment.file.sync_data() } else { Ok(()) });
        if written.is_ok() {
            segment.bytes += line.len() as u64;
            segment.last = number;
            self.newest = Some(segment);
        } else {
            // A part of the line may be there. If it cannot be cut off either, it is the last line
            // of its segment, where it does no harm.
            let _ = segment.file.set_len(segment.bytes);
            self.complete.push_back((segment.path, segment.last));
        }
        written
    }

    fn create(&mut self) -> io::Result<Segment> {
        let path = self.folder.join(format!("{:020}.jsonl", self.next_number));
        self.next_number += 1;
        let file = private_file().create_new(true).append(true).open(&path)?;
        // A file that its folder does not name yet does not outlive the machine's losing power.
        if self.sync_each && cfg!(unix) {
            File::open(&self.folder)?.sync_all()?;
        }
        Ok(Segment { path, file, bytes: 0, last: 0 })
    }

    /// Notes that all entries up to this number need not be kept.
    pub(crate) fn settled(&mut self, number: u64) {
        while let Some((path, _)) = self.complete.pop_front_if(|(_, last)| *last <= number) {
            delete(&path);
        }
        if self.complete.is_empty()
            && let Some(segment) = self.newest.take_if(|segment| segment.last <= number)
        {
            drop(segment.file);
            delete(&segment.path);
        }
    }
}

/// What a segment holds.
pub(crate) struct Content {
    /// The entries as JSON.
    pub(crate) entries: Vec<Arc<str>>,
    /// Lines that are no entries.
    unreadable: Vec<Vec<u8>>,
    /// Whether there is a last line that is no entry for not having been written to its end.
    torn: bool,
}

/// Reads a complete segment.
pub(crate) fn read(path: &Path) -> io::Result<Content> {
    let bytes = fs::read(path)?;
    let mut content = Content { entries: Vec::new(), unreadable: Vec::new(), torn: false };
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (text, whole) = match line.strip_suffix(b"\n") {
            Some(text) => (text, true),
            None => (line, false),
        };
        match str::from_utf8(text) {
            Ok(json) if serde_json::from_str::<Entry>(json).is_ok() => {
                content.entries.push(json.into());
            }
            _ if whole => content.unreadable.push(text.to_vec()),
            _ => content.torn = true,
        }
    }
    Ok(content)
}

fn number_of(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_suffix(".jsonl")?.parse().ok()
}

fn delete(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::warn!(%error, segment = %path.display(), "a sent segment stays, to be sent again");
    }
}

/// For files that the owner alone may read.
fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// For a folder that the owner alone may enter.
fn private_folder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// A folder of its own for a test, removed afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            Self(std::env::temp_dir().join(format!("customer-logs-client-{}", Uuid::now_v7())))
        }

        fn open(&self) -> (Spool, Backlog) {
            Spool::open(&self.0, false).unwrap()
        }

        fn segments(&self) -> Vec<PathBuf> {
            let files = fs::read_dir(&self.0).unwrap().map(|file| file.unwrap().path());
            let mut segments: Vec<PathBuf> =
                files.filter(|path| number_of(path).is_some()).collect();
            segments.sort();
            segments
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn line(n: u64) -> String {
        Entry::new("1", "Ana", format!("Act {n}")).complete().to_line()
    }

    fn all(backlog: &Backlog) -> Vec<String> {
        let contents = backlog.segments.iter().map(|path| read(path).unwrap());
        contents.flat_map(|content| content.entries).map(|json| json.to_string()).collect()
    }

    #[test]
    fn what_was_appended_is_found_again_in_order() {
        let folder = Folder::new();
        let lines: Vec<String> = (1..=5).map(line).collect();
        for (run, lines) in lines.chunks(2).enumerate() {
            let (mut spool, backlog) = folder.open();
            let before = backlog.entries;
            assert_eq!(before, 2 * run as u64);
            for (n, line) in (before + 1..).zip(lines) {
                spool.append(line, n).unwrap();
            }
        }
        let (_spool, backlog) = folder.open();
        assert_eq!(backlog.entries, 5);
        assert_eq!(all(&backlog), lines);
    }

    #[test]
    fn a_segment_is_deleted_when_all_in_it_is_settled() {
        let folder = Folder::new();
        let (mut spool, _) = folder.open();
        spool.append(&line(1), 1).unwrap();
        drop(spool);
        let (mut spool, backlog) = folder.open();
        assert_eq!(backlog.entries, 1);
        spool.append(&line(2), 2).unwrap();
        spool.append(&line(3), 3).unwrap();
        assert_eq!(folder.segments().len(), 2);
        spool.settled(1);
        assert_eq!(folder.segments().len(), 1);
        spool.settled(2);
        assert_eq!(folder.segments().len(), 1);
        spool.settled(3);
        assert!(folder.segments().is_empty());
        spool.append(&line(4), 4).unwrap();
        assert_eq!(folder.segments().len(), 1);
    }

    #[test]
    fn a_large_spool_is_of_several_segments_which_go_one_by_one() {
        let folder = Folder::new();
        let (mut spool, _) = folder.open();
        let large = Entry::new("1", "Ana", "x".repeat(SEGMENT_BYTES as usize)).to_line();
        for n in 1..=3 {
            spool.append(&large, n).unwrap();
        }
        for n in 1..=3 {
            assert_eq!(folder.segments().len(), 4 - n as usize);
            spool.settled(n);
        }
        assert!(folder.segments().is_empty());
    }

    #[test]
    fn a_torn_last_line_is_dropped_and_one_that_lacks_but_its_end_is_kept() {
        let folder = Folder::new();
        fs::create_dir_all(&folder.0).unwrap();
        let (first, second) = (line(1), line(2));
        let torn = &second[..second.len() - 5];
        fs::write(folder.0.join("00000000000000000001.jsonl"), format!("{first}\n{torn}")).unwrap();
        fs::write(folder.0.join("00000000000000000002.jsonl"), &second).unwrap();
        let (_spool, backlog) = folder.open();
        assert_eq!(all(&backlog), [first, second]);
        assert!(!folder.0.join(UNREADABLE).exists());
    }

    #[test]
    fn a_segment_with_nothing_but_a_torn_line_is_deleted() {
        let folder = Folder::new();
        fs::create_dir_all(&folder.0).unwrap();
        fs::write(folder.0.join("00000000000000000007.jsonl"), "{\"custo").unwrap();
        let (mut spool, backlog) = folder.open();
        assert_eq!(backlog.entries, 0);
        assert!(folder.segments().is_empty());
        spool.append(&line(1), 1).unwrap();
        assert!(folder.segments()[0].ends_with("00000000000000000008.jsonl"));
    }

    #[test]
    fn a_whole_line_that_is_no_entry_is_kept_aside() {
        let folder = Folder::new();
        fs::create_dir_all(&folder.0).unwrap();
        let mut bytes = b"{\"what\":1}\n\xff\n".to_vec();
        bytes.extend(format!("{}\n", line(1)).into_bytes());
        fs::write(folder.0.join("00000000000000000001.jsonl"), bytes).unwrap();
        let (_spool, backlog) = folder.open();
        assert_eq!(backlog.entries, 1);
        assert_eq!(fs::read(folder.0.join(UNREADABLE)).unwrap(), b"{\"what\":1}\n\xff\n");
    }

    #[test]
    fn a_folder_is_used_by_one_at_a_time() {
        let folder = Folder::new();
        let (spool, _) = folder.open();
        assert!(matches!(Spool::open(&folder.0, false), Err(OpenError::InUse)));
        drop(spool);
        let (mut spool, _) = Spool::open(&folder.0, true).unwrap();
        spool.append(&line(1), 1).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new();
        let (mut spool, _) = folder.open();
        spool.append(&line(1), 1).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.0), 0o700);
        assert_eq!(mode(&folder.segments()[0]), 0o600);
    }
}
