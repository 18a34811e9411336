import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { fieldsOf } from "../src/api/catalogue";
import { asCommandError } from "../src/api/error";
import { joined, ticked } from "../src/components/codes";
import EnterForm from "../src/components/EnterForm.vue";
import { shownTenths, typedTenths } from "../src/features/records/tenths";
import { FORMS, REGISTER, type RecordForm } from "../src/features/records/forms";

describe("forms", () => {
  const forms: [string, RecordForm][] = Object.entries(FORMS);
  it.each(forms)("%s asks only for fields the catalogue has", (_, form) => {
    expect(fieldsOf(form.table, form.columns).map((field) => field.column)).toEqual(form.columns);
    const all = [...form.columns, ...(form.also?.columns ?? [])];
    expect(all).toEqual(expect.arrayContaining(form.need));
  });
  it("one digit key is enough for everything on a page of what can be registered", () => {
    for (const page of REGISTER) expect(page.length).toBeLessThanOrEqual(10);
    expect(new Set(REGISTER.flat()).size).toBe(REGISTER.flat().length);
  });
  it("never ask again whom the record hangs on", () => {
    for (const [, form] of forms) if (form.of !== "none" && form.table !== "person") expect(form.columns).not.toContain(form.of);
  });
});

describe("several codes of one field", () => {
  it("are kept ascending and each once, whatever was ticked first", () => {
    expect(joined(ticked("4,1").concat("1"))).toBe("1,4");
    expect([ticked(""), joined([])]).toEqual([[], ""]);
  });
});

describe("tenths", () => {
  it("are shown and typed with one decimal", () => {
    expect([shownTenths("72"), shownTenths("100"), shownTenths("")]).toEqual(["7.2", "10.0", ""]);
    expect([typedTenths("7.2"), typedTenths("7"), typedTenths("10.0"), typedTenths("高")]).toEqual(["72", "70", "100", "高"]);
  });
});

describe("Enter", () => {
  const make = () => mount(EnterForm, { slots: { default: "<input id='a'><input id='b'>" }, attachTo: document.body });
  it("goes to the next field, and on the last one is done", async () => {
    const form = make();
    (form.get("#a").element as HTMLInputElement).focus();
    await form.get("#a").trigger("keydown", { key: "Enter" });
    expect(document.activeElement?.id).toBe("b");
    await form.get("#b").trigger("keydown", { key: "Enter" });
    expect(form.emitted("done")).toHaveLength(1);
    form.unmount();
  });
  it("does nothing while an input method composes", async () => {
    const form = make();
    (form.get("#a").element as HTMLInputElement).focus();
    await form.get("#a").trigger("keydown", { key: "Enter", isComposing: true });
    expect(document.activeElement?.id).toBe("a");
    await form.get("#b").trigger("keydown", { key: "Enter", isComposing: true });
    expect(form.emitted("done")).toBeUndefined();
    form.unmount();
  });
});

describe("refusals", () => {
  it("keep their code, fields and incident", () => {
    const error = asCommandError({ code: "VALIDATION", message: "没有保存", fields: [{ field: "name", message: "请填姓名" }], incident: "7" });
    expect([error.code, error.message, error.fields[0]?.field, error.incident]).toEqual(["VALIDATION", "没有保存", "name", "7"]);
  });
  it("are a sentence even when nothing answered", () => {
    expect(asCommandError(new TypeError("Failed to fetch")).code).toBe("UNREACHABLE");
  });
});
