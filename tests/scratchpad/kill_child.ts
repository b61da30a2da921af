/**
 * Writes the scripted study until it is done or kills itself: `deno run kill_child.ts DIR EPISODES WRITE SHARE`.
 *
 * On its WRITE-th write (from 0) it puts the first SHARE of the bytes on the disk and sends itself SIGKILL: no handler runs, no lock
 * is given back, nothing is flushed by the runtime. Exit code 0 means the study is whole.
 */
import { DISK, type Disk, openJournal } from "../../lib/scratchpad/mod.ts";
import { runStudy } from "./scripted_study.ts";

const [dir, episodes, write, share] = Deno.args;
let writes = 0;
const disk: Disk = {
  append(file, bytes) {
    if (writes++ === Number(write)) {
      DISK.append(file, bytes.subarray(0, Math.round(bytes.length * Number(share))));
      Deno.kill(Deno.pid, "SIGKILL");
      // The signal may take a moment to arrive; not one more byte may be written meanwhile.
      while (true) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    }
    DISK.append(file, bytes);
  },
  truncate: DISK.truncate,
};
using journal = openJournal(dir!, { disk });
runStudy(journal, Number(episodes));
