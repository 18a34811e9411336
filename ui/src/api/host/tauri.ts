import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { FileBytes, Host, PickWish } from "./types";

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
  // A download link does nothing in some system web views; the shell asks where to keep the file and writes it.
  keep: async (file) => void (await invoke("keep_file", framed(file))),
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

/** The same frame the other way round. */
function framed(file: FileBytes): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify({ mime: file.mime, name: file.name }));
  const frame = new Uint8Array(4 + head.length + file.data.length);
  new DataView(frame.buffer).setUint32(0, head.length);
  frame.set(head, 4);
  frame.set(file.data, 4 + head.length);
  return frame;
}
