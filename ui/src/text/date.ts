const WEEKDAYS = ["日", "一", "二", "三", "四", "五", "六"];

/** `2026-11-21` → `11月21日`. */
export function monthDay(iso: string | null | undefined): string {
  const parts = split(iso);
  return parts ? `${parts[1]}月${parts[2]}日` : "";
}

/** `2026-11-21` → `11-21`, for columns within one year. */
export function shortDate(iso: string | null | undefined): string {
  return iso && split(iso) ? iso.slice(5, 10) : "";
}

/** A local time as short as it can be said on `today`: `14:32` today, `11-20 14:32` this year, otherwise whole. */
export function shortTime(local: string, today: string): string {
  if (!split(local)) return local;
  if (local.startsWith(today)) return local.slice(11) || local;
  return local.slice(0, 4) === today.slice(0, 4) ? local.slice(5) : local;
}

/** `2026-11-21` → `星期六`. */
export function weekday(iso: string): string {
  const parts = split(iso);
  if (!parts) return "";
  return `星期${WEEKDAYS[new Date(Date.UTC(parts[0], parts[1] - 1, parts[2])).getUTCDay()]}`;
}

/** What a clerk types for a day — `19900101`, `1990-1-1`, `1990.1.1`, `1990年1月1日`, `1990/1/1`, in full width too — as ISO text, or null. */
export function typedDate(text: string): string | null {
  const trimmed = text.trim().replace(/[０-９．－／]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  const found = /^(\d{4})(\d{2})(\d{2})$/.exec(trimmed) ?? /^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$/.exec(trimmed);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.toISOString().slice(0, 10) : null;
}

function split(iso: string | null | undefined): [number, number, number] | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "");
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : null;
}

/** The day it is here, as ISO text. */
export function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

/** The last day of the year that begins on a day: `2026-12-01` → `2027-11-30`. */
export function nextYear(iso: string): string {
  const parts = split(iso);
  if (!parts) return "";
  return new Date(Date.UTC(parts[0] + 1, parts[1] - 1, parts[2] - 1)).toISOString().slice(0, 10);
}
