import { ref, type Ref } from "vue";
import { call } from "@/api/client";
import type { WorklistRow } from "@/api/gen/types";
import { attempt, say } from "@/app/toast";
import { count } from "@/text/money";

/** Something that can be said about many rows of a list at once. */
export interface Batch {
  label: string;
  about: string;
  unit: string;
  table: string;
  columns: string[];
  need: string[];
  start?: (today: string) => Record<string, string>;
  /** A row as a line to be saved; nothing where the row is no matter for it. */
  line: (row: WorklistRow) => Omit<BatchLine, "name"> | null;
}

/** One record that is to be written: a new one, or the one with this id. */
export interface BatchLine {
  name: string;
  id?: string;
  fields: Record<string, string>;
}

const unsigned: Batch = {
  label: "登记未签原因",
  about: "选中的人都登记同一个未签原因；长期外出、外嫁、服刑等原因从起的那天起不计入应签。",
  unit: "人",
  table: "exclusion",
  columns: ["reason", "since", "until", "evidence"],
  need: ["reason"],
  start: (today) => ({ since: today }),
  line: (row) => (row.person ? { fields: { person: row.person } } : null),
};

const submitted: Batch = {
  label: "送审",
  about: "选中的特慢病证申请都登记送审日期和批次；评审结果出来后再登记结果。",
  unit: "份",
  table: "chronic_certificate",
  columns: ["submitted_on", "batch"],
  need: ["submitted_on"],
  start: (today) => ({ submitted_on: today, batch: today.slice(0, 7) }),
  line: (row) => (row.table === "chronic_certificate" && row.record ? { id: row.record, fields: {} } : null),
};

const OF_LIST: Record<string, Batch> = { uncontracted: unsigned, certificate_batch: submitted };

/** What can be said about the rows of this list at once. */
export const batchOf = (list: string): Batch | null => OF_LIST[list] ?? null;

/** The last action on many records, and how to take it back. */
export function useUndo(): { last: Ref<{ entry: number; lines: number } | null>; note: (entry: number | null, lines: number) => void; undo: () => Promise<void> } {
  const last = ref<{ entry: number; lines: number } | null>(null);
  const note = (entry: number | null, lines: number) => (last.value = entry === null ? null : { entry, lines });
  async function undo(): Promise<void> {
    const taken = last.value;
    if (!taken) return;
    if (await attempt(() => call("import_undo", { entry: taken.entry }))) {
      last.value = null;
      say(`已撤销，${count(taken.lines)} 条回到了原来的样子`);
    }
  }
  return { last, note, undo };
}
