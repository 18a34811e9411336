import { onBeforeUnmount, onMounted, reactive } from "vue";

/** One key with what it does here. The list behind `?` is made of these. */
export interface KeyBinding {
  /** As the screen shows it: `N`, `F8`, `Ctrl+L`, `Alt+1`, `/`, `Esc`, `↓`. */
  key: string;
  label: string;
  run: () => void;
  /** Not in the list behind `?`. */
  hidden?: boolean;
}

/** A screen's or a dialog's keys. A closed scope hides everything below it. */
interface Scope {
  bindings: () => KeyBinding[];
  closed: boolean;
}

const NAMES: Record<string, string> = { Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", " ": "Space" };
const scopes = reactive<Scope[]>([]);

/** The name of a pressed key, or null while an input method is composing. */
export function keyName(event: KeyboardEvent): string | null {
  if (event.isComposing || event.keyCode === 229) return null;
  // On macOS layouts Alt+digit gives another character; the code says which key it was.
  const digit = event.altKey ? /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] : undefined;
  const plain = digit ?? NAMES[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shift}${plain}`;
}

/** Whether typing into this element makes text, so that letters are no commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

/** Whether a key acts although somebody is typing: only keys that make no text. */
function actsWhileTyping(name: string): boolean {
  // Ctrl+A chooses the text that is being typed.
  if (name === "Ctrl+A") return false;
  return /^F\d+$/.test(name) || name.startsWith("Ctrl+") || name.startsWith("Alt+") || name === "Esc";
}

/** Runs the innermost binding of the pressed key. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const name = keyName(event);
  // A focused button takes Enter and the space bar for itself.
  if ((name === "Enter" || name === "Space") && event.target instanceof HTMLButtonElement) return;
  if (name === null || (isTyping(event.target) && !actsWhileTyping(name))) return;
  for (const scope of [...scopes].reverse()) {
    const found = scope.bindings().find((binding) => binding.key === name);
    if (found) {
      event.preventDefault();
      found.run();
      return;
    }
    if (scope.closed) return;
  }
}

/** Adds keys while the calling component is on screen. `closed` for dialogs: nothing below answers. */
export function useKeys(bindings: () => KeyBinding[], closed = false): void {
  const scope: Scope = { bindings, closed };
  onMounted(() => scopes.push(scope));
  onBeforeUnmount(() => {
    const place = scopes.findIndex((other) => other.bindings === bindings);
    if (place >= 0) scopes.splice(place, 1);
  });
}

/** Every key that answers now, innermost first. */
export function keysNow(): KeyBinding[] {
  const seen = new Set<string>();
  return [...scopes].reverse().flatMap((scope) =>
    scope.bindings().filter((binding) => !binding.hidden && !seen.has(binding.key) && seen.add(binding.key)),
  );
}

/** Starts listening; answers how to stop. */
export function listenForKeys(): () => void {
  window.addEventListener("keydown", handleKey);
  return () => window.removeEventListener("keydown", handleKey);
}
