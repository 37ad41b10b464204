import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { closeLostConnection } from '#src/adapters/process-group.ts';

/** A process that takes messages, and the connections that were closed. */
function startChild() {
  const closed: string[] = [];
  const child = Object.assign(new EventEmitter(), { send: (..._values: unknown[]) => true });
  closeLostConnection({ process: child } as never);
  const connection = (name: string) => ({ close: () => void closed.push(name) });
  return { child, closed, connection };
}

it('closes the connection that was on its way to a process when that ended', () => {
  const { child, closed, connection } = startChild();
  child.send({}, connection('first'));
  child.emit('internalMessage', { ack: 1 });
  child.send({}, connection('second'));
  child.emit('internalMessage', {});
  child.emit('exit');
  expect(closed).toEqual(['second']);
});

it('takes options and callbacks for what they are, not for connections', () => {
  const { child, closed, connection } = startChild();
  child.send({}, connection('first'));
  child.send({}, { keepOpen: true });
  child.send({}, () => undefined);
  expect(() => child.emit('exit')).not.toThrow();
  expect(closed).toEqual(['first']);
});
