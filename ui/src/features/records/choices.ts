import { reactive, type Ref, watch } from "vue";
import { type CatalogueField, fieldsOf } from "@/api/catalogue";
import { call } from "@/api/client";
import type { RecordChoice } from "@/api/gen/types";
import type { RecordForm } from "./forms";

interface Option {
  code: string;
  label: string;
}

/**
 * What the reference fields of a form may point to: villages as everywhere, anything else of the person, the household or
 * the whole register. Choosing one fills what it tells of the fields that are still empty.
 */
export function useChoices(form: Ref<RecordForm>, of: () => { household: string | null; person: string | null }, values: Record<string, string>, villages: Ref<Option[]>) {
  const found = reactive(new Map<string, RecordChoice[]>());
  watch(
    [() => form.value.table, () => ({ ...of() })],
    async () => {
      const { table, columns } = form.value;
      const asked = fieldsOf(table, columns).filter((field) => field.kind === "ref" && field.column !== "village");
      await Promise.all(
        asked.map(async ({ column }) => {
          const answer = await call("record_choices", { table, field: column, ...of() }).catch(() => null);
          found.set(column, answer?.rows ?? []);
        }),
      );
    },
    { immediate: true },
  );

  function choices(field: CatalogueField): Option[] | undefined {
    if (field.column === "village") return villages.value;
    return found.get(field.column)?.map(({ id, label }) => ({ code: id, label }));
  }
  function filled(field: CatalogueField): void {
    const one = found.get(field.column)?.find((choice) => choice.id === values[field.column]);
    for (const [column, text] of Object.entries(one?.fills ?? {})) if (column in values && !values[column]) values[column] = text as string;
  }
  return { choices, filled };
}
