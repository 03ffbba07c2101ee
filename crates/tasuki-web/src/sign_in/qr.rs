//! A QR code (ISO/IEC 18004) as one path of an SVG: what a page shows to a telephone's camera.

use qrcode::{Color, QrCode};
use tasuki_core::{Code, Fault};

/// A drawn code: the side of its view box, and the path of its dark modules.
pub(crate) struct Qr {
    pub side: usize,
    pub path: String,
}

/// Light modules around it (§6.3.8).
const QUIET: usize = 4;

/// The code of a text.
///
/// # Errors
/// `WEB-009` for a text that fits into none.
pub(crate) fn drawn(text: &str) -> Result<Qr, Fault> {
    let code = QrCode::new(text.as_bytes())
        .map_err(|e| Fault::new(Code::InternalFault, format!("qr: {e}")))?;
    let width = code.width();
    let dark = code
        .to_colors()
        .into_iter()
        .enumerate()
        .filter(|(_, color)| *color == Color::Dark)
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET));
    Ok(Qr {
        side: width + 2 * QUIET,
        path: dark.collect(),
    })
}

/// The same as rows of modules, for paper.
///
/// # Errors
/// As [`drawn`].
pub(crate) fn modules(text: &str) -> Result<Vec<Vec<bool>>, Fault> {
    let code = QrCode::new(text.as_bytes())
        .map_err(|e| Fault::new(Code::InternalFault, format!("qr: {e}")))?;
    let width = code.width().max(1);
    let colors = code.to_colors();
    let rows = colors.chunks(width);
    Ok(rows
        .map(|row| row.iter().map(|color| *color == Color::Dark).collect())
        .collect())
}
