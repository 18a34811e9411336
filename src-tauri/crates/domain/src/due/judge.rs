//! What a visit showed: by what the doctor wrote, and by the values where nothing was written.

use chrono::NaiveDate;

use super::Case;

/// What of one visit decides about the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'v> {
    /// The day.
    pub on: NaiveDate,
    /// 收缩压 mmHg.
    pub systolic: Option<i64>,
    /// 舒张压 mmHg.
    pub diastolic: Option<i64>,
    /// 空腹血糖, mmol/L times ten.
    pub glucose_tenths: Option<i64>,
    /// A code of `control_result`.
    pub control: Option<&'v str>,
    /// A code of `stability`.
    pub stability: Option<&'v str>,
    /// 危险性 0–5.
    pub danger: Option<i64>,
    /// 治疗月序.
    pub month: Option<i64>,
    /// Whether management or treatment ended with it.
    pub ended: bool,
}

impl Seen<'_> {
    /// A visit of which nothing is known but its day.
    #[must_use]
    pub fn on(on: NaiveDate) -> Self {
        Self {
            on,
            systolic: None,
            diastolic: None,
            glucose_tenths: None,
            control: None,
            stability: None,
            danger: None,
            month: None,
            ended: false,
        }
    }
}

/// What makes a visit urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgent {
    /// Systolic 180 or diastolic 110 and above.
    Pressure,
    /// Fasting glucose 16.7 and above.
    HighGlucose,
    /// Fasting glucose 3.9 and below.
    LowGlucose,
    /// 不稳定, or danger 3 to 5.
    Unstable,
}

impl Urgent {
    /// What a clerk reads.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pressure => "血压≥180/110",
            Self::HighGlucose => "空腹血糖≥16.7",
            Self::LowGlucose => "空腹血糖≤3.9",
            Self::Unstable => "病情不稳定",
        }
    }
}

/// The line of the table for the newest visit, and what makes it urgent.
#[must_use]
pub fn judge(kind: &str, visits: &[Seen<'_>], age: Option<i64>) -> (Case, Vec<Urgent>) {
    let Some(newest) = visits.first() else { return (Case::First, Vec::new()) };
    let urgent = urgent(kind, newest);
    if !urgent.is_empty() {
        return (Case::Urgent, urgent);
    }
    if kind == "tuberculosis" {
        let intensive = newest.month.is_some_and(|month| month <= 2);
        return (if intensive { Case::Intensive } else { Case::Controlled }, urgent);
    }
    let bad = |seen: &Seen<'_>| is_bad(kind, seen, age);
    let case = match (bad(newest), visits.get(1).is_some_and(bad)) {
        // A new complication is not waited upon a second time.
        _ if newest.control == Some("4") && kind != "mental" => Case::AgainBad,
        (true, true) => Case::AgainBad,
        (true, false) => Case::OnceBad,
        (false, _) => Case::Controlled,
    };
    (case, urgent)
}

fn urgent(kind: &str, seen: &Seen<'_>) -> Vec<Urgent> {
    let mut urgent = Vec::new();
    if kind == "mental" {
        if seen.stability == Some("1") || (seen.stability.is_none() && seen.danger >= Some(3)) {
            urgent.push(Urgent::Unstable);
        }
        return urgent;
    }
    if seen.systolic >= Some(180) || seen.diastolic >= Some(110) {
        urgent.push(Urgent::Pressure);
    }
    match seen.glucose_tenths {
        Some(167..) => urgent.push(Urgent::HighGlucose),
        Some(..=39) => urgent.push(Urgent::LowGlucose),
        _ => {}
    }
    urgent
}

/// Whether a visit was not satisfactory. Where nothing was written the values decide: 140/90, from 65 years 150/90; fasting
/// glucose 7.0; danger 1 and above.
fn is_bad(kind: &str, seen: &Seen<'_>, age: Option<i64>) -> bool {
    match kind {
        "mental" => match seen.stability {
            Some(stability) => stability != "3",
            None => seen.danger >= Some(1),
        },
        _ if seen.control.is_some() => seen.control != Some("1"),
        "diabetes" => seen.glucose_tenths >= Some(70),
        _ => {
            let limit = if age >= Some(65) { 150 } else { 140 };
            seen.systolic >= Some(limit) || seen.diastolic >= Some(90)
        }
    }
}
