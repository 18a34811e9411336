import type { StepRow } from "@/api/gen/types";

/** Bars without a payer, and the step that tells of them: what is left of the total, and what is left for the person. */
const TOLD: Record<string, string> = { total: "in_scope", outside: "in_scope", hospital: "personal" };

/** The step that a bar of the waterfall or a column of the sheet opens; -1 where nothing is said of it. */
export function placeOf(steps: readonly StepRow[], chosen: string): number {
  const key = TOLD[chosen] ?? chosen;
  const found = [key, `${key}.amount`].map((wanted) => steps.findIndex((step) => step.key === wanted)).find((place) => place >= 0);
  return found ?? steps.findIndex((step) => step.key.startsWith(`${key}.`) || step.payer === key);
}

/** The bar a step belongs to. */
export function barOf(step: StepRow): string {
  return step.key === TOLD.outside ? "outside" : (step.key.split(".")[0] ?? step.key);
}
