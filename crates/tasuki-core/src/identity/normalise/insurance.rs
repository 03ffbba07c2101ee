//! Health insurance: one key for the household, the 枝番 apart.

use super::{digits, nfkc};

/// Insurance of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuranceKey {
    /// 保険者番号 as a number, without leading zeros.
    pub insurer: u32,
    /// 保険者番号, 記号 and 番号 as one key: a household's, or a person's own from 75 on.
    pub household: String,
    /// 番号 alone.
    pub number: u64,
    /// 枝番, where there is one.
    pub branch: Option<u8>,
    /// 後期高齢者医療 (39…): the number is one person's own.
    pub personal: bool,
}

/// The key of an insurance; none without 保険者番号 and 番号.
#[must_use]
pub fn insurance_key(
    insurer: &str,
    symbol: &str,
    number: &str,
    branch: &str,
) -> Option<InsuranceKey> {
    let (insurer, number) = (digits(insurer), digits(number));
    let number = number.trim_start_matches('0');
    if insurer.is_empty() || insurer.len() > 8 || number.is_empty() || number.len() > 12 {
        return None;
    }
    // 8 digits of insurer that begin with 39; systems drop leading zeros of others, never of 39.
    let personal = insurer.len() == 8 && insurer.starts_with("39");
    let symbol: String = nfkc(symbol)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let branch = digits(branch);
    let insurer_number: u32 = insurer.parse().ok()?;
    Some(InsuranceKey {
        insurer: insurer_number,
        household: format!("{insurer_number}/{symbol}/{number}"),
        number: number.parse().ok()?,
        branch: if (1..=2).contains(&branch.len()) {
            branch.parse().ok()
        } else {
            None
        },
        personal,
    })
}
