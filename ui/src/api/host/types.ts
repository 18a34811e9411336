/** What the page needs of whatever runs it: the desktop window, or the web twin in a browser. */
export interface Host {
  /** Runs one command of the table. Rejects with the error object `{code, message, fields, incident}`. */
  rpc(command: string, payload: unknown): Promise<unknown>;
  /** Runs one command whose answer is a file. */
  bytes(command: string, payload: unknown): Promise<FileBytes>;
  /** Asks for one file to read; its path as the command table knows it, or null when the clerk gave up. */
  pickFile(wish: PickWish): Promise<string | null>;
  /** Asks for a folder to write into. */
  pickFolder(title: string): Promise<string | null>;
  /** Whether there is a file manager to show a folder in. */
  readonly opensFolders: boolean;
  /** Opens a finished file or a folder with the system's own program. */
  open(path: string): Promise<void>;
  /** Hands a file to the clerk to keep. */
  keep(file: FileBytes): Promise<void>;
  /** Reports files dropped onto the window; answers how to stop listening. */
  onDrop(take: (paths: string[]) => void): () => void;
}

/** A file with its name. */
export interface FileBytes {
  name: string;
  mime: string;
  data: Uint8Array<ArrayBuffer>;
}

/** How a file dialog is to look. Endings without the dot. */
export interface PickWish {
  title: string;
  kind: string;
  extensions: string[];
}

/** Starts a download of bytes the page holds. */
export function download(file: FileBytes): void {
  const url = URL.createObjectURL(new Blob([file.data], { type: file.mime }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
