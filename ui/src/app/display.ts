import { ref } from "vue";

const STORED = "mingbai.scale";

/** Size of everything on screen, in percent. */
export const scale = ref<"100" | "125" | "150">("100");
/** Whether there is so little room that the rail keeps only its key numbers. */
export const narrow = ref(false);

/** Sets the size chosen on this PC and follows the window's width. */
export function applyScale(): void {
  const stored = localStorage.getItem(STORED);
  if (stored === "125" || stored === "150") scale.value = stored;
  setScale(scale.value);
  window.addEventListener("resize", measure);
}

/** Changes the size and remembers it for this PC. */
export function setScale(to: "100" | "125" | "150"): void {
  scale.value = to;
  document.documentElement.dataset.scale = to;
  localStorage.setItem(STORED, to);
  measure();
}

function measure(): void {
  narrow.value = (window.innerWidth * 100) / Number(scale.value) < 1060;
}
