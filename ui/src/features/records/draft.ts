import { onBeforeUnmount, ref, watch } from "vue";
import { call } from "@/api/client";
import type { DraftRequest, FormKey } from "@/api/gen/types";

/** Quiet for so long, and what was typed is kept. */
const PAUSE_MS = 500;

/**
 * What a form holds while somebody types: kept on this PC after every pause, given back when the form opens again, gone
 * with the save. `values` holds a text for every column of the form; only the changed ones are kept.
 */
export function useDraft(key: () => FormKey, about: () => Omit<DraftRequest, "form" | "subject" | "values">, values: Record<string, string>) {
  /** When what was given back had been typed; empty when nothing was. */
  const at = ref("");
  /** Whether nothing of it could be kept. */
  const failing = ref(false);
  /** Who, when, how and where of the last record of this form. */
  const last = ref<Record<string, string>>({});
  let begun = "";
  let kept = "";
  let over = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let going: Promise<void> = Promise.resolve();

  const shape = (of: Record<string, string> = values) => JSON.stringify(Object.entries(of).sort());
  /** The columns somebody changed: what others write meanwhile in the rest is not overwritten when it comes back. */
  function changed(): Record<string, string> {
    const first = new Map(JSON.parse(begun) as [string, string][]);
    return Object.fromEntries(Object.entries(values).filter(([column, text]) => first.get(column) !== text));
  }

  /**
   * Remembers how the form begins and puts back what was typed last time. `saved` is how it was saved, when somebody went
   * on typing meanwhile: what they typed is kept like anything else.
   */
  async function begin(saved: Record<string, string> = values): Promise<void> {
    begun = kept = shape(saved);
    const start = await call("form_start", key()).catch(() => null);
    failing.value = start === null;
    last.value = (start?.last ?? {}) as Record<string, string>;
    if (start?.draft) {
      at.value = start.draft.at;
      for (const [column, text] of Object.entries(start.draft.values)) if (column in values) values[column] = text as string;
      kept = shape();
    }
    over = false;
    await keep();
  }

  async function keep(): Promise<void> {
    clearTimeout(timer);
    const now = shape();
    if (over || now === kept) return;
    kept = now;
    const work = now === begun ? () => call("draft_drop", key()) : () => call("draft_keep", { ...key(), ...about(), values: changed() });
    going = going.then(work).then(
      () => void (failing.value = false),
      () => {
        kept = "";
        failing.value = true;
      },
    );
    await going;
  }

  /** Stops keeping while the form is being saved. */
  async function hold(): Promise<void> {
    over = true;
    clearTimeout(timer);
    await going;
  }

  /** Goes on keeping after a refusal. */
  function release(): void {
    over = false;
    void keep();
  }

  /** Whether something was typed that is not saved. */
  const dirty = () => !over && shape() !== begun;

  /** The form as it began; what was typed is given up. */
  function discard(): void {
    Object.assign(values, Object.fromEntries(JSON.parse(begun) as [string, string][]));
    at.value = "";
    kept = "";
    void keep();
  }

  watch(values, () => {
    clearTimeout(timer);
    if (!over) timer = setTimeout(() => void keep(), PAUSE_MS);
  });
  onBeforeUnmount(() => void keep());
  return { at, failing, last, begin, hold, release, discard, dirty };
}
