import { computed, type ComputedRef } from "vue";
import type { NarrowChoices, NarrowRequest } from "@/api/gen/types";
import { useQuery } from "@/app/query";
import type { ListView } from "@/app/views";

type Part = keyof NarrowRequest;
interface Choice {
  code: string;
  label: string;
}

/** What lists of households and people are narrowed by beside village and status, in the order of the bar. */
const PARTS: readonly { key: Part; of: keyof NarrowChoices; label: string; all: string }[] = [
  { key: "item", of: "items", label: "要办的事", all: "全部要办的事" },
  { key: "diseases", of: "diseases", label: "病种名单", all: "全部病种" },
  { key: "cause", of: "causes", label: "致贫原因", all: "全部致贫原因" },
  { key: "identity", of: "identities", label: "救助身份", all: "全部救助身份" },
  { key: "crowd", of: "crowds", label: "重点人群", all: "全部人群" },
  { key: "away", of: "away", label: "外出", all: "不论在不在家" },
];

export interface NarrowPart {
  key: Part;
  label: string;
  all: string;
  options: Choice[];
}

/** The parts of a list's filter that narrow it by what is known of its households and people. */
export function useNarrow(view: ListView, without: readonly Part[] = []): { parts: ComputedRef<NarrowPart[]>; request: ComputedRef<NarrowRequest | null>; words: ComputedRef<string[]>; count: ComputedRef<number> } {
  const choices = useQuery("narrow_choices", () => ({}));
  const used = PARTS.filter((part) => !without.includes(part.key));
  const parts = computed(() => used.map(({ key, of, label, all }) => ({ key, label, all, options: choices.data.value?.[of] ?? [] })));
  const asked = computed(() => used.filter((part) => view.kept.filter[part.key]));
  const request = computed(() => {
    if (asked.value.length === 0) return null;
    const none: NarrowRequest = { cause: null, diseases: null, identity: null, crowd: null, away: null, item: null };
    return { ...none, ...Object.fromEntries(asked.value.map((part) => [part.key, view.kept.filter[part.key]])) };
  });
  const words = computed(() => parts.value.flatMap((part) => labelIn(part.options, view.kept.filter[part.key])));
  return { parts, request, words, count: computed(() => asked.value.length) };
}

/** The label of what is chosen, as a list of one or none. */
export function labelIn(options: readonly Choice[], code: string | undefined): string[] {
  const found = options.find((one) => one.code === code);
  return found ? [found.label] : [];
}
