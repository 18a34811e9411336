import type { PackRow, PackStanding, PackState, Tone } from "@/api/gen/types";

const STATES: Record<PackState, { label: string; tone: Tone }> = {
  in_force: { label: "✓ 现行", tone: "done" },
  future: { label: "还没起用", tone: "waiting" },
  ended: { label: "不再用", tone: "neutral" },
  withdrawn: { label: "已撤回", tone: "neutral" },
  broken: { label: "不能使用", tone: "missing" },
};

export const stateOf = (pack: PackRow) => STATES[pack.state];

/** Which days a pack counts for. */
export function daysOf(pack: { effective_from: string; effective_until: string | null }): string {
  return `${pack.effective_from} 起${pack.effective_until ? `，到 ${pack.effective_until}` : ""}`;
}

/** Where a draft stands between its writer and its two readers. */
export function progress(standing: PackStanding): { label: string; tone: Tone } {
  const passed = standing.opinions.filter((one) => one.verdict.code === "passed").length;
  if (standing.ready) return { label: "✓ 两人复核通过", tone: "done" };
  if (standing.opinions.some((one) => one.verdict.code === "returned")) return { label: "退回", tone: "missing" };
  if (passed > 0) return { label: `${passed} 人通过，还缺 1 人`, tone: "soon" };
  return standing.sent_by ? { label: "等人复核", tone: "waiting" } : { label: "起草中", tone: "neutral" };
}
