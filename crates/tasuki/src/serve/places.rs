//! So many connections of a listener at once, and so many of one address; counted for the metrics.

use super::health::Traffic;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};

/// The places of a listener.
pub(super) struct Places {
    all: usize,
    per_address: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
    traffic: Arc<Traffic>,
}

/// One place; given back when dropped.
pub(super) struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

impl Places {
    pub fn new(all: u32, per_address: u32, traffic: &Arc<Traffic>) -> Self {
        Self {
            all: all as usize,
            per_address: per_address as usize,
            taken: Mutex::default(),
            traffic: Arc::clone(traffic),
        }
    }

    /// A place, or nothing when all are taken.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.get(&address).copied().unwrap_or(0);
        if all >= self.all || own >= self.per_address {
            self.traffic.turned_away.fetch_add(1, Relaxed);
            return None;
        }
        self.traffic.connections.fetch_add(1, Relaxed);
        taken.insert(address, own + 1);
        Some(Place {
            places: Arc::clone(self),
            address,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.traffic.connections.fetch_sub(1, Relaxed);
        let taken = self.places.taken.lock();
        let mut taken = taken.unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&self.address)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_every_place() {
        let traffic = Arc::default();
        let places = Arc::new(Places::new(3, 2, &traffic));
        let enter = |n: u8| places.enter(IpAddr::from([192, 0, 2, n]));
        let (a, b) = (enter(1), enter(1));
        assert!(a.is_some() && b.is_some() && enter(1).is_none());
        let c = enter(2);
        assert!(c.is_some() && enter(3).is_none());
        drop(a);
        assert!(enter(1).is_some());
        drop((b, c));
        assert!(places.taken.lock().unwrap().is_empty());
        let counted = [&traffic.connections, &traffic.turned_away].map(|n| n.load(Relaxed));
        assert_eq!(counted, [0, 2]);
    }
}
