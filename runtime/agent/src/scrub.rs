//! stand-in
use portcullis::SettingPath;
use zeroize::Zeroizing;
pub fn places_of(_text: &[u8]) -> Vec<SettingPath> {
    Vec::new()
}
pub fn scrub(_text: &[u8], _places: &[SettingPath]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::new())
}
