//! The words of the network.
//!
//! Everything that two crates talk about is named here, in the standards' own terms, and nothing
//! here does anything: no I/O, no protocol, no policy. The glossary:
//!
//! | word | Japanese | meaning |
//! |---|---|---|
//! | community | コミュニティ | the systems one vendor or hospital group runs; has a home community id |
//! | facility | 施設 | a hospital, clinic, pharmacy or station; our own stable id, dated 医療機関コード |
//! | disclosing facility | 開示施設 | a facility whose records others may see, patient by patient |
//! | viewing facility | 閲覧施設 | a facility whose staff look |
//! | registration | 患者登録 | one local patient ID in one facility's assigning authority |
//! | patient key | – | storage key of a registration; never of a person |
//! | person | 個人 | a projection over link events; never a key |
//! | link | 紐付け | "these two registrations are one person" |
//! | XAD-PID | – | the id a community issues for XDS (ITI TF-1, 10.4.2) |
//! | disclosure flag | 開示対象設定 | a facility has set this patient to disclosed |
//! | condition flag | コンディションフラグ | SS-MIX2: 1 valid, 2 superseded, 0 deleted |
//! | service day | 診療日 | the day in the path of an SS-MIX2 file |
//! | 特定キー | – | SS-MIX2's order number part of a file name |
//!
//! Times say their zone: [`time::Instant`] is UTC, [`time::JstTime`] is Japan standard time with
//! the precision and the text in which it arrived.
#![forbid(unsafe_code)]

pub mod category;
pub mod coded;
pub mod document;
pub mod facility;
pub mod ids;
pub mod label;
pub mod person;
pub mod provenance;
pub mod purpose;
pub mod sensitive;
pub mod time;
pub mod xds;

pub use category::Category;
pub use coded::{Coded, Coding, Quantity, SmolStr};
pub use document::{AvailabilityStatus, DocumentEntry};
pub use facility::Facility;
pub use ids::*;
pub use label::Labels;
pub use person::{Demographics, PersonName, Sex};
pub use provenance::Provenance;
pub use purpose::{Purpose, Role};
pub use sensitive::Sensitive;
pub use time::{Instant, JstDay, JstTime, Precision};
