//! The installation's key: 32 bytes of chance in a file that only its owner can read. It is never in
//! the database, so a backup of the data alone gives away no secret of a phone.

use anyhow::{Context, bail};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use vestnik_app::{Entropy, InstanceKey};

use crate::wiring::SystemEntropy;

/// Reads the key, or makes it with mode 0600 where there is none.
pub(crate) fn read_or_make(path: &Path) -> anyhow::Result<InstanceKey> {
    if path.exists() {
        return read(path);
    }
    let mut key = [0u8; 32];
    SystemEntropy.fill(&mut key);
    let mut text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    text.push('\n');
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(mut file) => {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .with_context(|| format!("the key file {} cannot be written", path.display()))?;
            Ok(InstanceKey(key))
        }
        // Another process made it at the same moment.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read(path),
        Err(error) => {
            Err(error).with_context(|| format!("the key file {} cannot be made", path.display()))
        }
    }
}

fn read(path: &Path) -> anyhow::Result<InstanceKey> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the key file {} cannot be read", path.display()))?;
    let digits = text.trim();
    if digits.len() != 64 || !digits.is_ascii() {
        bail!("the key file {} must hold 64 hexadecimal digits", path.display());
    }
    let mut key = [0u8; 32];
    for (byte, pair) in key.iter_mut().zip(digits.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair)?;
        *byte = u8::from_str_radix(pair, 16).with_context(|| {
            format!("the key file {} must hold hexadecimal digits", path.display())
        })?;
    }
    Ok(InstanceKey(key))
}
