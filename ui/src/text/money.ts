/** Fen as yuan with separators and two decimals: `123450` → `1,234.50`. No floats are involved. */
export function yuan(fen: number | null | undefined): string {
  if (fen === null || fen === undefined) return "";
  const digits = String(Math.abs(Math.trunc(fen))).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
}

/** A count with separators. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Basis points as a percentage with one decimal: `1568` → `15.7%`. */
export function percent(basisPoints: number | null | undefined): string {
  if (basisPoints === null || basisPoints === undefined) return "";
  const tenths = Math.round(basisPoints / 10);
  return `${Math.trunc(tenths / 10)}.${tenths % 10}%`;
}

/** A share as basis points; one missing among many is never rounded up to 100.0 %. */
export function share(done: number, of: number): number {
  return done >= of ? 10_000 : Math.min(Math.round((done * 10_000) / of), 9_994);
}

/** Sizes as people say them. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KB`;
  const tenths = bytes < 1024 ** 3 ? Math.round(bytes / 104_857.6) : Math.round(bytes / 107_374_182.4);
  return `${Math.trunc(tenths / 10)}.${tenths % 10} ${bytes < 1024 ** 3 ? "MB" : "GB"}`;
}

/** What a clerk types for an amount — `20000`, `20,000.5`, `2万` — in fen, or null. */
export function typedFen(text: string): number | null {
  const found = /^(\d+)(?:[.。](\d{1,4}))?(万)?元?$/.exec(text.trim().replace(/[,，\s]/g, ""));
  if (!found) return null;
  const places = found[3] ? 6 : 2;
  const digits = (found[2] ?? "").padEnd(places, "0");
  if (/[^0]/.test(digits.slice(places))) return null;
  const fen = Number(`${found[1] ?? ""}${digits.slice(0, places)}`);
  return Number.isSafeInteger(fen) ? fen : null;
}

/** What a clerk types for a share — `5`, `5.25`, `5%` — in basis points, or null. */
export function typedShare(text: string): number | null {
  const found = /^(\d{1,3})(?:[.。](\d{1,2}))?[%％]?$/.exec(text.trim());
  if (!found) return null;
  const points = Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
  return points <= 10_000 ? points : null;
}

/** Basis points as they are typed: `525` → `5.25`. */
export function shareText(basisPoints: number): string {
  return `${Math.trunc(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, "0")}`.replace(/\.?0+$/, "") || "0";
}
