import { expect, it } from 'vitest';
import { probes, scripts } from '#src/adapters/redis-scripts.ts';

/** Returns the commands that a script calls. */
const commandsOf = (script: string) =>
  [...script.matchAll(/redis\.call\(([^)]*?)[,)]/g)].flatMap(([, name = '']) =>
    [...name.matchAll(/'([A-Z]+)'/g)].map(([, command]) => command),
  );

it('checks a Redis with every command that requests need', () => {
  const needed = new Set(Object.values(scripts).flatMap(commandsOf));
  expect(needed.size).toBeGreaterThan(10);
  // No script calls these: for the worker's report, refused recipients, and recent writers.
  const others = ['GET', 'SET', 'INCR', 'EXISTS'];
  expect(new Set(commandsOf(probes.request.lua))).toEqual(new Set([...needed, ...others]));
});
