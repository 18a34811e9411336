import type { RecordForm } from "./form";

/** Villages, their people and teams. */
export const village = {
  village: { table: "village", title: "村", of: "none", columns: ["name", "code", "doctor_name", "doctor_phone", "clinic", "population", "ended_on", "successor"], need: ["name"] },
  team: {
    table: "team",
    title: "家庭医生团队",
    of: "none",
    columns: ["name", "village_doctor", "village_phone", "village_clinic", "township_doctor", "township_phone", "county_doctor", "county_phone", "county_hospital"],
    need: ["name"],
  },
  hamlet: { table: "hamlet", title: "村民小组", of: "none", columns: ["village", "name", "ordinal", "leader", "phone"], need: ["village", "name"] },
  village_staff: {
    table: "village_staff",
    title: "村级健康人员",
    of: "none",
    columns: ["village", "role", "name", "phone", "since", "until", "trained_on", "days"],
    need: ["village", "role", "name"],
  },
  activity: {
    table: "activity",
    title: "活动",
    of: "none",
    columns: [
      "kind", "held_on", "ended_on", "village", "place", "staff", "households", "people", "poor_people", "checked", "signed", "sessions", "attendances", "copies", "tcm", "eugenics", "exams",
      "old_exams", "managed", "leaders", "condolence", "pictures", "campaign", "note",
    ],
    need: ["kind", "held_on"],
    start: (today) => ({ held_on: today }),
  },
  campaign: {
    table: "campaign",
    title: "专项工作",
    of: "none",
    columns: ["name", "kind", "starts_on", "due_on", "crowds", "target_percent", "recipient", "electronic", "sealed", "requirement", "closed_on"],
    need: ["name", "due_on"],
    start: (today) => ({ starts_on: today, kind: "visit" }),
  },
  submission: { table: "submission", title: "要报的报表", of: "none", columns: ["name", "period", "due_on", "recipient", "note"], need: ["name", "due_on"] },
  risk_lead: {
    table: "risk_lead",
    title: "防返贫线索",
    of: "none",
    columns: ["name", "citizen_id", "phone", "village", "address", "people", "disease", "icd10", "out_of_pocket", "found_on", "source", "reported_on", "result"],
    need: ["name", "disease"],
    start: (today) => ({ found_on: today }),
  },
} satisfies Record<string, RecordForm>;
