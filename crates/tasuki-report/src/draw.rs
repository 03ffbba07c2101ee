//! Pages become a PDF. Every glyph carries its character, so that what is printed can be searched,
//! copied and read aloud.

use crate::Document;
use crate::face::Faces;
use crate::pages::{HEIGHT, Page, Placed, WIDTH};
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::KrillaGlyph;
use tasuki_core::{Code, Fault};

pub(crate) fn pdf(document: &Document, pages: &[Page], faces: &Faces) -> Result<Vec<u8>, Fault> {
    let broken = |what: &str| Fault::new(Code::InternalFault, format!("pdf: {what}"));
    let mut pdf = krilla::Document::new();
    pdf.set_metadata(
        Metadata::new()
            .title(document.title.clone())
            .language(document.lang.clone())
            .creator("Tasuki".to_owned()),
    );
    let mut measure = faces.measure();
    for placed in pages {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| broken("page"))?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        for one in placed {
            match one {
                Placed::Text { x, y, size, text } => {
                    let mut x = *x;
                    for run in runs(text, &mut measure) {
                        let Some(font) = faces.font(run.face) else {
                            continue;
                        };
                        fill(&mut surface);
                        surface.draw_glyphs(
                            Point::from_xy(x, *y),
                            &run.glyphs,
                            font,
                            run.text,
                            *size,
                            false,
                        );
                        x += run.glyphs.iter().map(|g| g.x_advance * size).sum::<f32>();
                    }
                }
                Placed::Rule { x, y, width, thick } => {
                    fill(&mut surface);
                    if let Some(path) = rectangle(*x, *y, *width, *thick) {
                        surface.draw_path(&path);
                    }
                }
                Placed::Frame {
                    x,
                    y,
                    width,
                    height,
                } => {
                    surface.set_fill(None);
                    surface.set_stroke(Some(Stroke::default()));
                    if let Some(path) = rectangle(*x, *y, *width, *height) {
                        surface.draw_path(&path);
                    }
                }
            }
        }
        surface.finish();
        page.finish();
    }
    pdf.finish().map_err(|e| broken(&format!("{e:?}")))
}

fn fill(surface: &mut Surface<'_>) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height)?);
    path.finish()
}

/// Characters in a row of one typeface.
struct Run<'t> {
    face: usize,
    text: &'t str,
    glyphs: Vec<KrillaGlyph>,
}

fn runs<'t>(text: &'t str, measure: &mut crate::face::Measure<'_>) -> Vec<Run<'t>> {
    let mut runs: Vec<Run<'t>> = Vec::new();
    let mut begun = 0;
    for (at, character) in text.char_indices() {
        let Some(glyph) = measure.glyph(character) else {
            continue;
        };
        if runs.last().is_none_or(|run| run.face != glyph.face) {
            begun = at;
            runs.push(Run {
                face: glyph.face,
                text: "",
                glyphs: Vec::new(),
            });
        }
        let end = at + character.len_utf8();
        if let Some(run) = runs.last_mut() {
            run.text = text.get(begun..end).unwrap_or_default();
            let range = at - begun..end - begun;
            let (id, width) = (glyph.id, glyph.width);
            run.glyphs
                .push(KrillaGlyph::new(id, width, 0.0, 0.0, 0.0, range, None));
        }
    }
    runs
}
