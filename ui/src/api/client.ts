import { asCommandError } from "./error";
import { type ByteCommands, type Commands, commands } from "./gen/commands";
import { tauriHost } from "./host/tauri";
import type { FileBytes, Host } from "./host/types";
import { webHost } from "./host/web";

export type CommandName = keyof Commands;
export type Request<K extends CommandName> = Commands[K]["request"];
export type Answer<K extends CommandName> = Commands[K]["response"];

/** The window when there is one, otherwise the web twin. */
export const host: Host = "__TAURI_INTERNALS__" in window ? tauriHost : webHost;

type StaleListener = (tags: readonly string[]) => void;
const listeners = new Set<StaleListener>();

/** Tells `listener` which tags each successful change made stale. */
export function onStale(listener: StaleListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let loggedOut = () => {};

/** Says what to do when a command is refused because nobody is logged in any more. */
export function onLoggedOut(then: () => void): void {
  loggedOut = then;
}

/** Runs one command. Rejects with a `CommandError`. A change tells every reader of its tags. */
export async function call<K extends CommandName>(name: K, request: Request<K>): Promise<Answer<K>> {
  try {
    const answer = (await host.rpc(name, request)) as Answer<K>;
    const command = commands[name];
    if (command.kind === "mutation") for (const listener of listeners) listener(command.tags);
    return answer;
  } catch (cause) {
    const error = asCommandError(cause);
    if (error.code === "NOT_LOGGED_IN") loggedOut();
    throw error;
  }
}

/** Runs one command whose answer is a file. */
export async function callBytes<K extends keyof ByteCommands>(name: K, request: ByteCommands[K]["request"]): Promise<FileBytes> {
  try {
    return await host.bytes(name, request);
  } catch (cause) {
    throw asCommandError(cause);
  }
}

/** The tags a query reads. */
export function tagsOf(name: CommandName): readonly string[] {
  return commands[name].tags;
}
