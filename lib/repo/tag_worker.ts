/** Worker thread that reads blobs and extracts their tags. Started by `extract_tags.ts`, never imported. */
import type { Language } from "./languages.ts";
import { ObjectReader } from "./objects.ts";
import { SegmentWriter } from "./tag_segment.ts";
import { recordKey } from "./tag_store.ts";
import { openChain } from "./tags.ts";

/** Successive versions of one file for a worker to read. */
export interface WorkChain {
  readonly language: Language | undefined;
  readonly shas: readonly string[];
}

/** One message to a worker. */
export interface TagJob {
  readonly id: number;
  readonly repoDir: string;
  readonly chains: readonly WorkChain[];
}

/** One blob, read as one language. */
export interface BlobName {
  readonly sha: string;
  readonly language: Language | undefined;
}

/** What a worker answers: tags, or why it cannot go on. `parserDied` means that this thread must not parse again. */
export type TagReply =
  | { readonly id: number; readonly segment: Uint8Array; readonly missing: readonly BlobName[] }
  | { readonly id: number; readonly parserDied: BlobName }
  | { readonly id: number; readonly error: string };

/** Blobs asked of git ahead of the parser: git then reads while we parse. Few, since each is held in memory. */
const READ_AHEAD = 4;

interface WorkerPort {
  onmessage: ((event: MessageEvent<TagJob>) => void) | null;
  postMessage(message: TagReply, transfer?: Transferable[]): void;
}
const port = self as unknown as WorkerPort;

let reader: ObjectReader | undefined;

/** The blob at which the parser died, once it has. Nothing said by this thread afterwards is to be believed. */
let died: BlobName | undefined;

async function run({ id, repoDir, chains }: TagJob): Promise<TagReply> {
  const objects = reader ??= new ObjectReader(repoDir);
  const segment = new SegmentWriter();
  const missing: BlobName[] = [];
  for (const { language, shas } of chains) {
    using chain = await openChain(language);
    const key = recordKey(language);
    const pending = shas.slice(0, READ_AHEAD).map((sha) => objects.read(sha));
    for (const [i, sha] of shas.entries()) {
      const object = await pending.shift()!;
      const next = shas[i + READ_AHEAD];
      if (next !== undefined) pending.push(objects.read(next));
      if (object === "missing") missing.push({ sha, language });
      else {
        try {
          segment.add({ sha, key, tags: chain.read(object.bytes) });
        } catch (error) {
          if (error instanceof WebAssembly.RuntimeError) died = { sha, language };
          throw error;
        }
      }
    }
  }
  return { id, segment: segment.done(), missing };
}

port.onmessage = async ({ data }) => {
  let reply: TagReply;
  try {
    reply = await run(data);
  } catch (error) {
    if (died !== undefined) reply = { id: data.id, parserDied: died };
    else reply = { id: data.id, error: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(reply, "segment" in reply ? [reply.segment.buffer as ArrayBuffer] : []);
};
