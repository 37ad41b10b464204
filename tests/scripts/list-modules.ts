import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const { MODULES: file = 'modules.txt' } = process.env;

/** Loaded with `--import`: writes the URL of each module that a process loads to a file. */
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(file, `${url}\n`);
    return nextLoad(url, context);
  },
});
