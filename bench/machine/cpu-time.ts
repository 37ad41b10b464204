import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of /proc (USER_HZ), the same on all Linux platforms of Node. */
const TICKS = 100;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Seconds of CPU time, including children that have ended. */
  readonly seconds: number;
}

/** CPU time of the machine at one moment, in seconds. NaN where there is no /proc. */
export interface CpuTimes {
  readonly at: number;
  /** CPU time of this process and its descendants. */
  readonly own: number;
  /** CPU time of all processes, and time that the hypervisor gave to other machines. */
  readonly all: number;
}

export function readCpuTimes(): CpuTimes {
  const at = performance.now() / 1000;
  const [line] = readFile('/proc/stat').split('\n');
  if (!line) return { at, own: Number.NaN, all: Number.NaN };
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = line.split(/ +/).slice(1).map(Number);
  const own = familyOf(process.pid).reduce((sum, { seconds }) => sum + seconds, 0);
  return { at, own, all: (user + nice + system + steal) / TICKS };
}

/** Returns the average number of cores that other programs used between two moments. */
export const foreignLoad = (from: CpuTimes, to: CpuTimes): number =>
  Math.max(0, to.all - from.all - (to.own - from.own)) / (to.at - from.at);

/** Returns the CPU time of a process and its descendants in microseconds. NaN without /proc. */
export function cpuMicroseconds(pid: number): number {
  const family = familyOf(pid);
  if (family.length === 0) return Number.NaN;
  return family.reduce((sum, { pid: each }) => sum + threadTimes(each), 0) / 1000;
}

/** Also counts descendants that have ended, in steps of 10 ms. */
export const cpuMicrosecondsWithEnded = (pid: number): number =>
  familyOf(pid).reduce((sum, { seconds }) => sum + seconds, 0) * 1e6;

/** Returns the resident memory of a process and its descendants in MiB. */
export function residentMiB(pid: number): number {
  const kilobytes = familyOf(pid).map(({ pid: each }) =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFile(`/proc/${each}/status`))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

/** Nanoseconds on a core, of all threads of a process. */
function threadTimes(pid: number): number {
  const threads = list(`/proc/${pid}/task`);
  const times = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`));
  return times.reduce((sum, time) => sum + Number(time.split(' ')[0]), 0);
}

/** Returns the IDs of a process and its descendants. */
export const familyIds = (root: number): number[] => familyOf(root).map(({ pid }) => pid);

/** Returns a process and its descendants. */
function familyOf(root: number): ProcessTimes[] {
  const processes = list('/proc').filter(isNumber).flatMap(readProcess);
  const family = processes.filter(({ pid }) => pid === root);
  for (const { pid } of family) family.push(...processes.filter(({ parent }) => parent === pid));
  return family;
}

function readProcess(pid: string): ProcessTimes[] {
  const stat = readFile(`/proc/${pid}/stat`);
  // The name may contain spaces and parentheses.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (fields.length < 15) return [];
  const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0);
  return [{ pid: Number(pid), parent: fields[1] ?? 0, seconds: ticks / TICKS }];
}

const isNumber = (name: string) => /^\d+$/.test(name);

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Empty if there is none: processes end meanwhile. */
function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
