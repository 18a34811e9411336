/** The sheet in the order of the paper (一站式结算单): who and where, then the amounts. */
export const WHERE = [
  "settled_on", "number", "invoice", "hospital", "hospital_level", "hospital_area", "care_kind", "referral", "disease", "care_disease",
  "year", "admitted_on", "discharged_on", "identity", "excluded_cause", "major_disease", "transferred", "continued", "one_stop", "deposit", "published_on",
] as const;
export const MONEY = [
  "total", "own_expense", "over_limit", "pre_self_pay", "in_scope", "paid_basic", "paid_critical", "paid_aid", "paid_other", "hospital_borne",
  "personal_account", "paid_personal", "paid_commercial", "paid_beyond", "paid_beyond_by",
] as const;
/** What the sheet prints beside its amounts: held against the days, the pack and the bills on file. */
export const PRINTED = ["stay_days", "deductible", "aid_base", "year_deductible", "year_basic", "year_critical", "year_aid"] as const;
/** All columns the form writes. */
export const COLUMNS: readonly string[] = ["person", ...WHERE, ...MONEY, ...PRINTED, "items", "corrects", "reversal"];

/** The code of `care_kind` for what is paid once for a whole year; that has a year and payments, and no costs. */
export const YEAR_END = "year_end";
const AT_END: readonly string[] = ["settled_on", "number", "invoice", "care_kind", "year", "paid_basic", "paid_critical", "paid_aid", "paid_other"];
const ALWAYS: readonly string[] = ["person", "corrects", "reversal"];

/** Whether a sheet of this kind has a column. */
export const hasColumn = (kind: string, column: string): boolean => (kind === YEAR_END ? AT_END.includes(column) : column !== "year");

/** Item classes in the form are one field each: `item:class`. */
export const ITEM = "item:";

/** `class=amount;…` from the fields of the classes. */
export function joinItems(values: Record<string, string>): string {
  const filled = Object.entries(values).filter(([key, text]) => key.startsWith(ITEM) && text.trim() !== "");
  return filled.map(([key, text]) => `${key.slice(ITEM.length)}=${text.trim().replace(/,/g, "")}`).join(";");
}

/** The fields of the classes from `class=amount;…`. */
export function splitItems(items: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const part of items.split(/[;；]/)) {
    const [key = "", amount = ""] = part.split("=").map((text) => text.trim());
    if (key && amount) fields[`${ITEM}${key}`] = amount;
  }
  return fields;
}

/** What is sent: every column of the form, amounts without separators. */
export function sentOf(values: Record<string, string>): Record<string, string> {
  const sent: Record<string, string> = {};
  const kind = values.care_kind ?? "";
  const blank: readonly string[] = values.reversal === "true" ? PRINTED : [];
  const has = (column: string) => ALWAYS.includes(column) || (hasColumn(kind, column) && !blank.includes(column));
  for (const column of COLUMNS) sent[column] = has(column) ? (values[column] ?? "").trim() : "";
  sent.items = kind === YEAR_END ? "" : joinItems(values);
  return sent;
}
