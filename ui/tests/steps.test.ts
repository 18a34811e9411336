import { describe, expect, it } from "vitest";
import type { StepRow } from "@/api/gen/types";
import { barOf, placeOf } from "@/features/money/steps";

const step = (key: string, payer: string | null = null): StepRow => ({ key, label: key, formula: "", amount: 0, article: "", payer });
const STEPS = [
  step("in_scope"),
  step("basic.deductible", "basic"),
  step("basic.amount", "basic"),
  step("aid_small.not_applied", "aid"),
  step("aid_large.amount", "aid"),
  step("government.amount", "other"),
  step("ceiling"),
  step("personal"),
];
const opened = (chosen: string) => STEPS[placeOf(STEPS, chosen)]?.key;

describe("每根柱子打开它的算式", () => {
  it("a payer's bar opens what the payer pays, also where two payers share a column", () => {
    expect(["basic", "aid_large", "aid_small", "government"].map(opened)).toEqual(["basic.amount", "aid_large.amount", "aid_small.not_applied", "government.amount"]);
  });
  it("the bars that are no payer's open the step that tells of them", () => {
    expect(["total", "outside", "hospital", "personal"].map(opened)).toEqual(["in_scope", "in_scope", "personal", "personal"]);
  });
  it("a column of the sheet opens the first step of its payers", () => {
    expect(["aid", "other"].map(opened)).toEqual(["aid_small.not_applied", "government.amount"]);
  });
  it("a step lights the bar it belongs to", () => {
    expect(STEPS.map(barOf)).toEqual(["outside", "basic", "basic", "aid_small", "aid_large", "government", "ceiling", "personal"]);
  });
});
