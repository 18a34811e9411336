import type { StepRow } from "@/api/gen/types";

/** Where a bar without a payer has no step of its own, the step that tells of it: what is left of the total, or for the person. */
const TOLD: Record<string, string> = { total: "in_scope", outside: "in_scope", hospital: "personal" };

/** The step that a bar of the waterfall or a column of the sheet opens; -1 where nothing is said of it. */
export function placeOf(steps: readonly StepRow[], chosen: string): number {
  const at = (key: string | undefined) => steps.findIndex((step) => step.key === key);
  const own = [at(chosen), at(`${chosen}.amount`), steps.findIndex((step) => step.key.startsWith(`${chosen}.`) || step.payer === chosen)];
  return own.find((place) => place >= 0) ?? at(TOLD[chosen]);
}

/** The bar a step belongs to. */
export function barOf(step: StepRow): string {
  return step.key === TOLD.outside ? "outside" : (step.key.split(".")[0] ?? step.key);
}
