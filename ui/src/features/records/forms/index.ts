/** Which fields a form asks for, in the order a clerk has them at hand. Labels and kinds come from the catalogue. */
export interface RecordForm {
  table: string;
  title: string;
  columns: string[];
  /** Fields that must be filled. */
  need: string[];
  /** Whether the record hangs on a person, on the household, or stands alone. */
  of: "person" | "household" | "none";
  /** Columns of another table asked for together with it. */
  also?: { table: string; columns: string[] };
  /** Values a new record starts with. */
  start?: (today: string) => Record<string, string>;
}

/** All forms by their name; most are named like their table. */
export const FORMS = {
  visit: {
    table: "visit",
    title: "随访",
    of: "person",
    columns: ["kind", "visited_on", "mode", "systolic", "diastolic", "glucose_tenths", "control", "doctor", "next_on", "note"],
    need: ["kind", "visited_on"],
    start: (today) => ({ visited_on: today, mode: "2" }),
  },
  diagnosis: {
    table: "diagnosis",
    title: "诊断",
    of: "person",
    columns: ["disease", "icd10", "grade", "risk", "class", "batch", "hospital", "hospital_level", "diagnosed_on", "restricted"],
    need: ["disease"],
  },
  contract: {
    table: "contract",
    title: "签约",
    of: "person",
    columns: ["team", "since", "until", "package"],
    need: ["team", "since"],
    start: (today) => ({ since: `${today.slice(0, 4)}-01-01`, until: `${today.slice(0, 4)}-12-31` }),
  },
  exclusion: { table: "exclusion", title: "未签原因", of: "person", columns: ["reason", "since", "until", "evidence"], need: ["reason"] },
  enrolment: {
    table: "enrolment",
    title: "参保",
    of: "person",
    columns: ["year", "insurance", "insured", "place", "own_payment", "subsidy", "subsidy_class", "reason"],
    need: ["year", "insured"],
    start: (today) => ({ year: today.slice(0, 4), insured: "true" }),
  },
  aid_identity: { table: "aid_identity", title: "救助身份", of: "person", columns: ["identity", "since", "until", "marked_at_insurer", "source"], need: ["identity"] },
  settlement: {
    table: "settlement",
    title: "结算单",
    of: "person",
    columns: [
      "invoice", "settled_on", "hospital", "hospital_level", "hospital_area", "care_kind", "referral", "disease", "admitted_on", "discharged_on", "identity",
      "total", "own_expense", "over_limit", "pre_self_pay", "in_scope", "paid_basic", "paid_critical", "paid_aid", "paid_other", "hospital_borne", "paid_personal", "deposit",
    ],
    need: ["settled_on", "total"],
    start: (today) => ({ settled_on: today }),
  },
  member: {
    table: "person",
    title: "家庭成员",
    of: "household",
    columns: ["name", "citizen_id", "sex", "birth", "ethnicity", "education", "schooling", "labour", "health", "phone", "work_place", "work_months"],
    also: { table: "membership", columns: ["relation"] },
    need: ["name", "relation"],
  },
  person: {
    table: "person",
    title: "个人信息",
    of: "person",
    columns: [
      "name", "document_type", "citizen_id", "sex", "birth", "disability_certificate", "person_number", "ethnicity", "education", "schooling", "labour", "health", "phone",
      "work_place", "work_months", "politics", "died_on",
    ],
    need: ["name"],
  },
  household: {
    table: "household",
    title: "一户",
    of: "none",
    columns: ["village", "village_group", "number", "address", "phone", "household_type", "helper_name", "helper_phone", "recognised_on", "lifted_on", "instructor", "remark"],
    need: ["village", "number"],
  },
  village: { table: "village", title: "村", of: "none", columns: ["name", "code", "doctor_name", "doctor_phone", "clinic"], need: ["name"] },
  team: {
    table: "team",
    title: "家庭医生团队",
    of: "none",
    columns: ["name", "village_doctor", "village_phone", "village_clinic", "township_doctor", "township_phone", "county_doctor", "county_phone", "county_hospital"],
    need: ["name"],
  },
  household_status: { table: "household_status", title: "户属性", of: "household", columns: ["status", "since"], need: ["status"], start: (today) => ({ since: today }) },
  poverty_cause: { table: "poverty_cause", title: "致贫原因", of: "household", columns: ["cause", "main"], need: ["cause"], start: () => ({ main: "false" }) },
} satisfies Record<string, RecordForm>;

export type FormName = keyof typeof FORMS;

/** What the register dialog offers, in the order of its keys 1 to 9 and 0. */
export const REGISTER: FormName[] = ["visit", "diagnosis", "contract", "enrolment", "settlement", "aid_identity", "exclusion", "member", "household_status", "poverty_cause"];
