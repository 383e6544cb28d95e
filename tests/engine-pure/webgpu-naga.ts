// A second front end for WGSL beside the browser's: naga, as a WASM build in an npm package, loaded without a bundler.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { compileShader } from 'wgsl-wasm-transpiler-bundler';

interface Glue {
  readonly __wbg_set_wasm: (exports: WebAssembly.Exports) => void;
  readonly compileShader: typeof compileShader;
}

export type Compile = (source: string, format: 'spirv-asm' | 'metal' | 'hlsl') => string;

/** Compiles WGSL; throws with naga's message where it is refused. */
export async function loadNaga(): Promise<Compile> {
  const folder = join(
    createRequire(import.meta.url).resolve('wgsl-wasm-transpiler-bundler/package.json'),
    '..',
  );
  const glue = (await import(
    /* @vite-ignore */ pathToFileURL(join(folder, 'wgsl_wasm_transpiler_bg.js')).href
  )) as Glue & WebAssembly.ModuleImports;
  const module = new WebAssembly.Module(readFileSync(join(folder, 'wgsl_wasm_transpiler_bg.wasm')));
  const instance = new WebAssembly.Instance(module, { './wgsl_wasm_transpiler_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
  return (source, format) => {
    // This naga knows subgroup operations without asking, and no directive for them.
    const text = source.replace(/^enable subgroups;\n/m, '').replace(/^diagnostic\(.*\);\n/m, '');
    try {
      return glue.compileShader(text, format);
    } catch (thrown) {
      throw new Error(String((thrown as Error).message ?? thrown), { cause: thrown });
    }
  };
}
