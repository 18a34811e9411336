import type { ImportHome, ImportRow, LookField, LookSheet } from "@/api/gen/types";

/** A line of the grid is a row of the file or the head of a household's rows. */
export type Line = { home: ImportHome; row?: undefined } | { home?: undefined; row: ImportRow };

/** The rows below their households, in the order in which the file first names each; households without a shown row are left out. */
export function byHome(homes: readonly ImportHome[], rows: readonly ImportRow[]): Line[] {
  const own = new Map<string, ImportRow[]>();
  for (const row of rows) {
    const known = own.get(row.household);
    if (known) known.push(row);
    else own.set(row.household, [row]);
  }
  return homes.flatMap((home): Line[] => {
    const shown = own.get(home.household);
    return shown ? [{ home }, ...shown.map((row) => ({ row }))] : [];
  });
}

/** `新增 1，不变 2`: what becomes of a household's rows, with nothing that is none. */
export function sumOf(home: ImportHome): string {
  const parts: [string, number][] = [
    ["新增", home.new],
    ["修改", home.changed],
    ["不变", home.same],
    ["不能用", home.rejected],
  ];
  return parts.flatMap(([word, n]) => (n ? [`${word} ${n}`] : [])).join("，");
}

/** The choice that leaves a column out. */
export const LEAVE = "-";

/** As what a column may be read: what the sheet still lacks first, what another column already is last. */
export function fieldChoices(sheet: LookSheet, fields: readonly LookField[]): { code: string; label: string }[] {
  const read = sheet.columns.filter((one) => one.state === "mapped" || one.state === "not_kept");
  const taken = new Map(read.map((one) => [one.key, one.label]));
  const missing = new Set(sheet.missing);
  const ranked = fields.map((field) => {
    if (missing.has(field.title)) return { rank: 0, code: field.key, label: `${field.title}（必需，还缺）` };
    const by = taken.get(field.key);
    return by === undefined ? { rank: 1, code: field.key, label: field.title } : { rank: 2, code: field.key, label: `${field.title}（现在是“${by}”）` };
  });
  ranked.sort((a, b) => a.rank - b.rank);
  return [{ code: LEAVE, label: "不读这一列" }, ...ranked.map(({ code, label }) => ({ code, label }))];
}
