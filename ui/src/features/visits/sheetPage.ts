import { nextTick, type Ref, watch } from "vue";
import { onBeforeRouteLeave, type RouteLocationRaw, useRouter } from "vue-router";
import { useKeys } from "@/app/keymap";
import type SheetGrid from "./SheetGrid.vue";

/** How a page around a sheet of lines begins, is saved and is left: the first line has the focus, the keys are the same on
 *  each, and what was typed is kept. */
export function useSheetPage(page: {
  grid: Ref<InstanceType<typeof SheetGrid> | undefined>;
  rows: Ref<unknown[]>;
  save: () => Promise<unknown>;
  leaving: () => void;
  /** Where Esc goes, and what that is called. */
  up: { label: string; to: () => RouteLocationRaw };
}): void {
  const router = useRouter();
  watch(
    () => page.rows.value.length > 0,
    (some) => {
      if (some) void nextTick(() => page.grid.value?.start());
    },
  );
  onBeforeRouteLeave(page.leaving);
  useKeys(() => [
    { key: "Ctrl+S", label: "保存", run: () => void page.save() },
    { key: "Esc", label: page.up.label, run: () => void router.push(page.up.to()) },
  ]);
}
