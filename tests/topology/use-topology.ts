import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { startTopology, type Topology, type TopologyOptions } from './topology.ts';

/** Runs something on a topology. Keeps the logs in `.data/topology` if it fails. */
export async function useTopology(
  options: TopologyOptions,
  use: (topology: Topology) => Promise<void>,
): Promise<void> {
  const topology = await startTopology(options);
  try {
    await use(topology);
  } catch (error) {
    process.stdout.write(`${inspect(error)}\n`);
    process.exitCode = 1;
  }
  if (process.exitCode) {
    const kept = resolve('.data/topology');
    mkdirSync(kept, { recursive: true });
    cpSync(join(topology.directory, 'log'), kept, { recursive: true });
    process.stdout.write(`The logs are in ${kept}\n`);
  }
  await topology.close();
}
