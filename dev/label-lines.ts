import { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * A stream that puts a label before each line: `worker   | …`. Lines stay whole, so that those of two
 * processes never mix; a last line without its end gets one.
 */
export function labelLines(label: string): Transform {
  const decoder = new StringDecoder('utf8');
  const prefix = `${label.padEnd(8)} | `;
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      done(null, lines.map((line) => `${prefix}${line}\n`).join(''));
    },
    flush(done) {
      rest += decoder.end();
      done(null, rest ? `${prefix}${rest}\n` : '');
    },
  });
}
