import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Loaded with `--import`: writes the URL of each module that a process loads to `modules.txt`. */
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync('modules.txt', `${url}\n`);
    return nextLoad(url, context);
  },
});
