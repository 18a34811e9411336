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
} satisfies Record<string, RecordForm>;
