//! A signature made.

use super::c14n::canonical;
use super::tree::{Element, parse};
use super::{DSIG, DsigError, ENVELOPED, EXC_C14N, SHA256, SigningKey};
use crate::xml::{Document, Limits, Namespace, Writer, document};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::digest;

const DS: Namespace<'static> = Namespace::new("ds", DSIG);

/// The `ds:Signature` that goes into `unsigned`, a document whose root has an `ID`. `certificate`
/// in DER goes into `KeyInfo` for readers that look there.
pub(crate) fn signature(
    unsigned: &Document,
    key: &SigningKey,
    certificate: Option<&[u8]>,
) -> Result<Document, DsigError> {
    let root = parse(unsigned.as_str().as_bytes(), &Limits::default(), None)?;
    let id = root.attribute("ID").unwrap_or_default();
    let covered = canonical(&root, &[], None);
    let hash = STANDARD.encode(digest(&ring::digest::SHA256, covered.as_bytes()));
    let info = document(DS, "SignedInfo", |start| {
        start.content(|writer| write_info(writer, key.method(), id, &hash));
    });
    // In the document it stands below ds:Signature, which declares the same prefix: the canonical
    // form of an apex is the same wherever it stands.
    let apex: Element = parse(info.as_str().as_bytes(), &Limits::default(), None)?;
    let value = STANDARD.encode(key.sign(canonical(&apex, &[], None).as_bytes())?);
    Ok(document(DS, "Signature", |start| {
        start.content(|writer| {
            writer.element(DS, "SignedInfo").content(|writer| {
                write_info(writer, key.method(), id, &hash);
            });
            writer.element(DS, "SignatureValue").text(&value);
            if let Some(certificate) = certificate {
                writer.element(DS, "KeyInfo").content(|writer| {
                    writer.element(DS, "X509Data").content(|writer| {
                        let text = STANDARD.encode(certificate);
                        writer.element(DS, "X509Certificate").text(&text);
                    });
                });
            }
        });
    }))
}

fn write_info(writer: &mut Writer, method: &str, id: &str, hash: &str) {
    let empty = |writer: &mut Writer, name: &str, algorithm: &str| {
        drop(writer.element(DS, name).attribute("Algorithm", algorithm));
    };
    empty(writer, "CanonicalizationMethod", EXC_C14N);
    empty(writer, "SignatureMethod", method);
    let uri = format!("#{id}");
    let reference = writer.element(DS, "Reference").attribute("URI", &uri);
    reference.content(|writer| {
        writer.element(DS, "Transforms").content(|writer| {
            empty(writer, "Transform", ENVELOPED);
            empty(writer, "Transform", EXC_C14N);
        });
        empty(writer, "DigestMethod", SHA256);
        writer.element(DS, "DigestValue").text(hash);
    });
}
