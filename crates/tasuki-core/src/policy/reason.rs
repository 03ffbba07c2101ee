//! Why a decision is as it is, in words for whoever has to answer for it: the privacy office, and a
//! person who asks. Whoever was refused is told none of it, for it tells that there is something.

/// Every rule that can decide.
macro_rules! reasons {
    ($($name:ident $permits:literal $code:literal $ja:literal $en:literal;)*) => {
        /// The rule that decided.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason {
            $(#[doc = $en] $name,)*
        }

        impl Reason {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Whether it lets out.
            #[must_use]
            pub const fn permits(self) -> bool {
                match self { $(Self::$name => $permits,)* }
            }

            /// Its stable word.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// In Japanese.
            #[must_use]
            pub const fn ja(self) -> &'static str {
                match self { $(Self::$name => $ja,)* }
            }

            /// In English.
            #[must_use]
            pub const fn en(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }
        }
    };
}

reasons! {
    Own true "own" "自施設の記録です。" "It is the facility's own record.";
    Disclosed true "disclosed" "施設が開示し、同意の範囲にあります。" "Its facility discloses it, and the consent covers it.";
    AtVisit true "at-visit" "受診した施設が明示の同意を受け、施設は利用目的を掲示しています（令和2年3月31日の取扱い）。" "The visited facility has taken an explicit consent, and its own facility posts the purposes (rule of 2020-03-31).";
    Emergency true "emergency" "救急の閲覧許可によります。" "An emergency grant opens it.";
    AnotherRegistration false "another-registration" "別の登録の記録です。" "It belongs to another registration.";
    Purpose false "purpose" "この利用目的では閲覧できません。" "The purpose opens no records.";
    Role false "role" "この職種ではこの区分を閲覧できません。" "The role does not see this category.";
    NotRegistered false "not-registered" "閲覧する施設にこの患者の登録がありません。" "The person is not registered at the viewing facility.";
    NoGrant false "no-grant" "救急の閲覧許可がないか、期限が過ぎています。" "There is no emergency grant, or it has ended.";
    OutOfScope false "out-of-scope" "この装置に伝える施設ではありません。" "The system is not told of this facility.";
    NotDisclosed false "not-disclosed" "施設が開示していないか、同意の期間外です。" "Its facility does not disclose it, or the consent is not in force.";
    Confidential false "confidential" "取扱注意の文書は作成した施設にとどまります。" "Restricted documents stay with the facility that made them.";
    NotToThisViewer false "not-to-this-viewer" "同意した閲覧先に含まれていません。" "The consent does not name this viewer.";
    NotThisCategory false "not-this-category" "同意した区分に含まれていません。" "The consent does not cover this category.";
    NotThisPeriod false "not-this-period" "同意した期間に含まれていません。" "The consent does not cover this period.";
    NotThisDepartment false "not-this-department" "この診療科は開示から除かれています。" "This department is kept out.";
    NotThisDocument false "not-this-document" "この文書は開示から除かれています。" "This document is kept out.";
}

/// What has to be done for what was let out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obligation {
    /// The facility whose record it is, and the privacy office, are told at once.
    Notify,
    /// Somebody judges afterwards whether it was right.
    Review,
}

impl Obligation {
    /// Those of an emergency.
    pub(super) const OF_EMERGENCY: &'static [Self] = &[Self::Notify, Self::Review];
}
