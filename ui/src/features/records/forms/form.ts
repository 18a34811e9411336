/** Which fields a form asks for, in the order a clerk has them at hand. Labels and kinds come from the catalogue. */
export interface RecordForm {
  table: string;
  title: string;
  columns: string[];
  /** Fields that must be filled. */
  need: string[];
  /** Whether the record hangs on a person, on the household, on both, or stands alone. */
  of: "person" | "household" | "both" | "none";
  /** Columns of another table asked for together with it. */
  also?: { table: string; columns: string[] };
  /** Values a new record starts with. */
  start?: (today: string) => Record<string, string>;
}
