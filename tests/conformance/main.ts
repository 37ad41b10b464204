import { freePort } from '#dev/free-port.ts';
import { startInstallation } from '#tests/support/installation.ts';
import { restartAll } from '#tests/support/managed-process.ts';
import { startControl, storeActions } from './control.ts';
import { findChecks, runChecks } from './run-checks.ts';

if (findChecks()) await main();

/** `npm run conformance`: the black-box checks against an installation in production. */
async function main(): Promise<void> {
  const smtpPort = await freePort();
  const smtpUrl = `smtp://127.0.0.1:${smtpPort}`;
  const variables = { LOG_LEVEL: 'trace' };
  const installation = await startInstallation({ servers: 1, workers: 1, smtpUrl, variables });
  const { servers, workers, stores } = installation;
  const control = await startControl(installation, storeActions(stores));
  try {
    await runChecks({
      ...installation,
      url: servers[0]?.url ?? '',
      smtpPort,
      control,
      restart: (more) => restartAll([...servers, ...workers], more),
    });
  } finally {
    control.close();
    await installation.close();
  }
}
