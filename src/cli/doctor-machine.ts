import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { type Finding, Findings } from './finding.ts';

/** The oldest major version of Node that its project maintains. */
const OLDEST_NODE = 22;
/** Bytes. */
const LITTLE_SPACE = 500 * 1024 * 1024;

/** Checks Node, the disk, and settings that work but are a risk in production. */
export async function checkMachine(config: Config): Promise<readonly Finding[]> {
  const findings = new Findings('Machine');
  const { node } = process.versions;
  findings.ok(`Node ${node}`);
  if (Number.parseInt(node, 10) < OLDEST_NODE)
    findings.warning(`Node ${node} is no longer maintained. Upgrade Node.`);
  await checkFolder(findings, '.');
  if (config.auditWitness?.kind === 'file') await checkWitness(findings, config.auditWitness.path);
  checkSettings(findings, config);
  return findings.all;
}

async function checkFolder(findings: Findings, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const megabytes = Math.floor((bavail * bsize) / 1024 / 1024);
  if (bavail * bsize < LITTLE_SPACE)
    findings.warning(`Only ${megabytes} MiB are free in ${folder}. Free some space.`);
}

async function checkWitness(findings: Findings, path: string): Promise<void> {
  const isWritable = (file: string) =>
    access(file, constants.W_OK).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code,
    );
  const file = await isWritable(path);
  const result = file === 'ENOENT' ? await isWritable(dirname(path)) : file;
  if (result === true) return checkFolder(findings, dirname(path));
  findings.problem(
    `AUDIT_WITNESS: cannot write ${path} (${result}). Create its folder for workers.`,
  );
}

function checkSettings(findings: Findings, config: Config): void {
  for (const warning of config.warnings) findings.warning(warning);
  if (config.environment !== 'production') return;
  if (config.publicUrl.startsWith('http:'))
    findings.warning('PUBLIC_URL is not https, so tokens and passwords travel in plain text.');
  if (config.allowedHosts.includes('*'))
    findings.warning('ALLOWED_HOSTS allows any host. Set it to the host of PUBLIC_URL.');
}
