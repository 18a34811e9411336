import { describe, expect, it } from "vitest";
import type { StepRow } from "@/api/gen/types";
import { barOf, placeOf } from "@/features/money/steps";

const step = (key: string, payer: string | null = null): StepRow => ({ key, label: key, formula: "", amount: 0, article: "", payer });
const STEPS = [
  step("total"),
  step("outside"),
  step("in_scope"),
  step("basic.deductible", "basic"),
  step("basic.amount", "basic"),
  step("aid_small.not_applied", "aid_small"),
  step("aid_large.amount", "aid_large"),
  step("government.amount", "government"),
  step("ceiling"),
  step("personal"),
];
const opened = (chosen: string) => STEPS[placeOf(STEPS, chosen)]?.key;

describe("每根柱子打开它的算式", () => {
  it("a payer's bar opens what the payer pays, also where two payers share a column", () => {
    expect(["basic", "aid_large", "aid_small", "government"].map(opened)).toEqual(["basic.amount", "aid_large.amount", "aid_small.not_applied", "government.amount"]);
  });
  it("the bars that are no payer's open their own step, or the one that tells of them", () => {
    expect(["total", "outside", "hospital", "personal"].map(opened)).toEqual(["total", "outside", "personal", "personal"]);
    const planned = STEPS.slice(2);
    expect(["total", "outside"].map((bar) => planned[placeOf(planned, bar)]?.key)).toEqual(["in_scope", "in_scope"]);
  });
  it("what nothing is said of opens nothing", () => {
    expect(placeOf(STEPS, "year_end")).toBe(-1);
  });
  it("a step lights the bar it belongs to", () => {
    expect(STEPS.map(barOf)).toEqual(["total", "outside", "outside", "basic", "basic", "aid_small", "aid_large", "government", "ceiling", "personal"]);
  });
});
