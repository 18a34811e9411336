import { computed, onMounted, reactive, ref, watch } from "vue";
import { call } from "@/api/client";
import { attempt, say } from "@/app/toast";
import { useDraft } from "../records/draft";
import { typedTenths } from "../records/tenths";
import type { Line } from "./SheetGrid.vue";
import type { SheetColumn } from "./sheetColumns";

/** What of a sheet differs from one to another. */
export interface SheetKind {
  /** The table the lines are saved in, and what a saved line is called. */
  table: string;
  unit: string;
  /** The columns of each kind of sheet; another kind shows other lines and forgets none. */
  columns: Record<string, SheetColumn[]>;
  kind: () => string;
  /** Values a line starts with. */
  start: () => Line;
  /** What is the same for every line, or follows from whose it is. */
  fixed: (person: string) => Line;
  /** Under which name what was typed and not saved is kept, and what the clerk calls it. */
  draft: { form: string; title: string };
  /** Whose next date was typed by hand, where a sheet proposes one. */
  byHand?: Set<string>;
}

/** The lines of a sheet as typed, whatever kind or village is shown; saved as one action. */
export function useSheetLines(sheet: SheetKind) {
  const sheets = reactive<Record<string, { lines: Record<string, Line>; problems: Record<string, string> }>>({});
  const working = ref(false);
  function now() {
    sheets[sheet.kind()] ??= { lines: {}, problems: {} };
    // Read back, so that it is the watched one.
    return sheets[sheet.kind()] ?? { lines: {}, problems: {} };
  }
  const lines = computed(() => now().lines);
  const problems = computed(() => now().problems);
  const columns = computed(() => sheet.columns[sheet.kind()] ?? []);
  const tellsOf = (line: Line, of: SheetColumn[]) => of.some((column) => column.tells && (line[column.column] ?? "") !== "");
  const tells = (line: Line) => tellsOf(line, columns.value);
  /** Everybody with something typed, also in a village that is not shown now. */
  const filled = computed(() => Object.entries(lines.value).filter(([, line]) => tells(line)).map(([person]) => person));
  const unsaved = computed(() => Object.entries(sheets).some(([kind, one]) => Object.values(one.lines).some((line) => tellsOf(line, sheet.columns[kind] ?? []))));

  function typed(person: string, column: string, text: string): void {
    lines.value[person] ??= sheet.start();
    const line = lines.value[person] ?? {};
    line[column] = text;
    delete problems.value[person];
  }

  /** The line as the boundary wants it. */
  function fieldsOf(person: string): Record<string, string> {
    const line = lines.value[person] ?? {};
    const fields: Record<string, string> = { person, ...sheet.fixed(person) };
    for (const column of columns.value) {
      const text = (line[column.column] ?? "").trim();
      if (text !== "") fields[column.column] = column.tenths ? typedTenths(text) : (column.sent?.[text] ?? text);
    }
    return fields;
  }

  /** Saves what is filled in; answers whose lines were saved. */
  async function save(): Promise<string[]> {
    const wanted = [...filled.value];
    const saved: string[] = [];
    if (working.value || wanted.length === 0) return saved;
    working.value = true;
    await attempt(async () => {
      const answer = await call("record_save_many", { table: sheet.table, rows: wanted.map((person) => ({ id: null, fields: fieldsOf(person) })), reason: null });
      const refused = new Map(answer.problems.map((problem) => [wanted[problem.line] ?? "", problem.message]));
      for (const person of wanted) {
        const why = refused.get(person);
        if (why) problems.value[person] = why;
        else {
          delete lines.value[person];
          saved.push(person);
        }
      }
      const more = refused.size ? `还有 ${refused.size} 行没有保存，原因写在行尾` : "可在“导入”的记录里整批撤销";
      say(`保存了 ${answer.saved} ${sheet.unit}`, more);
    });
    working.value = false;
    return saved;
  }

  /** What was typed, as one text: it comes back after the power failed, or whenever the sheet is opened again. */
  const kept = reactive({ text: "" });
  const draft = useDraft(
    () => ({ form: sheet.draft.form, subject: "+" }),
    () => ({ title: sheet.draft.title, record: null, person: null, person_name: "", household: null }),
    kept,
  );
  const typedSoFar = () => {
    if (!unsaved.value) return "";
    return JSON.stringify({ lines: Object.fromEntries(Object.entries(sheets).map(([kind, one]) => [kind, one.lines])), byHand: [...(sheet.byHand ?? [])] });
  };
  watch(typedSoFar, (text) => (kept.text = text));
  onMounted(async () => {
    await draft.begin();
    if (!kept.text) return;
    const before = JSON.parse(kept.text) as { lines: Record<string, Record<string, Line>>; byHand: string[] };
    for (const person of before.byHand) sheet.byHand?.add(person);
    for (const [kind, of] of Object.entries(before.lines)) {
      if (!(kind in sheet.columns)) continue;
      const there = (sheets[kind] ??= { lines: {}, problems: {} });
      there.lines = { ...of, ...there.lines };
    }
  });
  /** When what was put back had been typed; empty when nothing was, or nothing of it is left. */
  const back = computed(() => (kept.text ? draft.at.value : ""));
  function giveUp(): void {
    for (const kind of Object.keys(sheets)) sheets[kind] = { lines: {}, problems: {} };
    sheet.byHand?.clear();
    draft.discard();
  }
  /** Nothing is lost by leaving; it is only said. */
  function leaving(): void {
    if (unsaved.value) say(`${sheet.draft.title}没有保存`, "填的行都留着，下次打开接着填");
  }

  return { lines, problems, columns, filled, unsaved, working, tells, typed, fieldsOf, save, back, failing: draft.failing, giveUp, leaving };
}
