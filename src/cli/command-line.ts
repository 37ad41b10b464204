import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { z } from 'zod';
import { ConfigError, type Variables } from '../config/environment.ts';

/** An argument of a command is missing or wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Checks arguments by the rules of the API. @throws UsageError with every message */
export function checkArguments<Schema extends z.ZodType>(schema: Schema, given: unknown) {
  const checked = schema.safeParse(given);
  if (checked.success) return checked.data;
  const lines = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UsageError(lines.join('\n'));
}

/** Everything that a command reads and writes. */
export interface Terminal {
  /** Returns the environment. @throws ConfigError if `.env` cannot be read */
  variables(): Variables;
  /** Returns what sets a variable: `environment` or `.env`. */
  originOf(variable: string): string;
  /** Working directory. */
  readonly directory: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** Adds options, arguments and an action to a command of the command line. */
export type Define = (command: Command, terminal: Terminal) => void;

/** Result of a command. */
export interface Output {
  readonly lines: readonly string[];
  /** Printed in place of the lines with `--json`. */
  readonly data: unknown;
  /** Message of a command that has found a problem. Its exit code is 1. */
  readonly failure?: string;
}

/** Sets an action whose result is printed, and adds the option `--json`. */
export function printing<Arguments extends unknown[]>(
  command: Command,
  terminal: Terminal,
  work: (...args: Arguments) => Promise<Output>,
): void {
  command.option('--json', 'print JSON').action(async (...args) => {
    const { data, lines, failure } = await work(...(args as unknown as Arguments));
    const { json } = command.opts<{ json?: true }>();
    const printed = json ? [JSON.stringify(data, null, 2)] : lines;
    await writeAll(
      printed.map((line) => `${line}\n`),
      terminal,
    );
    if (failure) throw new ConfigError(failure);
  });
}

/** Writes text as it comes. Ends quietly when the reader, such as `head`, wants no more. */
export const writeAll = (
  text: Iterable<string> | AsyncIterable<string>,
  { stdout }: Terminal,
): Promise<void> =>
  pipeline(Readable.from(text), stdout, { end: false }).catch((error) => {
    if (error.code !== 'EPIPE') throw error;
  });

/** Formats rows of cells as lines with aligned columns. The first row holds the titles. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widthOf(column)))
      .join('  ')
      .trimEnd(),
  );
}

/** Formats a time such as `2026-11-22T20:15:00Z`. */
export function timeOf(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '');
}
