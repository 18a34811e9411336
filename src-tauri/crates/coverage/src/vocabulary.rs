//! The closed lists a bill and a rule are written in. Codes are those of the register's code tables.

use serde::{Deserialize, Serialize};

use crate::set::Member;

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it is stored and written in packs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The Chinese word a clerk reads.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The value with this code or Chinese label.
            #[must_use]
            pub fn from_code(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.code() == text || v.label() == text)
            }
        }

        impl Member for $name {
            fn place(self) -> usize {
                self as usize
            }
        }
    };
}

vocabulary! {
    /// 就诊类别: what kind of care the bill is for.
    Kind {
        /// A stay in hospital.
        Inpatient = "inpatient", "住院";
        /// Treated at home by the health centre as if in a bed of its ward.
        HomeBed = "home_bed", "家庭病床";
        /// Kept in the emergency room for observation.
        Observation = "observation", "急诊留观";
        /// Certified long-term disease treated without a stay.
        ChronicOutpatient = "chronic_outpatient", "门诊慢特病";
        /// High blood pressure and diabetes, drugs without a stay.
        TwoDisease = "two_disease", "两病门诊";
        /// Everything else without a stay.
        Outpatient = "outpatient", "普通门诊";
    }
}

vocabulary! {
    /// 机构级别.
    Level {
        /// Village clinic.
        Village = "village", "村卫生室";
        /// Township health centre, community health centre.
        Township = "township", "乡镇卫生院";
        /// Level 1 hospital.
        Level1 = "level1", "一级";
        /// Level 2, usually the county hospital.
        Level2 = "level2", "二级";
        /// Level 3, usually a city or provincial hospital.
        Level3 = "level3", "三级";
        /// Not graded.
        Unrated = "unrated", "未定级";
    }
}

vocabulary! {
    /// 就诊地, seen from the person's own county.
    Area {
        /// Inside the county.
        County = "county", "县域内";
        /// Inside the city, outside the county.
        City = "city", "市域内县外";
        /// Inside the province, outside the city.
        Province = "province", "省内市外";
        /// Another province.
        Outside = "outside", "省外";
    }
}

vocabulary! {
    /// 转诊: how the person came to that hospital.
    Referral {
        /// None was needed.
        None = "none", "本地就医";
        /// Referred by the rules.
        Referred = "referred", "规范转诊";
        /// Registered for care elsewhere without a referral.
        Registered = "registered", "备案未转诊";
        /// An emergency.
        Emergency = "emergency", "急诊";
        /// One was needed and there is none.
        Unreferred = "unreferred", "未备案";
    }
}

vocabulary! {
    /// The column of a 一站式结算 sheet a payer's money appears in.
    Column {
        /// 基本医保 (hifp_pay).
        Basic = "basic", "基本医保";
        /// 大病保险 (hifmi_pay).
        Critical = "critical", "大病保险";
        /// 医疗救助 (maf_pay).
        Aid = "aid", "医疗救助";
        /// 其他基金 (othfund_pay).
        Other = "other", "其他支付";
    }
}

vocabulary! {
    /// How a bill continues the stay of an earlier one.
    Continuation {
        /// Moved to another hospital within 24 hours.
        Transfer = "transfer", "24小时内转院";
        /// The same stay, settled in parts: a long one, or one over 31 December.
        Period = "period", "同一次住院分期结算";
    }
}
