import type { RecordForm } from "./form";

/** What is paid and granted. */
export const money = {
  enrolment: {
    table: "enrolment",
    title: "参保",
    of: "person",
    columns: [
      "year", "insurance", "insured", "critical_illness", "place", "tier", "own_payment", "paid_on", "subsidy", "subsidy_class", "subsidised_on", "marked", "insurance_number", "repaid_years", "entitled_from", "reason",
    ],
    need: ["year", "insured"],
    start: (today) => ({ year: today.slice(0, 4), insured: "true" }),
  },
  aid_identity: { table: "aid_identity", title: "救助身份", of: "person", columns: ["identity", "since", "until", "marked_at_insurer", "marked_on", "marker", "certificate", "source"], need: ["identity"] },
  settlement: {
    table: "settlement",
    title: "结算单",
    of: "person",
    columns: [
      "invoice", "settled_on", "hospital", "hospital_level", "hospital_area", "care_kind", "referral", "disease", "admitted_on", "discharged_on", "identity",
      "total", "own_expense", "over_limit", "pre_self_pay", "in_scope", "paid_basic", "paid_critical", "paid_aid", "paid_other", "hospital_borne", "paid_personal", "deposit", "one_stop", "published_on",
    ],
    need: ["settled_on", "total"],
    start: (today) => ({ settled_on: today }),
  },
  benefit_grant: {
    table: "benefit_grant",
    title: "惠民待遇",
    of: "person",
    columns: ["item", "granted_on", "year", "amount", "waived", "provider", "evidence"],
    need: ["item"],
    start: (today) => ({ granted_on: today, year: today.slice(0, 4) }),
  },
} satisfies Record<string, RecordForm>;
