import { computed, type ComputedRef, shallowRef, watch } from "vue";
import type { GridSort } from "@/api/gen/types";
import { type ListKey, type ListView, useView } from "@/app/views";
import { type Column, placed, sorted } from "./gridColumns";

/** A list as its operator keeps it: what a `DataGrid` shows and a `GridBar` changes. */
export interface Grid<T> {
  view: ListView;
  /** Every column that can be shown, in the order chosen. */
  every: ComputedRef<{ column: Column<T>; shown: boolean }[]>;
  /** What the grid draws. */
  columns: ComputedRef<Column<T>[]>;
  rows: ComputedRef<T[]>;
  sort: ComputedRef<GridSort | null>;
  /** Sorts by a column: up, then down, then not at all. */
  sortBy: (key: string) => void;
  /** Shows or hides a column; the last one stays. */
  toggle: (key: string) => void;
  /** Moves a column by so many places. */
  move: (key: string, by: number) => void;
  /** The columns as the program brings them, in its own order of rows. */
  reset: () => void;
}

/**
 * Keeps a list the operator's way. `outside` when whoever answers the list sorts it; `rest` reads all of a list that comes
 * page by page, once it is to be sorted while `partial`; `view` when the page has it already for its filter.
 */
export function useGrid<T>(from: {
  list: ListKey;
  view?: ListView;
  columns: () => readonly Column<T>[];
  rows: () => readonly T[];
  outside?: boolean;
  partial?: () => boolean;
  rest?: () => Promise<T[]>;
}): Grid<T> {
  const view = from.view ?? useView(from.list);
  const { kept, keep } = view;
  const every = computed(() => placed(from.columns(), kept.columns));
  const columns = computed(() => [...every.value.filter((one) => one.shown).map((one) => one.column), ...from.columns().filter((column) => column.label === "")]);
  const sort = computed(() => (kept.sort && from.columns().some((column) => column.key === kept.sort?.column) ? kept.sort : null));
  /** All of a list of which only the first pages were here. */
  const whole = shallowRef<T[] | null>(null);
  let turn = 0;
  if (from.rest) {
    watch(
      [sort, from.rows],
      async () => {
        const mine = ++turn;
        if (!sort.value || !from.partial?.()) whole.value = null;
        else {
          const all = await from.rest?.().catch(() => null);
          if (mine === turn) whole.value = all ?? null;
        }
      },
      { immediate: true },
    );
  }
  const rows = computed(() => {
    const by = sort.value;
    return !by || from.outside ? [...from.rows()] : sorted(whole.value ?? from.rows(), from.columns().find((column) => column.key === by.column), by.down);
  });

  function place(to: { column: Column<T>; shown: boolean }[]): void {
    kept.columns = to.map(({ column, shown }) => ({ key: column.key, shown }));
    keep();
  }
  function sortBy(key: string): void {
    const now = sort.value;
    if (now?.column !== key) kept.sort = { column: key, down: false };
    else kept.sort = now.down ? null : { column: key, down: true };
    keep();
  }
  function toggle(key: string): void {
    const to = every.value.map((one) => (one.column.key === key ? { ...one, shown: !one.shown } : one));
    if (to.some((one) => one.shown)) place(to);
  }
  function move(key: string, by: number): void {
    const to = [...every.value];
    const at = to.findIndex((one) => one.column.key === key);
    const one = to[at];
    if (!one || at + by < 0 || at + by >= to.length) return;
    to.splice(at, 1);
    to.splice(at + by, 0, one);
    place(to);
  }
  function reset(): void {
    kept.columns = [];
    kept.sort = null;
    keep();
  }
  return { view, every, columns, rows, sort, sortBy, toggle, move, reset };
}
