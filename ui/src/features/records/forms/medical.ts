import type { RecordForm } from "./form";

/** What is done for somebody's health. */
export const medical = {
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
    columns: [
      "disease", "icd10", "grade", "risk", "stage", "class", "batch", "batch_reason", "batch_on", "batch_doctor", "hospital", "hospital_level", "diagnosed_on", "evidence",
      "treatment", "wish", "designated_hospital", "work_effect", "screened_on", "platform", "platform_on", "ended_on", "ended_reason", "restricted",
    ],
    need: ["disease"],
  },
  contract: {
    table: "contract",
    title: "签约",
    of: "person",
    columns: ["team", "signed_on", "since", "until", "package", "signer", "number", "crowds", "paper", "handbook", "service_card", "platform", "platform_on", "ended_on", "ended_reason"],
    need: ["team", "since"],
    start: (today) => ({ since: `${today.slice(0, 4)}-01-01`, until: `${today.slice(0, 4)}-12-31` }),
  },
  exclusion: { table: "exclusion", title: "未签原因", of: "person", columns: ["reason", "since", "until", "evidence"], need: ["reason"] },
  treatment_case: {
    table: "treatment_case",
    title: "救治",
    of: "person",
    columns: [
      "diagnosis", "disease", "icd10", "way", "confirmed_on", "wish", "wish_reason", "hospital", "plan", "surgery_ready_on", "batch", "window_from", "window_until", "state", "referred_on",
      "admitted_on", "discharged_on", "treated_on", "result", "institution", "doctor", "cadre", "reported_on", "closed_on", "note", "restricted",
    ],
    need: ["disease"],
  },
  chronic_certificate: {
    table: "chronic_certificate",
    title: "特慢病证",
    of: "person",
    columns: [
      "diagnosis", "disease", "icd10", "hospital", "hospital_level", "evidence", "lacking", "needs_confirming", "submitted_on", "batch", "review_on", "result", "result_reason", "number",
      "issued_on", "valid_until", "reported_on", "marked_on", "note", "restricted",
    ],
    need: ["disease"],
  },
  exam: {
    table: "exam",
    title: "体检",
    of: "person",
    columns: [
      "examined_on", "kind", "place", "doctor", "height_tenths", "weight_tenths", "waist_tenths", "systolic", "diastolic", "heart_rate", "glucose_tenths", "ecg", "auscultation",
      "tests", "findings", "result", "suspected", "advice", "self_care", "restricted",
    ],
    need: ["examined_on"],
    start: (today) => ({ examined_on: today }),
  },
  screening_event: {
    table: "screening_event",
    title: "筛查服务",
    of: "person",
    columns: ["kind", "done_on", "ordinal", "place", "result", "detail", "doctor", "next_on", "restricted"],
    need: ["kind", "done_on"],
    start: (today) => ({ done_on: today }),
  },
  crowd: {
    table: "crowd",
    title: "重点人群",
    of: "person",
    columns: ["crowd", "since", "until", "until_reason", "expected_on", "delivered_on", "doctor", "source"],
    need: ["crowd"],
    start: (today) => ({ since: today }),
  },
  disability: { table: "disability", title: "残疾人证", of: "person", columns: ["number", "kind", "grade", "issued_on", "valid_until", "source"], need: ["kind"] },
} satisfies Record<string, RecordForm>;
