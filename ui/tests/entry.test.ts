import { mount } from "@vue/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineComponent, reactive } from "vue";
import IdField from "../src/components/IdField.vue";
import { useDraft } from "../src/features/records/draft";

const asked: [string, unknown][] = [];
let draft: { at: string; values: Record<string, string> } | null = null;
vi.mock("../src/api/client", () => ({
  call: (name: string, request: unknown) => {
    asked.push([name, request]);
    return Promise.resolve(name === "form_start" ? { draft, last: { doctor: "王建国" } } : name === "area_of" ? { name: "北京市朝阳区", known: true } : {});
  },
  onStale: () => () => {},
  tagsOf: () => [],
}));

beforeEach(() => {
  asked.length = 0;
  draft = null;
});

/** A form with two fields, as the dialog makes one. */
async function form(start: Record<string, string>) {
  const values = reactive<Record<string, string>>({ doctor: "", note: "", ...start });
  let tools!: ReturnType<typeof useDraft>;
  const holder = mount(
    defineComponent({
      setup() {
        const about = { title: "登记随访", record: null, person: null, person_name: "", household: null };
        tools = useDraft(() => ({ form: "visit", subject: "+1" }), () => about, values);
        return () => null;
      },
    }),
  );
  await tools.begin();
  return { values, tools, holder };
}

describe("a draft", () => {
  it("is kept after a pause, and dropped when the form is again as it began", async () => {
    vi.useFakeTimers();
    const { values } = await form({});
    values.note = "头";
    await vi.advanceTimersByTimeAsync(100);
    values.note = "头晕";
    await vi.advanceTimersByTimeAsync(600);
    const kept = asked.filter(([name]) => name === "draft_keep");
    expect(kept.map(([, request]) => (request as { values: Record<string, string> }).values.note)).toEqual(["头晕"]);
    values.note = "";
    await vi.advanceTimersByTimeAsync(600);
    expect(asked.at(-1)).toEqual(["draft_drop", { form: "visit", subject: "+1" }]);
    vi.useRealTimers();
  });
  it("comes back into the fields the form has, and can be given up", async () => {
    draft = { at: "2026-11-21 14:32", values: { note: "头晕", gone: "x" } };
    const { values, tools } = await form({ doctor: "李" });
    expect(values).toEqual({ doctor: "李", note: "头晕" });
    expect([tools.at.value, tools.dirty(), tools.last.value.doctor]).toEqual(["2026-11-21 14:32", true, "王建国"]);
    tools.discard();
    expect([values.note, tools.at.value, tools.dirty()]).toEqual(["", "", false]);
  });
  it("is not written again while the form is being saved", async () => {
    const { values, tools, holder } = await form({});
    values.note = "头晕";
    await tools.hold();
    holder.unmount();
    await Promise.resolve();
    expect(asked.some(([name]) => name === "draft_keep")).toBe(false);
  });
  it("is kept at once when the form closes in the middle", async () => {
    const { values, holder } = await form({});
    values.note = "头晕";
    holder.unmount();
    await Promise.resolve();
    await Promise.resolve();
    expect(asked.some(([name]) => name === "draft_keep")).toBe(true);
  });
});

describe("a citizen id", () => {
  it("tells birth, sex and place with its last digit", async () => {
    const field = mount(IdField, { props: { modelValue: "11010519491231002" } });
    await field.get("input").setValue("11010519491231002x");
    expect(field.emitted("read")).toEqual([[{ birth: "1949-12-31", sex: "2" }]]);
    await field.setProps({ modelValue: "11010519491231002X" });
    await vi.waitFor(() => expect(field.text()).toContain("北京市朝阳区"));
  });
});
