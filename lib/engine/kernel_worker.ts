/** A worker of a `WorkerPool`: sleeps until there is a job, takes groups from it until none is left. */
import { CONTROL, type PoolStart } from "./worker_control.ts";

/** Looks for the next job this often, about a millisecond, before it sleeps: waking takes longer than many runs. */
const LOOKS = 200_000;

const scope = self as unknown as {
  onmessage: (event: MessageEvent<PoolStart>) => void;
  postMessage(message: unknown): void;
  close(): void;
};

scope.onmessage = ({ data }) => {
  const words = new Int32Array(data.control);
  const { exports } = new WebAssembly.Instance(data.module, { env: { memory: data.memory } });
  const [run, runQuads] = [exports["run"], exports["runQuads"]] as ((job: number, scratch: number) => void)[];
  scope.postMessage("ready");
  let seen = 0;
  while (true) {
    for (let look = 0; look < LOOKS && Atomics.load(words, CONTROL.GENERATION) === seen; look++);
    Atomics.wait(words, CONTROL.GENERATION, seen);
    seen = Atomics.load(words, CONTROL.GENERATION);
    if (Atomics.load(words, CONTROL.STOP)) break;
    Atomics.add(words, CONTROL.ACTIVE, 1);
    if (Atomics.load(words, CONTROL.OPEN)) {
      const scratch = words[CONTROL.SCRATCH]! + data.number * words[CONTROL.BYTES]!;
      (words[CONTROL.TOGETHER] ? runQuads : run)!(words[CONTROL.JOB]!, scratch);
    }
    Atomics.sub(words, CONTROL.ACTIVE, 1);
    Atomics.notify(words, CONTROL.ACTIVE);
  }
  scope.close();
};
