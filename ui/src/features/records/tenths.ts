/** Values kept in tenths are typed and shown with one decimal: `72` ↔ `7.2`. */
export const inTenths = (column: string): boolean => column.endsWith("_tenths");

/** What stands in the form for a stored number of tenths. */
export function shownTenths(stored: string): string {
  return /^\d+$/.test(stored) ? `${Math.trunc(Number(stored) / 10)}.${Number(stored) % 10}` : stored;
}

/** The number of tenths somebody typed; anything else is passed on as it is, to be refused with a reason. */
export function typedTenths(typed: string): string {
  const found = /^(\d+)(?:[.。](\d))?$/.exec(typed.trim());
  return found ? String(Number(found[1]) * 10 + Number(found[2] ?? 0)) : typed;
}
