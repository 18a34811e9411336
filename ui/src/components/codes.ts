/** The codes of a field that holds several: `1,4` ↔ `["1", "4"]`. */
export const ticked = (text: string): string[] => text.split(",").filter((code) => code !== "");

/** As the register stores them: ascending, each once. */
export const joined = (codes: readonly string[]): string => [...new Set(codes)].sort((a, b) => (a < b ? -1 : 1)).join(",");
