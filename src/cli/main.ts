import { environmentVariables, originOf } from '../config/environment.ts';
import { runGatehouse } from './gatehouse.ts';

const { stdin, stdout, stderr } = process;
const terminal = {
  variables: environmentVariables,
  originOf,
  directory: '',
  stdin,
  stdout,
  stderr,
};
const code = await runGatehouse(process.argv.slice(2), terminal);
// After a failure connections may still be open, which would keep the process alive.
if (code !== 0) process.exit(code);
