//! The files of the portal that are not pages: style sheet and scripts, embedded at build.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One embedded file. Its address holds its hash, so that it may be cached for ever.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// File name, such as `portal.css`.
    pub name: &'static str,
    /// 16 hexadecimal digits that change with the content.
    pub hash: &'static str,
    /// Content-Type.
    pub media_type: &'static str,
    /// The content as it is.
    pub bytes: &'static [u8],
    /// The same content compressed by gzip, when the assets were built.
    pub gzip: Option<&'static [u8]>,
}

impl Asset {
    /// The file of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ASSETS.iter().find(|asset| asset.name == name)
    }

    /// Its address: `/assets/<hash>/<name>`.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/assets/{}/{}", self.hash, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{ASSETS_BUILT, Asset};

    #[test]
    fn the_style_sheet_is_there_with_or_without_a_front_end_build() {
        let sheet = Asset::named("portal.css").expect("portal.css");
        assert!(sheet.bytes.len() > 100);
        assert!(sheet.href().ends_with("/portal.css"));
        assert_eq!(sheet.gzip.is_some(), ASSETS_BUILT);
    }
}
