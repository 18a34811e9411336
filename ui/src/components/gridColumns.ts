/** One column of a grid. Widths are in rem so that they grow with the text. */
export interface Column<T> {
  key: string;
  /** A column without a label is no column of the list: it is always there and in no file. */
  label: string;
  /** At least this wide. */
  width: number;
  /** Share of the room left over; 0 keeps the column at its width. */
  grow?: number;
  align?: "left" | "right" | "center";
  /** 1 always stays; the highest number is dropped first when the window is narrow. */
  priority?: number;
  /** What stands in the cell when there is no slot for it, and in the file. */
  text?: (row: T) => string | number;
  /** The whole text, shown by the browser on hover when the cell may be cut. */
  title?: (row: T) => string;
  /** What the column is sorted by, when that is not its text. */
  order?: (row: T) => string | number;
}

/** A column in the place somebody gave it. */
export interface Placed {
  key: string;
  shown: boolean;
}

/** The columns that fit into `room` rem: those with the highest priority number go first, the last of them before the others. */
export function fitting<T>(columns: readonly Column<T>[], room: number): Column<T>[] {
  const kept = [...columns];
  const total = () => kept.reduce((sum, column) => sum + column.width, 0);
  while (total() > room) {
    const least = kept.reduce((worst, column) => Math.max(worst, column.priority ?? 1), 1);
    if (least === 1) break;
    kept.splice(
      kept.map((column) => column.priority ?? 1).lastIndexOf(least),
      1,
    );
  }
  return kept;
}

/** The CSS grid template all rows share. */
export function template<T>(columns: readonly Column<T>[]): string {
  return columns.map((column) => (column.grow ? `minmax(${column.width}rem, ${column.grow}fr)` : `${column.width}rem`)).join(" ");
}

/** Where the cursor goes from `at` in a list of `length` rows when `key` is pressed, or null when the key is no movement. */
export function moved(key: string, at: number, length: number, page: number): number | null {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: length - 1 }[key];
  if (to === undefined || length === 0) return null;
  return Math.min(Math.max(to, 0), length - 1);
}

/** The columns in the places somebody gave them. One that is newer than the view stands where the program puts it; at least one is shown. */
export function placed<T>(columns: readonly Column<T>[], places: readonly Placed[]): { column: Column<T>; shown: boolean }[] {
  const choosable = columns.filter((column) => column.label !== "");
  const chosen = places.flatMap(({ key, shown }) => {
    const column = choosable.find((one) => one.key === key);
    return column ? [{ column, shown }] : [];
  });
  choosable.forEach((column, place) => {
    if (!chosen.some((one) => one.column === column)) chosen.splice(Math.min(place, chosen.length), 0, { column, shown: true });
  });
  if (chosen[0] && !chosen.some((one) => one.shown)) chosen[0].shown = true;
  return chosen;
}

const pinyin = new Intl.Collator("zh-CN", { numeric: true });

/** The rows in the order of a column; rows that say nothing stand last either way. */
export function sorted<T>(rows: readonly T[], column: Column<T> | undefined, down: boolean): T[] {
  const of = column?.order ?? column?.text;
  if (!of) return [...rows];
  const compare = (one: string | number, other: string | number) =>
    typeof one === "number" && typeof other === "number" ? one - other : pinyin.compare(String(one), String(other));
  const keyed = rows.map((row) => ({ row, key: of(row) }));
  keyed.sort((one, other) => {
    const empty = Number(one.key === "") - Number(other.key === "");
    return empty || (down ? compare(other.key, one.key) : compare(one.key, other.key));
  });
  return keyed.map(({ row }) => row);
}

/** A cell as the file says it. */
export function cellText<T>(column: Column<T>, row: T): string {
  return String(column.text?.(row) ?? "");
}
