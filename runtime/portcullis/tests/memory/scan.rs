//! Every writable page of this process.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use zeroize::Zeroize as _;

use super::marker::Marker;

/// How much is looked at in one go.
const WINDOW: usize = 1 << 20;

/// The mappings in which the marker is, with its place.
pub(crate) fn found(marker: &Marker) -> Vec<String> {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let memory = File::open("/proc/self/mem").unwrap();
    let mut window = vec![0; WINDOW];
    let mut found = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|mode| mode.starts_with("rw")))
    {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [from, to] = [from, to].map(|address| u64::from_str_radix(address, 16).unwrap());
        let mut at = from;
        while at < to {
            let length = usize::try_from(to - at).unwrap().min(WINDOW);
            // What cannot be read has no page, or is gone since.
            if memory.read_exact_at(&mut window[..length], at).is_ok()
                && let Some(offset) = marker.find(&window[..length])
            {
                found.push(format!("{:#x} in {line}", at + u64::try_from(offset).unwrap()));
                break;
            }
            if length < WINDOW {
                break;
            }
            // A marker across two windows is whole in the second.
            at += u64::try_from(length - Marker::LENGTH).unwrap();
        }
        window.as_mut_slice().zeroize();
    }
    found
}
