import type { JobResult } from '../client/job.ts';
import { cpuMicroseconds, foreignLoad, readCpuTimes } from '../machine/cpu-time.ts';

/** One repetition of one contender. */
export interface Sample {
  readonly perSecond: number;
  /** CPU time of the server's process in microseconds per request. */
  readonly cpu: number;
  /** Cores that the server's process used, on average. */
  readonly cores: number;
  /** Cores that other programs used meanwhile, on average. */
  readonly foreign: number;
}

/** Something that is measured: a process and a load. */
export interface Contender {
  readonly name: string;
  readonly pid: number;
  /** Work before a repetition that is not measured. */
  prepare?(): Promise<void>;
  /** Generates the load for this time, or until its list of requests ends. */
  run(seconds: number): Promise<Pick<JobResult, 'count' | 'seconds'>>;
}

export async function takeSample(contender: Contender, seconds: number): Promise<Sample> {
  await contender.prepare?.();
  const before = readCpuTimes();
  const cpuBefore = cpuMicroseconds(contender.pid);
  const result = await contender.run(seconds);
  const cpu = cpuMicroseconds(contender.pid) - cpuBefore;
  return {
    perSecond: result.count / result.seconds,
    cpu: cpu / result.count,
    cores: cpu / 1e6 / result.seconds,
    foreign: foreignLoad(before, readCpuTimes()),
  };
}
