/**
 * Whether the kernel has sent everything its cells put out, seen from inside the kernel.
 *
 * Outputs wait in a queue that another thread empties. This listens on the kernel's own output socket, puts a marker into the
 * queue and waits to hear it: then everything before it has left. It listens only while it waits, because a listener that does
 * not read would hold the queue up.
 */
import { ZmtpError, ZmtpSocket } from "../base/zmtp.ts";

/** How often a marker is repeated: the first may leave before the kernel has taken the listener in. */
const REPEAT_MS = 15;
let markers = 0;

/**
 * The port of the output socket of the kernel this program is, or undefined where it cannot be told (no kernel, Windows).
 *
 * It stands in the connection file, whose path is on the kernel's command line.
 */
export function outputPort(commandLine: () => string = ownCommandLine): number | undefined {
  const file = /--conn(?:\0|\s+)([^\0]+?\.json)/.exec(commandLine())?.[1];
  if (file === undefined) return undefined;
  try {
    const port: unknown = JSON.parse(Deno.readTextFileSync(file)).iopub_port;
    return typeof port === "number" ? port : undefined;
  } catch {
    return undefined; // removed or foreign: the caller waits by the clock instead
  }
}

/** The program's arguments, separated by NUL or blanks; "" where the system does not tell. */
function ownCommandLine(): string {
  if (Deno.build.os === "linux") return Deno.readTextFileSync("/proc/self/cmdline");
  if (Deno.build.os !== "darwin") return "";
  const { stdout } = new Deno.Command("ps", { args: ["-ww", "-o", "args=", "-p", String(Deno.pid)] })
    .outputSync();
  return new TextDecoder().decode(stdout);
}

/**
 * Waits until what was put out before this call has left the kernel.
 *
 * The marker is an update of a display that does not exist, which every front end ignores.
 * @param broadcast puts a message into the queue
 * @returns false when the marker was not heard within `limitMs`
 */
export async function queueEmptied(
  port: number,
  broadcast: (type: string, content: object) => void,
  limitMs: number,
): Promise<boolean> {
  const marker = `ripmap-lab-settled-${Deno.pid}-${++markers}`;
  let socket: ZmtpSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined, repeat: ReturnType<typeof setInterval> | undefined;
  try {
    socket = await ZmtpSocket.connect(port, "SUB", marker);
    const send = () =>
      broadcast("update_display_data", { data: {}, metadata: {}, transient: { display_id: marker } });
    send();
    repeat = setInterval(send, REPEAT_MS);
    const late = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), limitMs));
    return await Promise.race([heard(socket, marker), late]);
  } catch (error) {
    if (error instanceof ZmtpError || error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(repeat);
    socket?.close();
  }
}

async function heard(socket: ZmtpSocket, marker: string): Promise<boolean> {
  const decoder = new TextDecoder();
  try {
    while (true) {
      const frames = await socket.receive();
      if (frames.some((frame) => frame.length < 1000 && decoder.decode(frame).includes(marker))) return true;
    }
  } catch {
    return false; // closed after the limit, or a stream that an oversized output broke
  }
}
