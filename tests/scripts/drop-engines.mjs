import { readFileSync, writeFileSync } from 'node:fs';

// Removes the `engines` of native packages from the lock file: npm on an older Node would not
// install them, although Node 26 uses them.
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.optional && /\/binding-/.test(path)) delete entry.engines;
}
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
