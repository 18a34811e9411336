import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { download, type FileBytes, type Host, type PickWish } from "./types";

/** The desktop window: the shell's own commands. The only file that knows Tauri. */
export const tauriHost: Host = {
  rpc: (command, payload) => invoke("rpc", { command, payload }),
  bytes: async (command, payload) => unframed(await invoke<ArrayBuffer>("bytes", { command, payload })),
  pickFile: (wish: PickWish) =>
    invoke<string | null>("pick_file", {
      request: { title: wish.title, kinds: [{ name: wish.kind, extensions: wish.extensions }] },
    }),
  pickFolder: (title) => invoke<string | null>("pick_folder", { request: { title } }),
  opensFolders: true,
  open: (path) => invoke<void>("open_path", { path }),
  keep: download,
  onDrop(take) {
    const listening = listen<{ paths: string[] }>("tauri://drag-drop", (event) => take(event.payload.paths));
    return () => void listening.then((stop) => stop());
  },
};

/** One frame: four bytes of big-endian length, that many bytes of JSON `{mime, name}`, then the data. */
function unframed(frame: ArrayBuffer): FileBytes {
  const length = new DataView(frame).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length))) as { mime: string; name: string };
  return { ...head, data: new Uint8Array(frame, 4 + length) };
}
