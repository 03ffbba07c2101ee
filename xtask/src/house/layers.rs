//! Which crate may use which, and which outside crates it must not know (ARCHITECTURE.md).

use crate::failure::{Done, fail};
use crate::workspace::Workspace;
use std::ffi::OsString;

struct Layer {
    name: &'static str,
    may_use: &'static [&'static str],
    must_not_know: &'static [Topic],
}

/// A subject matter, by the outside crates that bring it.
#[derive(Clone, Copy)]
enum Topic {
    Sockets,
    Http,
    Sql,
    Xml,
    Html,
    Everything,
}

impl Topic {
    fn crates(self) -> &'static [&'static str] {
        match self {
            Self::Sockets => &["tokio", "rustls", "tokio-rustls", "rustix", "notify"],
            Self::Http => &[
                "axum",
                "http",
                "http-body-util",
                "hyper",
                "hyper-util",
                "tower",
            ],
            Self::Sql => &["rusqlite", "postgres", "tokio-postgres"],
            Self::Xml => &["quick-xml", "roxmltree", "uppsala", "bergshamra"],
            Self::Html => &["askama"],
            Self::Everything => &[],
        }
    }
}

use Topic::{Everything, Html, Http, Sockets, Sql, Xml};

/// From the bottom to the top. A crate that is not here may not exist.
const LAYERS: &[Layer] = &[
    Layer {
        name: "tasuki-model",
        may_use: &[],
        must_not_know: &[Sockets, Http, Sql, Xml, Html],
    },
    Layer {
        name: "tasuki-wire",
        may_use: &["tasuki-model"],
        must_not_know: &[Sockets, Http, Sql, Html],
    },
    Layer {
        name: "tasuki-core",
        may_use: &["tasuki-model"],
        must_not_know: &[Sockets, Http, Sql, Xml, Html],
    },
    Layer {
        name: "tasuki-records",
        may_use: &["tasuki-model", "tasuki-wire", "tasuki-core"],
        must_not_know: &[Sockets, Http, Sql],
    },
    Layer {
        name: "tasuki-report",
        may_use: &["tasuki-core"],
        must_not_know: &[Sockets, Http, Sql, Xml, Html],
    },
    Layer {
        name: "tasuki-feeds",
        may_use: &[
            "tasuki-model",
            "tasuki-wire",
            "tasuki-core",
            "tasuki-records",
        ],
        must_not_know: &[Sql, Html],
    },
    Layer {
        name: "tasuki-ihe",
        may_use: &["tasuki-model", "tasuki-wire", "tasuki-core"],
        must_not_know: &[Sql, Html],
    },
    Layer {
        name: "tasuki-imaging",
        may_use: &["tasuki-model", "tasuki-wire", "tasuki-core"],
        must_not_know: &[Sql, Html],
    },
    Layer {
        name: "tasuki-fhir",
        may_use: &[
            "tasuki-model",
            "tasuki-wire",
            "tasuki-core",
            "tasuki-records",
        ],
        must_not_know: &[Sql, Html],
    },
    Layer {
        name: "tasuki-store",
        may_use: &["tasuki-model", "tasuki-core"],
        must_not_know: &[Http, Xml, Html],
    },
    Layer {
        name: "tasuki-web",
        may_use: &[
            "tasuki-model",
            "tasuki-core",
            "tasuki-records",
            "tasuki-report",
        ],
        must_not_know: &[Sql, Xml],
    },
    Layer {
        name: "tasuki",
        may_use: &[
            "tasuki-model",
            "tasuki-wire",
            "tasuki-core",
            "tasuki-records",
            "tasuki-feeds",
            "tasuki-ihe",
            "tasuki-imaging",
            "tasuki-fhir",
            "tasuki-store",
            "tasuki-web",
        ],
        must_not_know: &[],
    },
    Layer {
        name: "tasuki-testkit",
        may_use: &[
            "tasuki-model",
            "tasuki-wire",
            "tasuki-core",
            "tasuki-records",
            "tasuki-feeds",
            "tasuki-ihe",
            "tasuki-imaging",
            "tasuki-fhir",
            "tasuki-store",
            "tasuki-web",
            "tasuki",
        ],
        must_not_know: &[],
    },
    // Asks a node from outside: with Tasuki's own readers it would repeat their mistakes.
    Layer {
        name: "tasuki-probe",
        may_use: &[],
        must_not_know: &[Sql, Html],
    },
    Layer {
        name: "xtask",
        may_use: &[],
        must_not_know: &[Everything],
    },
];

/// The outside crates that the workshop itself may use.
const WORKSHOP: &[&str] = &["lexopt", "serde_json", "toml"];

/// `cargo xtask layers`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    let mut wrong = Vec::new();
    for package in &workspace.packages {
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == package.name) else {
            wrong.push(format!("{} is in no layer", package.name));
            continue;
        };
        for (dependency, development) in &package.dependencies {
            if let Some(reason) = refused(layer, dependency, *development) {
                wrong.push(format!("{} uses {dependency}: {reason}", package.name));
            }
        }
    }
    if !wrong.is_empty() {
        fail!(
            "edges that the architecture does not allow:\n  {}",
            wrong.join("\n  ")
        );
    }
    Ok(())
}

fn refused(layer: &Layer, dependency: &str, development: bool) -> Option<&'static str> {
    if LAYERS.iter().any(|layer| layer.name == dependency) {
        // Tests may use the test kit and the layers below; nothing else may point upwards.
        let for_tests = development
            && (dependency == "tasuki-testkit"
                || ["tasuki-feeds", "tasuki-ihe"].contains(&layer.name));
        return (!for_tests && !layer.may_use.contains(&dependency))
            .then_some("not a layer below it");
    }
    for topic in layer.must_not_know {
        if development {
            break;
        }
        if topic.crates().contains(&dependency) {
            return Some("a subject that it must not know");
        }
        if matches!(topic, Everything) && !WORKSHOP.contains(&dependency) {
            return Some("the workshop stays small");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{LAYERS, refused};

    fn verdict(layer: &str, dependency: &str, development: bool) -> bool {
        let layer = LAYERS.iter().find(|known| known.name == layer).unwrap();
        refused(layer, dependency, development).is_none()
    }

    #[test]
    fn a_layer_uses_what_lies_below_and_nothing_above() {
        assert!(verdict("tasuki-web", "tasuki-records", false));
        assert!(!verdict("tasuki-core", "tasuki-wire", false));
        assert!(!verdict("tasuki-model", "tasuki-core", false));
        assert!(!verdict("tasuki-store", "tasuki-testkit", false));
        assert!(verdict("tasuki-store", "tasuki-testkit", true));
        assert!(!verdict("tasuki-core", "tasuki-store", true));
    }

    #[test]
    fn a_subject_stays_where_it_belongs() {
        assert!(!verdict("tasuki-core", "rusqlite", false));
        assert!(!verdict("tasuki-web", "quick-xml", false));
        assert!(verdict("tasuki-wire", "quick-xml", false));
        assert!(!verdict("xtask", "tokio", false));
        assert!(verdict("xtask", "toml", false));
    }
}
