import { execFile } from 'node:child_process';
import { join } from 'node:path';

const compiler = join(import.meta.dirname, 'node_modules/typescript/bin/tsc');

/** Checks the types of a project with TypeScript 5. Returns what the compiler reports. */
export function compile(project: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, '-p', project], (error, stdout, stderr) =>
      resolve(error ? stdout + stderr || error.message : ''),
    );
  });
}
