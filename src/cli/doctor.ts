import { type Config, ConfigError } from '../config/load-config.ts';
import { readCommandConfig } from './command-config.ts';
import { type Define, type Output, printing, type Terminal, tableOf } from './command-line.ts';
import { checkDatabase } from './doctor-database.ts';
import { checkMachine } from './doctor-machine.ts';
import { checkMail } from './doctor-mail.ts';
import { checkRedis } from './doctor-redis.ts';
import { checkReplica } from './doctor-replica.ts';
import { type Finding, Findings } from './finding.ts';

export const define: Define = (doctor, terminal) => {
  doctor.option('--mail-to <address>', 'also send a test mail to this address');
  printing(doctor, terminal, async ({ mailTo }: { mailTo?: string }) =>
    outputOf(await examine(terminal, mailTo)),
  );
};

/** Checks everything. Wrong settings come first: nothing else is checked with them. */
async function examine(terminal: Terminal, mailTo: string | undefined): Promise<Finding[]> {
  const findings = new Findings('Settings');
  let config: Config;
  try {
    config = await readCommandConfig(terminal);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    error.message.split('\n').forEach(findings.problem);
    return findings.all;
  }
  findings.ok(`${config.environment}; \`npx gatehouse config check\` lists them`);
  const parts = [
    checkMachine(config),
    checkDatabase(config),
    checkReplica(config),
    checkRedis(config),
    checkMail(config, mailTo),
  ];
  return [...findings.all, ...(await Promise.all(parts)).flat()];
}

function outputOf(findings: readonly Finding[]): Output {
  const lines = tableOf(findings.map(({ status, part, message }) => [status, part, message]));
  const problems = findings.filter(({ status }) => status === 'problem').length;
  const failure = problems === 1 ? 'Found a problem.' : `Found ${problems} problems.`;
  return { data: findings, lines, ...(problems > 0 && { failure }) };
}
