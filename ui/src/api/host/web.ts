import { download, type FileBytes, type Host } from "./types";

/** The web twin on 127.0.0.1: the same command table over HTTP; files are uploaded and downloaded. */
export const webHost: Host = {
  rpc: async (command, payload) => (await send(command, payload, "rpc")).json(),
  async bytes(command, payload) {
    const answer = await send(command, payload, "bytes");
    const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
    return {
      name: decodeURIComponent(named?.[1] ?? command),
      mime: answer.headers.get("Content-Type") ?? "application/octet-stream",
      data: new Uint8Array(await answer.arrayBuffer()),
    };
  },
  async pickFile(wish) {
    const file = await choose(wish.extensions);
    return file && upload(file);
  },
  async pickFolder() {
    const answer = (await (await fetch("out")).json()) as { path: string };
    return answer.path;
  },
  opensFolders: false,
  async open(path) {
    window.open(`file/${encodeURIComponent(path)}`, "_blank", "noopener");
  },
  keep: async (file: FileBytes) => download(file),
  onDrop(take) {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = async (event: DragEvent) => {
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) take(await Promise.all(files.map(upload)));
    };
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  },
};

async function send(command: string, payload: unknown, door: "rpc" | "bytes"): Promise<Response> {
  const body = JSON.stringify({ command, payload });
  const answer = await fetch(door, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok) throw await answer.json();
  return answer;
}

async function upload(file: File): Promise<string> {
  const answer = await fetch(`upload/${encodeURIComponent(file.name)}`, { method: "POST", body: file });
  const stored = (await answer.json()) as { path: string };
  if (!answer.ok) throw stored;
  return stored.path;
}

function choose(extensions: string[]): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = extensions.map((ending) => `.${ending}`).join(",");
    input.hidden = true;
    const done = (file: File | null) => {
      input.remove();
      resolve(file);
    };
    input.addEventListener("change", () => done(input.files?.[0] ?? null));
    input.addEventListener("cancel", () => done(null));
    document.body.append(input);
    input.click();
  });
}
