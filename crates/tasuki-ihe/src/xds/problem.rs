//! What is told to another system when something is wrong (ITI TF-3, table 4.2.4.1-2): the code that
//! the standard allows in this transaction, our stable code, and what to change.

use tasuki_core::{Code, Fault};
use tasuki_wire::ebrim::{RegistryError, Severity};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// `errorCode` of a registry error.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum XdsCode { $($(#[$doc])* $name),+ }

        impl XdsCode {
            /// Every code that we answer with.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word that is exchanged.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

codes! {
    /// Metadata that the registry does not take.
    RegistryMetadata = "XDSRegistryMetadataError",
    /// Metadata that the repository does not take.
    RepositoryMetadata = "XDSRepositoryMetadataError",
    /// Broken on our side, in the registry.
    Registry = "XDSRegistryError",
    /// Broken on our side, in the repository.
    Repository = "XDSRepositoryError",
    /// Too much at once.
    Busy = "XDSRegistryBusy",
    /// A patient id that the registry does not know.
    UnknownPatient = "XDSUnknownPatientId",
    /// Patient ids that have to be the same and are not.
    PatientMismatch = "XDSPatientIdDoesNotMatch",
    /// A uniqueId that is there already.
    DuplicateUniqueId = "XDSDuplicateUniqueIdInRegistry",
    /// A uniqueId twice in one message.
    DuplicateInMessage = "XDSRegistryDuplicateUniqueIdInMessage",
    /// A document with a uniqueId that is there already with another hash.
    NonIdenticalHash = "XDSNonIdenticalHash",
    /// A document with a uniqueId that is there already with another size.
    NonIdenticalSize = "XDSNonIdenticalSize",
    /// A relation to a document that is deprecated.
    DeprecatedTarget = "XDSRegistryDeprecatedDocumentError",
    /// An entry whose document did not come.
    MissingDocument = "XDSMissingDocument",
    /// A document whose entry did not come.
    MissingMetadata = "XDSMissingDocumentMetadata",
    /// A query without a parameter that it needs.
    MissingParameter = "XDSStoredQueryMissingParam",
    /// A parameter with several values, where one is allowed.
    ParameterNumber = "XDSStoredQueryParamNumber",
    /// A query that is not known.
    UnknownQuery = "XDSUnknownStoredQuery",
    /// More than one answer may hold.
    TooManyResults = "XDSTooManyResults",
    /// Answers of more than one patient.
    NotSinglePatient = "XDSResultNotSinglePatient",
    /// A document that is not there, or not for the one who asks.
    DocumentUniqueId = "XDSDocumentUniqueIdError",
    /// A repository that is not ours.
    UnknownRepository = "XDSUnknownRepositoryId",
    /// A community that is not ours.
    UnknownCommunity = "XDSUnknownCommunity",
    /// A gateway was asked without naming the community.
    MissingHome = "XDSMissingHomeCommunityId",
    /// Metadata Update: not that way.
    UpdateOperation = "XDSMetadataUpdateOperationError",
    /// Metadata Update: refused.
    Update = "XDSMetadataUpdateError",
    /// Metadata Update: not the version that is there.
    Version = "XDSMetadataVersionError",
    /// Restricted Metadata Update: an attribute that may not change.
    Unmodifiable = "UnmodifiableMetadataError",
    /// Metadata Update: a uniqueId that is another than before.
    Identifier = "XDSMetadataIdentifierError",
    /// Metadata Update: patient ids that would not agree any more.
    PatientReconciliation = "XDSPatientIDReconciliationError",
    /// Remove: something still refers to it.
    ReferencesExist = "ReferencesExistException",
    /// Remove: it is not there.
    UnresolvedReference = "UnresolvedReferenceException",
    /// Remove: what would be left refers to nothing.
    Unreferenced = "XDSUnreferencedObjectException",
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XdsProblem {
    /// The standard's word for it.
    pub xds: XdsCode,
    /// Ours.
    pub code: Code,
    /// Object, attribute, and what to change.
    pub context: String,
    /// Done all the same.
    pub warning: bool,
}

impl XdsProblem {
    /// Something for which nothing is done.
    pub fn new(xds: XdsCode, code: Code, context: impl Into<String>) -> Self {
        Self {
            xds,
            code,
            context: context.into(),
            warning: false,
        }
    }

    /// Metadata that the registry does not take.
    pub fn metadata(context: impl Into<String>) -> Self {
        Self::new(XdsCode::RegistryMetadata, Code::XdsMetadataWrong, context)
    }

    /// As it is exchanged.
    #[must_use]
    pub fn encode(&self) -> RegistryError {
        RegistryError {
            code: self.xds.as_str().to_owned(),
            context: format!("{} {}", self.code.id(), self.context),
            location: None,
            severity: if self.warning {
                Severity::Warning
            } else {
                Severity::Error
            },
        }
    }
}

/// Why a transaction of the registry did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// What was sent is wrong.
    Problems(Vec<XdsProblem>),
    /// Something is broken here.
    Fault(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<XdsProblem> for Refused {
    fn from(problem: XdsProblem) -> Self {
        Self::Problems(vec![problem])
    }
}
