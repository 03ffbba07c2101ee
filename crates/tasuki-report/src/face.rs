//! Typefaces: which glyph a character has, how wide it is.

use krilla::text::{Font, GlyphId};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tasuki_core::{Code, Fault};

/// Stands for a character that no typeface has: 下駄, as Japanese printers do.
const GETA: char = '〓';
/// The largest font file.
const FILE_MAX: u64 = 128 * 1024 * 1024;

/// The typefaces of a document: one, and those that stand in for what it lacks.
#[derive(Clone)]
pub struct Faces(Vec<Face>);

#[derive(Clone)]
struct Face {
    bytes: Arc<Vec<u8>>,
    font: Font,
}

impl Faces {
    /// Reads font files (OpenType; of a collection the first face), the first one first.
    ///
    /// # Errors
    /// `PRN-001` where there is none, or one cannot be read or is no font.
    pub fn read<P: AsRef<Path>>(files: &[P]) -> Result<Self, Fault> {
        if files.is_empty() {
            return Err(Fault::new(Code::FontMissing, "no font file is named"));
        }
        let face = |file: &P| {
            let file = file.as_ref();
            let wrong =
                |why: &str| Fault::new(Code::FontMissing, format!("{}: {why}", file.display()));
            let size = std::fs::metadata(file)
                .map_err(|e| wrong(&e.to_string()))?
                .len();
            if size > FILE_MAX {
                return Err(wrong("too large"));
            }
            let bytes = Arc::new(std::fs::read(file).map_err(|e| wrong(&e.to_string()))?);
            let font = Font::new(Arc::clone(&bytes).into(), 0).ok_or_else(|| wrong("no font"))?;
            Ok(Face { bytes, font })
        };
        files.iter().map(face).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn font(&self, face: usize) -> Option<Font> {
        self.0.get(face).map(|face| face.font.clone())
    }

    /// How wide characters are, each looked up once.
    pub(crate) fn measure(&self) -> Measure<'_> {
        let fonts = self.0.iter();
        let fonts = fonts.filter_map(|face| FontRef::from_index(&face.bytes, 0).ok());
        Measure {
            fonts: fonts.collect(),
            known: HashMap::new(),
        }
    }
}

/// A character as a typeface has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub face: usize,
    pub id: GlyphId,
    /// Its width at size 1.
    pub width: f32,
}

/// Looks characters up.
pub(crate) struct Measure<'a> {
    fonts: Vec<FontRef<'a>>,
    known: HashMap<char, Option<Glyph>>,
}

impl Measure<'_> {
    /// The glyph of a character, or that of the 下駄.
    pub fn glyph(&mut self, character: char) -> Option<Glyph> {
        let shown = if character.is_control() {
            ' '
        } else {
            character
        };
        self.find(shown).or_else(|| self.find(GETA))
    }

    /// How wide a character is at a size.
    pub fn width(&mut self, character: char, size: f32) -> f32 {
        self.glyph(character)
            .map_or(size, |glyph| glyph.width * size)
    }

    /// How wide a line is.
    pub fn line(&mut self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.width(c, size)).sum()
    }

    fn find(&mut self, character: char) -> Option<Glyph> {
        let fonts = &self.fonts;
        *self.known.entry(character).or_insert_with(|| {
            fonts.iter().enumerate().find_map(|(face, font)| {
                let id = font.charmap().map(character)?;
                let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
                let em = font.metrics(Size::unscaled(), LocationRef::default());
                let width = metrics.advance_width(id)? / f32::from(em.units_per_em.max(1));
                Some(Glyph {
                    face,
                    id: GlyphId::new(id.to_u32()),
                    width,
                })
            })
        })
    }
}
