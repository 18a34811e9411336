import type { RecordForm } from "./form";
import { medical } from "./medical";
import { money } from "./money";
import { register } from "./register";
import { village } from "./village";

export type { RecordForm };

/** All forms by their name; most are named like their table. */
export const FORMS = { ...medical, ...money, ...register, ...village } satisfies Record<string, RecordForm>;

export type FormName = keyof typeof FORMS;

/** What the register dialog offers: pages of ten, in the order of the keys 1 to 9 and 0. */
export const REGISTER: FormName[][] = [
  ["visit", "diagnosis", "contract", "enrolment", "settlement", "aid_identity", "exclusion", "member", "household_status", "poverty_cause"],
  ["exam", "screening_event", "treatment_case", "chronic_certificate", "benefit_grant", "crowd", "disability", "home_visit", "issue", "measure"],
  ["material", "person_state", "household_state"],
];
