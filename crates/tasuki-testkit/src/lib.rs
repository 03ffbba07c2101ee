//! Synthetic people and hospitals, the demo network, faults for tests
#![forbid(unsafe_code)]
