import { mount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defineComponent, h } from "vue";
import { handleKey, isTyping, keyName, keysNow, listenForKeys, useKeys } from "../src/app/keymap";

const press = (target: EventTarget, init: KeyboardEventInit) => {
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
};

/** A screen with one key, an input to type into, and perhaps something on top. */
function screen(key: string, run: () => void, closed = false) {
  return mount(
    defineComponent({
      setup() {
        useKeys(() => [{ key, label: key, run }], closed);
        return () => h("div", [h("input"), h("button", "x")]);
      },
    }),
    { attachTo: document.body },
  );
}

let stop = () => {};
beforeEach(() => (stop = listenForKeys()));
afterEach(() => {
  stop();
  document.body.innerHTML = "";
});

describe("key names", () => {
  it.each([
    [{ key: "n" }, "N"],
    [{ key: "?", shiftKey: true }, "?"],
    [{ key: "l", ctrlKey: true }, "Ctrl+L"],
    [{ key: "¡", code: "Digit1", altKey: true }, "Alt+1"],
    [{ key: "ArrowDown", altKey: true }, "Alt+↓"],
    [{ key: "F8" }, "F8"],
    [{ key: "Escape" }, "Esc"],
  ])("%j is %s", (init, name) => {
    expect(keyName(new KeyboardEvent("keydown", init))).toBe(name);
  });
  it("has no name while an input method composes", () => {
    expect(keyName(new KeyboardEvent("keydown", { key: "n", isComposing: true }))).toBeNull();
    expect(keyName(new KeyboardEvent("keydown", { key: "Process", keyCode: 229 }))).toBeNull();
  });
});

describe("keys", () => {
  it("letters act outside inputs only, function keys everywhere", () => {
    const letter = vi.fn();
    const page = screen("N", letter);
    const input = page.get("input").element;
    press(input, { key: "n" });
    expect(letter).not.toHaveBeenCalled();
    press(page.get("button").element, { key: "n" });
    expect(letter).toHaveBeenCalledTimes(1);
    page.unmount();
    const f8 = vi.fn();
    const other = screen("F8", f8);
    press(other.get("input").element, { key: "F8" });
    expect(f8).toHaveBeenCalledTimes(1);
    other.unmount();
  });
  it("a key pressed while composing changes nothing and is left to the input method", () => {
    const run = vi.fn();
    const page = screen("F8", run);
    const event = press(page.get("input").element, { key: "F8", isComposing: true });
    expect(run).not.toHaveBeenCalled();
    expect(event.defaultPrevented).toBe(false);
    page.unmount();
  });
  it("an open dialog hides the keys of the page below", () => {
    const below = vi.fn();
    const page = screen("N", below);
    const dialog = screen("Esc", vi.fn(), true);
    press(document.body, { key: "n" });
    expect(below).not.toHaveBeenCalled();
    dialog.unmount();
    press(document.body, { key: "n" });
    expect(below).toHaveBeenCalledTimes(1);
    page.unmount();
  });
  it("lists every key once, the innermost meaning first", () => {
    const page = screen("E", vi.fn());
    const inner = screen("E", vi.fn());
    expect(keysNow().filter((binding) => binding.key === "E")).toHaveLength(1);
    inner.unmount();
    page.unmount();
    expect(keysNow()).toEqual([]);
  });
  it("leaves a key alone that something nearer has used", () => {
    const run = vi.fn();
    const page = screen("N", run);
    const event = new KeyboardEvent("keydown", { key: "n", cancelable: true });
    event.preventDefault();
    handleKey(event);
    expect(run).not.toHaveBeenCalled();
    page.unmount();
  });
  it("knows what makes text", () => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox" });
    expect([isTyping(document.createElement("input")), isTyping(document.createElement("textarea")), isTyping(box), isTyping(null)]).toEqual([true, true, false, false]);
  });
});
