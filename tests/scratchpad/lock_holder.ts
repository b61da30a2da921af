/** Holds the writer lock of a folder until it is killed: `deno run lock_holder.ts DIR`. */
import { lockStudy } from "../../lib/scratchpad/lock.ts";

using _lock = lockStudy(Deno.args[0]!);
console.log("held");
await Deno.stdin.read(new Uint8Array(1));
