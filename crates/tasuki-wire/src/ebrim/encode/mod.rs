//! From XDS metadata to a `RegistryObjectList`, in the order that rim.xsd demands.

mod association;
mod entry;
mod package;
mod parts;

pub(super) use parts::slot;

use super::names::RIM;
use crate::xml::Writer;
use tasuki_model::xds::RegistryObject;

/// Writes a `RegistryObjectList` with these objects, and references after them.
pub fn write_objects<'o>(
    writer: &mut Writer,
    objects: impl IntoIterator<Item = &'o RegistryObject>,
    references: &[(String, Option<String>)],
) {
    write_list(writer, objects, references, |_| {});
}

/// The same with what `more` writes between objects and references.
pub(super) fn write_list<'o>(
    writer: &mut Writer,
    objects: impl IntoIterator<Item = &'o RegistryObject>,
    references: &[(String, Option<String>)],
    more: impl FnOnce(&mut Writer),
) {
    writer.element(RIM, "RegistryObjectList").content(|list| {
        for object in objects {
            match object {
                RegistryObject::Set(set) => package::write_set(list, set),
                RegistryObject::Entry(entry) => entry::write(list, entry),
                RegistryObject::Folder(folder) => package::write_folder(list, folder),
                RegistryObject::Association(association) => association::write(list, association),
            }
        }
        more(list);
        for (id, home) in references {
            let reference = list.element(RIM, "ObjectRef").attribute("id", id);
            drop(reference.attribute_if("home", home.as_deref()));
        }
    });
}
