/** What a pool and its workers agree on. It imports nothing, so that a worker starts at once. */

/** Words of the control record shared with the workers. */
export const CONTROL = {
  GENERATION: 0,
  OPEN: 1,
  ACTIVE: 2,
  STOP: 3,
  JOB: 4,
  SCRATCH: 5,
  BYTES: 6,
  TOGETHER: 7,
  WORDS: 8,
} as const;

/** What a worker is started with. */
export interface PoolStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** 1 for the first worker; 0 is the caller */
  readonly number: number;
}
