/** Builds the kernel from its AssemblyScript sources, the same bytes each time. */
import asc from "assemblyscript/asc";

/** Modules of the kernel; `index` is its entry. */
const MODULES = [
  "index",
  "job",
  "run",
  "lists",
  "ranks",
  "curves",
  "alike",
  "walk",
  "quad_lane",
  "quad_run",
  "quad_ranks",
  "quad_walk",
  "tables",
  "krylov",
  "basis",
  "power",
  "probe",
];

/** A kernel that does not compile, with the compiler's own words. */
export class KernelBuildError extends Error {
  override name = "KernelBuildError";
}

/**
 * Compiles the `.as` files of this folder.
 *
 * The memory is imported and shared, so that several workers run on one; no runtime and no data segments go in, so that an instance
 * made later changes nothing in it.
 * @throws {KernelBuildError} when the sources do not compile
 */
export async function compileKernel(): Promise<Uint8Array> {
  const sources = new Map(
    MODULES.map((name) => [`${name}.ts`, Deno.readTextFileSync(new URL(`${name}.as`, import.meta.url))]),
  );
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    "index.ts",
    "--outFile=kernel.wasm",
    "-O3",
    "--noAssert",
    "--runtime=stub",
    "--importMemory",
    "--sharedMemory",
    "--initialMemory=1",
    "--maximumMemory=65536",
    "--memoryBase=1024",
    "--enable=simd,threads,relaxed-simd",
  ], {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (_name, contents) => {
      binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary) {
    throw new KernelBuildError(`Cannot compile the kernel: ${stderr.toString() || error}`);
  }
  return binary;
}

/** The module that carries the kernel's bytes: base64 in lines, so that a change of it can be looked at. */
export function kernelBinaryText(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  const lines = base64.match(/.{1,100}/g)!.map((line) => `  "${line}",`);
  return [
    "/** Made by `deno task wasm` from the `.as` files of this folder; a test rebuilds it. */",
    "export const KERNEL_BASE64 = [",
    ...lines,
    '].join("");',
    "",
  ].join("\n");
}
