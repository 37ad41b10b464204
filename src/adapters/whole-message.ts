import { Readable } from 'node:stream';
import { encode as toBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import type MimeNode from 'nodemailer/lib/mime-node';
import { encode as toQuotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';

/**
 * Makes nodemailer send a message in one piece. By itself it reads each part through three streams and
 * writes a dozen pieces to the connection.
 */
export function sendWhole(message: MimeNode): void {
  // Otherwise nodemailer would insert each carriage return into the bytes.
  const bytes = Buffer.from(textOf(message).replaceAll(/\r?\n/g, '\r\n'));
  message.createReadStream = () =>
    new Readable({
      read() {
        this.push(bytes);
        this.push(null);
      },
    });
}

/** Returns what nodemailer would write for a message whose parts are texts (RFC 5322). */
export function textOf(node: MimeNode): string {
  const text = `${node.buildHeaders()}\r\n\r\n${bodyOf(node)}`;
  return node.rootNode === node ? withLastNewline(text) : text;
}

/** Headers must be built before: they choose the boundary and the encoding. */
function bodyOf(node: MimeNode): string {
  const { boundary, childNodes, content } = node;
  if (boundary) {
    const parts = childNodes.map((child) => `--${boundary}\r\n${textOf(child)}`);
    return `${parts.join('\r\n')}\r\n--${boundary}--\r\n`;
  }
  const text = typeof content === 'string' ? content : '';
  const encoding = node.getTransferEncoding();
  if (encoding === 'quoted-printable') return wrapQuotedPrintable(toQuotedPrintable(text));
  return encoding === 'base64' ? wrapBase64(toBase64(text)) : text;
}

function withLastNewline(text: string): string {
  if (text.endsWith('\n')) return text;
  return text.endsWith('\r') ? `${text}\n` : `${text}\r\n`;
}
