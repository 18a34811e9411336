import { catalogue, type CatalogueField, codeTables } from "./gen/catalogue";

export type { CatalogueField };

/** The fields of a record type in the order asked for. */
export function fieldsOf(table: string, columns: readonly string[]): CatalogueField[] {
  const known = new Map(catalogue[table]?.fields.map((field) => [field.column, field]));
  return columns.flatMap((column) => known.get(column) ?? []);
}

/** What the clerk calls a record type. */
export function labelOf(table: string): string {
  return catalogue[table]?.label ?? table;
}

/** The choices of a coded field. */
export function codesOf(table: string | null): { code: string; label: string }[] {
  return (table && codeTables[table]) || [];
}
