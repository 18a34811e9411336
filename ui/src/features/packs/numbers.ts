import type { PackNumber } from "@/api/gen/types";

/** The numbers of a text after one of them was replaced: it holds the new value, those behind it stand further on. */
export function moved(numbers: PackNumber[], changed: PackNumber, to: string): PackNumber[] {
  const by = to.length - (changed.to - changed.from);
  return numbers.map((one) => {
    if (one.from === changed.from) return { ...one, value: to, to: one.to + by };
    return one.from > changed.from ? { ...one, from: one.from + by, to: one.to + by } : one;
  });
}
