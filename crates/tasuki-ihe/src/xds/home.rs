//! Which community a gateway is asked for (ITI TF-2, 3.38.4.1.2 and 3.39.4.1.2).

use super::{Registry, XdsCode, XdsProblem};
use tasuki_core::Code;
use tasuki_wire::ebrim::RegistryResponse;

impl Registry {
    /// What is wrong with the community that a request names; nothing where it is ours. Real
    /// gateways write it with and without `urn:oid:`.
    #[must_use]
    pub fn not_ours(&self, home: Option<&str>) -> Option<XdsProblem> {
        let Some(home) = home.map(str::trim).filter(|home| !home.is_empty()) else {
            let context = "homeCommunityId is missing: say which community is asked";
            let missing = XdsCode::MissingHome;
            return Some(XdsProblem::new(missing, Code::XdsHomeMissing, context));
        };
        let ours = home.strip_prefix("urn:oid:").unwrap_or(home) == self.home.as_str();
        (!ours).then(|| {
            let context = format!(
                "{home:.80} is not this community; it is {}",
                self.home_urn()
            );
            let unknown = XdsCode::UnknownCommunity;
            XdsProblem::new(unknown, Code::XdsCommunityUnknown, context)
        })
    }

    /// Errors of a gateway say whose they are (ITI TF-2, 3.38.4.1.3).
    #[must_use]
    pub fn located(&self, mut response: RegistryResponse) -> RegistryResponse {
        for error in &mut response.errors {
            error.location = Some(self.home_urn());
        }
        response
    }
}
