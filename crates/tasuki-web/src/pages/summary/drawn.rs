//! The blocks of paper on a screen.

use askama::Template;
use tasuki_report::Block;

/// Blocks as HTML.
#[derive(Template)]
#[template(path = "pages/summary/blocks.html")]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    /// The heading that names the table beneath it.
    heading: String,
}

impl Blocks {
    pub fn of(blocks: Vec<Block>) -> Self {
        let heading = blocks.iter().find_map(|block| match block {
            Block::Heading(words) => Some(words.clone()),
            _ => None,
        });
        Self {
            blocks,
            heading: heading.unwrap_or_default(),
        }
    }
}
