/**
 * Loaded before everything else by `NODE_OPTIONS=--import=…`: moves this process's calendar clock by
 * `CLOCK_SHIFT` milliseconds. Timers and `process.hrtime` go on as they are, as on a machine whose
 * clock is wrong.
 */
const shift = Number(process.env.CLOCK_SHIFT);
const RealDate = Date;
const now = () => RealDate.now() + shift;

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});
