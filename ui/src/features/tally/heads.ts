import type { TallyColumn } from "@/api/gen/types";

/** A head of the upper row: its words, and over how many columns it stands. */
export interface Head {
  title: string;
  span: number;
  /** The place of its first column. */
  at: number;
}

/** The upper row of heads: neighbours with the same group stand under one, a column without a group under none. */
export function heads(columns: readonly TallyColumn[]): Head[] {
  const found: Head[] = [];
  columns.forEach((column, at) => {
    const last = found.at(-1);
    if (last && column.group !== "" && last.title === column.group) last.span++;
    else found.push({ title: column.group, span: 1, at });
  });
  return found;
}
