import { reactive } from "vue";
import type { CompareListRow, CompareRunRequest, CompareState } from "@/api/gen/types";

/** Where somebody was in the comparison: kept while they look at a household and come back. */
export const place = reactive<{ ours: number | null; theirs: number | null; compared: CompareRunRequest | null; group: string }>({
  ours: null,
  theirs: null,
  compared: null,
  group: "M1",
});

/** Which rows of a comparison are shown, in the clerk's words. */
export const STATES: { code: CompareState; label: string }[] = [
  { code: "fresh", label: "没处理的" },
  { code: "waiting", label: "待核实的" },
  { code: "decided", label: "处理过的" },
  { code: "all", label: "全部" },
];

/** How rows that are only alike may be decided: a decision here says whether they are one person. */
export const LIKENESS: { code: string; label: string }[] = [
  { code: "ours", label: "是同一人，以本方写法为准" },
  { code: "theirs", label: "是同一人，以对方写法为准" },
  { code: "kept", label: "不是同一人" },
  { code: "later", label: "待核实" },
];

/** A list as one chooses among several. */
export function listLabel(list: CompareListRow): string {
  return [list.source.label, list.as_of ?? list.taken_at.slice(0, 10)].join(" ");
}
