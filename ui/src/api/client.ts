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

/** Tells `listener` which tags each change made stale. */
export function onStale(listener: StaleListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let loggedOut = () => {};

/** Says what to do when a command is refused because nobody is logged in any more. */
export function onLoggedOut(then: () => void): void {
  loggedOut = then;
}

/** Refusals that leave a line behind: the file that was turned away, the bundle that no stick had room for. */
const LISTED: readonly string[] = ["BUNDLE_REJECTED", "DISK_FULL"];

/** Tells every reader what a change made stale. */
function changed(name: CommandName): void {
  const command = commands[name];
  if (command.kind === "mutation") for (const listener of listeners) listener(command.tags);
}

/** Runs one command. Rejects with a `CommandError`. A change tells every reader of its tags. */
export async function call<K extends CommandName>(name: K, request: Request<K>): Promise<Answer<K>> {
  try {
    const answer = (await host.rpc(name, request)) as Answer<K>;
    changed(name);
    return answer;
  } catch (cause) {
    const error = asCommandError(cause);
    if (LISTED.includes(error.code)) changed(name);
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
