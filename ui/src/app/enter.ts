const FIELDS = "input:not([type=hidden]):not([disabled]):not([tabindex='-1']), textarea:not([disabled])";

/** The field after `from` in reading order, or null when it is the last. */
export function nextField(form: HTMLElement, from: HTMLElement): HTMLElement | null {
  const fields = [...form.querySelectorAll<HTMLElement>(FIELDS)];
  return fields[fields.indexOf(from) + 1] ?? null;
}
