/** Runs the small study until it is done or kills itself: `deno run kill_child.ts DIR WRITE SHARE`, see the scratchpad's kill_child. */
import { DISK, type Disk } from "../../lib/scratchpad/disk.ts";
import { runStudy, smallStudy } from "./study.ts";

const [dir, write, share] = Deno.args;
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
await runStudy(smallStudy(dir!, { disk }));
