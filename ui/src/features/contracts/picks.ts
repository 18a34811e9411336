import { computed, ref, type ComputedRef, type Ref } from "vue";

/** Which rows of a list are ticked. Rows that are gone are ticked no longer. */
export interface Picks<T> {
  picked: ComputedRef<T[]>;
  has: (row: T) => boolean;
  toggle: (row: T) => void;
  all: () => void;
  keys: Ref<Set<string>>;
}

export function usePicks<T>(rows: () => readonly T[], keyOf: (row: T) => string): Picks<T> {
  const keys = ref(new Set<string>());
  const picked = computed(() => rows().filter((row) => keys.value.has(keyOf(row))));
  function toggle(row: T): void {
    const next = new Set(keys.value);
    if (!next.delete(keyOf(row))) next.add(keyOf(row));
    keys.value = next;
  }
  function all(): void {
    keys.value = picked.value.length === rows().length ? new Set() : new Set(rows().map(keyOf));
  }
  return { picked, has: (row) => keys.value.has(keyOf(row)), toggle, all, keys };
}
