/** The two things a journal does to a disk, as an interface, so that a test can put a full or a dying disk in their place. */

/** Appending and cutting. Both wait until the bytes are down. */
export interface Disk {
  /** Adds bytes at the end of a file, made when missing. A failure may leave any first part of them behind. */
  append(file: string, bytes: Uint8Array): void;
  /** Cuts a file to a length in bytes. */
  truncate(file: string, length: number): void;
}

/** The real disk: every change is followed by fsync. */
export const DISK: Disk = {
  append(file, bytes) {
    using handle = Deno.openSync(file, { append: true, create: true });
    for (let done = 0; done < bytes.length;) done += handle.writeSync(bytes.subarray(done));
    handle.syncSync();
  },
  truncate(file, length) {
    using handle = Deno.openSync(file, { write: true });
    handle.truncateSync(length);
    handle.syncSync();
  },
};

/** Length of a file in bytes; 0 when it is not there yet. */
export function fileLength(file: string): number {
  try {
    return Deno.statSync(file).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
