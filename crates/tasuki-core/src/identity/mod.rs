//! Identity: 名寄せ. Which registrations are one person.
//!
//! Joining two people is a safety incident; missing a link hides an allergy. So there are three
//! outcomes, guards above every score, and a person's decision above every automatic one.
//!
//! [`normalise`] → [`row`] → [`block`] (which pairs) → [`levels`] (how they compare) → [`score`]
//! (bits) → [`decide`] (outcome) → [`cluster`] (joining under constraints).

pub mod batch;
pub mod block;
pub mod cluster;
pub mod decide;
pub mod explain;
pub mod kin;
pub mod levels;
pub mod normalise;
pub mod row;
pub mod score;
pub mod weights;

#[cfg(test)]
mod tests;
