import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const hasProc = existsSync('/proc/self/stat');

/**
 * Names one living process beyond its pid: pids are given out again, a pid with its start time is not.
 * On Linux boot id and start tick (field 22 of `/proc/<pid>/stat`), elsewhere what `ps` calls `lstart`.
 * @returns an opaque string to compare, or undefined when nothing (or only a zombie) has this pid.
 */
export function identify(pid: number): string | undefined {
  return hasProc ? identifyByProc(pid) : identifyByPs(pid);
}

/** The command line of a living process, arguments joined by one space; empty when there is none. */
export function commandLine(pid: number): string {
  if (!hasProc) return ps(pid, ['-o', 'command=']);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function identifyByProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    // Ticks count from boot: without the boot id a process of today could match one of yesterday.
    return `${bootId()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

function identifyByPs(pid: number): string | undefined {
  const [state, ...started] = ps(pid, ['-o', 'stat=', '-o', 'lstart=']).split(/\s+/);
  return !state || state.startsWith('Z') ? undefined : started.join(' ');
}

function ps(pid: number, columns: string[]): string {
  // Locale and time zone change how `lstart` is written: two runs must write it alike.
  const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
  const result = spawnSync('ps', [...columns, '-p', String(pid)], { env, encoding: 'utf8' });
  return (result.stdout ?? '').trim();
}
