import { computed, ref, watch } from "vue";
import { type KeyBinding, useKeys } from "@/app/keymap";
import { useQuery } from "@/app/query";
import { useView } from "@/app/views";
import { count } from "@/text/money";
import { labelIn, useNarrow } from "../households/narrow";
import { useVillages } from "../households/villages";

/** One list of the desk, narrowed as the operator keeps this very list. Whoever shows another list mounts anew. */
export function useWorklist(list: string) {
  const view = useView("worklist", list);
  const village = view.filter("village");
  const villages = useVillages();
  const narrow = useNarrow(view, ["item"]);
  const narrowing = ref(false);
  watch(narrow.count, (now) => (narrowing.value ||= now > 0), { immediate: true });
  const work = useQuery("worklist_get", () => (view.ready.value ? { key: list, village: village.value || null, narrow: narrow.request.value } : null));
  const words = computed(() => [...labelIn(villages.value, village.value), ...narrow.words.value].join("，"));
  /** A filter must not make anybody forget the rest. */
  const told = computed(() => {
    const now = work.data.value;
    if (!now) return "";
    const shown = now.whole > now.rows.length ? `筛选后 ${count(now.rows.length)} 条，共 ${count(now.whole)} 条` : `${count(now.rows.length)} 条`;
    return `${shown} · ${now.definition}`;
  });
  useKeys((): KeyBinding[] => [
    { key: "Z", label: "更多筛选", run: () => (narrowing.value = !narrowing.value) },
    ...(words.value ? [{ key: "X", label: "取消筛选", run: () => view.narrow({}) }] : []),
  ]);
  return { view, village, villages, narrow, narrowing, work, words, told };
}
