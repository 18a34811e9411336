/** A worked example as the file holds it. The form knows some of it; what it does not know stays as it is. */
export interface Example {
  title?: string;
  person: { identities?: { identity: string; from: string | null; until: string | null }[]; born?: string | null; [more: string]: unknown };
  bills?: ExampleBill[];
  expect?: Record<string, ExampleExpected>;
  [more: string]: unknown;
}
export interface ExampleBill {
  id: string;
  [field: string]: unknown;
}
export interface ExampleExpected {
  payers: Record<string, string>;
  in_scope_personal: string;
  [field: string]: unknown;
}

/** The examples of a draft; nothing where the text is damaged. */
export function examplesOf(text: string): Example[] {
  try {
    const list: unknown = JSON.parse(text || "[]");
    return Array.isArray(list) ? (list as Example[]) : [];
  } catch {
    return [];
  }
}

export const textOf = (examples: Example[]): string => (examples.length ? JSON.stringify(examples, null, 1) : "");

/** A first example: an ordinary stay at home, with nothing expected yet. */
export function newExample(day: string): Example {
  const bill = { id: "1", kind: "inpatient", level: "level2", area: "county", referral: "none", admitted_on: day, discharged_on: day, settled_on: day, total: "10000", ownpay: "0", overlimit: "0", preselfpay: "0" };
  return { title: "", person: { identities: [], born: null }, bills: [bill] };
}

/** Amounts in files are text in yuan; separators are for reading. */
export const plainYuan = (text: string): string => text.replaceAll(",", "").trim();
