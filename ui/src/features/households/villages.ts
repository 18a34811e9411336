import { computed, type ComputedRef } from "vue";
import { useQuery } from "@/app/query";

/** The villages of this office as choices, with how many households each has. */
export function useVillages(): ComputedRef<{ code: string; label: string }[]> {
  const villages = useQuery("village_list", () => ({}));
  return computed(() => (villages.data.value?.rows ?? []).map((row) => ({ code: row.id, label: `${row.name} ${row.households} 户` })));
}
