/** One column of a grid. Widths are in rem so that they grow with the text. */
export interface Column<T> {
  key: string;
  label: string;
  /** At least this wide. */
  width: number;
  /** Share of the room left over; 0 keeps the column at its width. */
  grow?: number;
  align?: "left" | "right" | "center";
  /** 1 always stays; the highest number is dropped first when the window is narrow. */
  priority?: number;
  /** What stands in the cell when there is no slot for it. */
  text?: (row: T) => string | number;
  /** The whole text, shown by the browser on hover when the cell may be cut. */
  title?: (row: T) => string;
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
