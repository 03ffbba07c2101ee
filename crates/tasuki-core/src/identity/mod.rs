//! Identity: 名寄せ. Which registrations are one person.
//!
//! Joining two people is a safety incident; missing a link hides an allergy. So there are three
//! outcomes, guards above every score, and a person's decision above every automatic one.
//!
//! [`normalise`] → [`row`] → [`block`] (which pairs) → [`levels`] (how they compare) → [`score`]
//! (bits) → [`decide`] (outcome) → [`index`], where it is kept, and settled as it changes: joined
//! under constraints, corroborated by kin, reported. [`cross_reference`] keeps the store in step with
//! it; [`desk`] is where people decide.

pub mod block;
pub mod bytes;
pub mod cross_reference;
pub mod decide;
pub mod desk;
pub mod dictionary;
mod edges;
pub mod explain;
mod fetched;
mod general;
pub mod index;
mod join;
mod kin;
pub mod levels;
mod lines;
pub mod normalise;
mod outcome;
mod pairs;
mod partition;
mod postings;
mod roll;
pub mod row;
pub mod score;
pub mod settle;
pub mod settlement;
mod state;
pub mod stated;
mod torn;
pub mod weights;

#[cfg(test)]
mod tests;
