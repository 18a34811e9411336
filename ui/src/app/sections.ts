import { computed, type ComputedRef } from "vue";
import type { WorkItem } from "@/api/gen/types";

/** One section of the rail. */
export interface Section {
  key: string;
  label: string;
  /** Its name where there is little room. */
  short: string;
  path: string;
}

/** The ten sections in their order; `Alt+1` to `Alt+0`. */
export const SECTIONS: readonly Section[] = [
  { key: "desk", label: "工作台", short: "工作", path: "/desk" },
  { key: "households", label: "户档案", short: "户", path: "/households" },
  { key: "treatment", label: "疾病救治", short: "救治", path: "/treatment" },
  { key: "visits", label: "签约随访", short: "随访", path: "/visits" },
  { key: "money", label: "保障结算", short: "结算", path: "/money" },
  { key: "cards", label: "明白卡", short: "卡", path: "/cards" },
  { key: "compare", label: "数据比对", short: "比对", path: "/compare" },
  { key: "reports", label: "统计报表", short: "报表", path: "/reports" },
  { key: "exchange", label: "数据交换", short: "交换", path: "/exchange" },
  { key: "system", label: "系统", short: "系统", path: "/system" },
];

/** Whether a work item is done in this section. */
export function belongs(item: WorkItem, section: Section): boolean {
  return item.section === section.key || item.section === section.label;
}

/** What a clerk calls the section of an item. */
export function sectionLabel(item: WorkItem): string {
  return SECTIONS.find((section) => belongs(item, section))?.label ?? item.section;
}

/** How much is urgent in each section: what is missing, or waits for a decision. */
export function useSectionCounts(items: () => readonly WorkItem[]): ComputedRef<Map<string, number>> {
  return computed(() => {
    const counts = new Map<string, number>();
    for (const section of SECTIONS) {
      const urgent = items().filter((item) => belongs(item, section) && (item.tone === "missing" || (item.tone === "waiting" && section.key === "exchange")));
      counts.set(section.key, urgent.reduce((sum, item) => sum + item.count, 0));
    }
    return counts;
  });
}
