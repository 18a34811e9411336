import { computed, onScopeDispose, reactive, ref, type Ref, type WritableComputedRef } from "vue";
import { call } from "@/api/client";
import type { GridView } from "@/api/gen/types";
import { operator } from "./session";

/** Quiet for so long, and how a list is kept is written down. */
const PAUSE_MS = 300;

/** Lists that have a view; the same names as the program's. */
export type ListKey = "households" | "worklist" | "visits" | "bills" | "claims" | "claim_groups" | "compare" | "quality" | "imports" | "import_rows" | "absent" | "away" | "renewals" | "homes" | "issues" | "village_staff" | "activities" | "warning" | "insured" | "resettle";

/** How the operator keeps a list: columns, order, filter, saved filters. */
export interface ListView {
  /** The list, and the part of it where each part is kept for itself: `worklist/uncontracted`. */
  list: string;
  kept: GridView;
  /** Whether what was kept is here already. */
  ready: Ref<boolean>;
  /** Writes down what was changed. */
  keep: () => void;
  /** One part of the filter; empty when nothing is filtered by it. */
  filter: (key: string) => WritableComputedRef<string>;
  /** Replaces the filter. */
  narrow: (to: Record<string, string>) => void;
  /** Keeps the present filter under a name, in the place of another of this name. */
  save: (name: string) => void;
  /** Forgets a saved filter. */
  forget: (name: string) => void;
}

/** What was read already, by operator and list, so that a page that is opened again is as it was at once. */
const known = new Map<string, GridView>();

/** The view of a list, read once for each operator and kept on this PC as it changes; `part` where each part has its own. */
export function useView(of: ListKey, part = ""): ListView {
  const list = part ? `${of}/${part}` : of;
  const place = `${operator.value?.login ?? ""}/${list}`;
  const before = known.get(place);
  const kept = before ?? reactive<GridView>({ columns: [], sort: null, filter: {}, saved: [] });
  const ready = ref(before !== undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Narrowed before what was kept is here. */
  let touched = false;

  function write(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    // A list that cannot be kept as it is still lists.
    void call("view_keep", { list, view: kept }).catch(() => {});
  }
  function keep(): void {
    // What could not be read is not written over.
    if (!known.has(place)) return;
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE_MS);
  }
  if (!before) {
    void call("view_get", { list })
      .then((view) => {
        // What came with the address of the page goes before what was kept.
        Object.assign(kept, view, touched ? { filter: kept.filter } : {});
        known.set(place, kept);
        if (touched) keep();
      })
      .catch(() => {})
      .finally(() => (ready.value = true));
  }
  onScopeDispose(write);

  function narrow(to: Record<string, string>): void {
    touched = true;
    kept.filter = Object.fromEntries(Object.entries(to).filter(([, value]) => value !== ""));
    keep();
  }
  const filter = (key: string) =>
    computed({
      get: () => kept.filter[key] ?? "",
      set: (value: string) => narrow({ ...(kept.filter as Record<string, string>), [key]: value }),
    });
  function forget(name: string): void {
    kept.saved = kept.saved.filter((one) => one.name !== name);
    keep();
  }
  function save(name: string): void {
    kept.saved = [...kept.saved.filter((one) => one.name !== name), { name, filter: { ...kept.filter } }];
    keep();
  }
  return { list, kept, ready, keep, filter, narrow, save, forget };
}
