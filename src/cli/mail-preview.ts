import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { ConfigError } from '../config/load-config.ts';
import { loadMailTemplates } from '../mail/mail-templates.ts';
import { previewFiles } from '../mail/preview-page.ts';
import { readCommandConfig } from './command-config.ts';
import type { Terminal } from './command-line.ts';

const needed = [
  'appName',
  'publicUrl',
  'mailLogoUrl',
  'mailAccent',
  'mailTemplates',
  'otpTtl',
] as const;

interface Options {
  readonly out: string;
  readonly open: boolean;
}

/** Adds the command that shows every mail in a browser. */
export function definePreview(mail: Command, terminal: Terminal): void {
  mail
    .command('preview')
    .description(
      'Writes every mail in every language, light and dark, and opens them in a browser.',
    )
    .option('--out <folder>', 'folder to write to', '.data/mails')
    .option('--no-open', 'only write the files')
    .action((options: Options) => preview(terminal, options));
}

async function preview(terminal: Terminal, { out, open }: Options): Promise<void> {
  const defaults = { PUBLIC_URL: 'https://auth.example.com' };
  const config = await readCommandConfig(terminal, needed, defaults);
  const { templates, problems } = loadMailTemplates(config.mailTemplates);
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  const folder = resolve(terminal.directory, out);
  for (const [path, content] of previewFiles(config, templates)) {
    mkdirSync(dirname(resolve(folder, path)), { recursive: true });
    writeFileSync(resolve(folder, path), content);
  }
  const { href } = pathToFileURL(resolve(folder, 'index.html'));
  terminal.stdout.write(`${href}\n`);
  if (open && terminal.stderr.isTTY) openInBrowser(href);
}

const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens a page with the program of the desktop, if there is one. */
function openInBrowser(href: string): void {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const opened = spawn(command, [...args, href], { detached: true, stdio: 'ignore' });
  opened.on('error', () => undefined).unref();
}
