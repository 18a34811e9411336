import type { RecordForm } from "./form";

/** Who is on the register, and what is done for the household. */
export const register = {
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
  household_status: { table: "household_status", title: "户属性", of: "household", columns: ["status", "since", "removal_mode", "evidence", "source"], need: ["status"], start: (today) => ({ since: today }) },
  poverty_cause: { table: "poverty_cause", title: "致贫原因", of: "household", columns: ["cause", "main", "kind", "since", "until", "source"], need: ["cause"], start: () => ({ main: "false" }) },
  person_state: {
    table: "person",
    title: "外出、自理与档案",
    of: "person",
    columns: [
      "away", "away_since", "away_place", "bedridden", "self_care", "marriage", "employer", "public_job", "public_job_months", "out_of_school_reason", "registered_at", "lives_at",
      "health_file", "health_file_on", "health_file_updated_on", "national_on", "social_card", "recognised_on", "birth_certificate", "guardian", "guardian_phone",
    ],
    need: [],
  },
  household_state: {
    table: "household",
    title: "收入、住房与调查",
    of: "household",
    columns: [
      "income_per_head", "income_year", "out_of_pocket", "standard", "no_labour", "unsafe_house", "safe_water", "dropout", "instructor", "instructor_phone", "instructor_trained_on",
      "surveyed_on", "surveyed_by", "paper_checked_on", "paper_agrees",
    ],
    need: [],
  },
  measure: {
    table: "measure",
    title: "帮扶措施",
    of: "household",
    columns: ["kind", "detail", "since", "until", "evidence", "result", "source"],
    need: ["kind"],
    start: (today) => ({ since: today }),
  },
  home_visit: {
    table: "home_visit",
    title: "走访联系",
    of: "household",
    columns: ["visited_on", "person", "mode", "purpose", "visitor", "visitor_kind", "problem", "solution", "aware", "satisfied", "returned_on", "occasion", "note"],
    need: ["visited_on"],
    start: (today) => ({ visited_on: today, mode: "visit", purpose: "visit" }),
  },
  contact: {
    table: "home_visit",
    title: "签约联系",
    of: "both",
    columns: ["visited_on", "mode", "purpose", "visitor", "returned_on", "note"],
    need: ["visited_on", "mode"],
    start: (today) => ({ visited_on: today, mode: "phone", purpose: "contract" }),
  },
  issue: {
    table: "issue",
    title: "反映问题",
    of: "household",
    columns: ["raised_on", "person", "home_visit", "raised_by", "problem", "owner", "due_on", "state", "closed_on", "result"],
    need: ["raised_on", "problem"],
    start: (today) => ({ raised_on: today, state: "open" }),
  },
  material: {
    table: "material",
    title: "资料发放",
    of: "household",
    columns: ["kind", "title", "disease", "person", "issued_on", "issued_by", "copies", "occasion"],
    need: ["issued_on"],
    start: (today) => ({ issued_on: today, copies: "1" }),
  },
} satisfies Record<string, RecordForm>;
