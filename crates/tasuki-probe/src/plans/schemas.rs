//! Every body that is answered, held against the published schemas of the exchange.

use crate::failure::{Done, Failure};
use crate::tree::parse;
use crate::xpath;
use std::path::{Path, PathBuf};

/// Root element and its schema. `xop:Include` stands for bytes by XOP and not by the schema, so
/// bodies with one are left to those who read the bytes.
const SCHEMAS: [(&str, &str); 6] = [
    ("AdhocQueryRequest", "nist/v3/query.xsd"),
    ("AdhocQueryResponse", "nist/v3/query.xsd"),
    ("RegistryResponse", "nist/v3/rs.xsd"),
    (
        "RetrieveDocumentSetRequest",
        "nist/v3/XDS.b_DocumentRepository.xsd",
    ),
    (
        "RetrieveDocumentSetResponse",
        "nist/v3/XDS.b_DocumentRepository.xsd",
    ),
    (
        "PRPA_IN201306UV02",
        "hl7v3/schema/HL7V3/NE2008/multicacheschemas/PRPA_IN201306UV02.xsd",
    ),
];

/// Bodies on their way to the schemas.
#[derive(Debug)]
pub struct Bodies {
    folder: PathBuf,
    count: usize,
    kept: [Vec<PathBuf>; SCHEMAS.len()],
}

impl Bodies {
    /// Keeps them in a folder, which is made.
    ///
    /// # Errors
    /// Where it cannot be.
    pub fn new(folder: &Path) -> Done<Self> {
        std::fs::create_dir_all(folder).map_err(|e| Failure::io(folder.display(), &e))?;
        Ok(Self {
            folder: folder.to_owned(),
            count: 0,
            kept: Default::default(),
        })
    }

    /// Takes one.
    ///
    /// # Errors
    /// Where it is no XML, or cannot be written.
    pub fn take(&mut self, name: &str, body: &str) -> Done {
        let document = parse(body)?;
        let root = document.root_element().tag_name().name();
        if body.contains("http://www.w3.org/2004/08/xop/include") {
            return Ok(());
        }
        self.count += 1;
        for ((of, _), kept) in SCHEMAS.iter().zip(&mut self.kept) {
            if *of == root {
                let file = self.folder.join(format!("{}-{name}.xml", self.count));
                std::fs::write(&file, body).map_err(|e| Failure::io(file.display(), &e))?;
                kept.push(file);
            }
        }
        Ok(())
    }

    /// How many were valid, and what the schemas say against the others.
    ///
    /// # Errors
    /// Where `xmllint` cannot be run.
    pub fn judge(&self, schemas: &Path) -> Done<(usize, Vec<String>)> {
        let (mut valid, mut wrong) = (0, Vec::new());
        for ((_, schema), files) in SCHEMAS.iter().zip(&self.kept) {
            let against = xpath::schema(&schemas.join(schema), files)?;
            valid += files.len() - against.len();
            wrong.extend(against);
        }
        Ok((valid, wrong))
    }
}
